import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';
import { type Answer, askAll } from '../fixtures/reading.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

let written = 0;
const write = (bytes: string | Uint8Array, end = '.csv') => {
  const name = `f${written++}${end}`;
  writeFileSync(path.join(space.folder, name), bytes);
  return name;
};

/** Tables as people write them: text, what is asked of it, what is right, what is said, options. */
const cases: [
  what: string,
  text: string | Uint8Array,
  sql: string,
  rows: unknown[][],
  said?: RegExp,
  more?: { options?: Record<string, unknown>; end?: string },
][] = [
  [
    'thousands parted by points beside decimal commas are no small numbers',
    'neuron;spikes;rate\nn1;1.234;12,5\nn2;12.345;0,75\n',
    'SELECT spikes, rate FROM t',
    [
      ['1.234', 12.5],
      ['12.345', 0.75],
    ],
    /spikes may hold numbers whose thousands are parted.*thousands: "\."/,
  ],
  [
    'and are numbers when a person says so',
    'neuron;spikes;rate\nn1;1.234;12,5\nn2;12.345;0,75\n',
    'SELECT spikes, rate FROM t',
    [
      [1234, 12.5],
      [12345, 0.75],
    ],
    undefined,
    { options: { thousands: '.' } },
  ],
  [
    'thousands parted by commas are text, with the option that reads them, not one that divides them by a thousand',
    'neuron,spikes\na,"1,234"\nb,"12,345"\nc,7\nd,"1,000,000"\n',
    'SELECT max(spikes) FROM t',
    [['7']],
    /such as 1,234: it is text\. Option: thousands: ","/,
  ],
  [
    'and sum up when a person says so',
    'neuron,spikes\na,"1,234"\nb,"12,345"\nc,7\nd,"1,000,000.5"\n',
    'SELECT sum(spikes) FROM t',
    [[1013586.5]],
    undefined,
    { options: { thousands: ',' } },
  ],
  [
    'so are those that are parted as in India',
    'site,n\na,"1,00,000"\nb,"12,34,567"\nc,"9,999"\n',
    'SELECT n FROM t',
    [['1,00,000'], ['12,34,567'], ['9,999']],
    /such as 1,00,000: it is text\. Option: thousands: ","/,
  ],
  [
    'which the same option reads',
    'site,n\na,"1,00,000"\nb,"12,34,567"\nc,"9,999"\n',
    'SELECT sum(n) FROM t',
    [[1_344_566]],
    undefined,
    { options: { thousands: ',' } },
  ],
  [
    'versions are names: 1.1 and 1.10 stay two',
    'id,version\na,1.1\nb,1.10\nc,1.2\nd,-\n',
    'SELECT count(DISTINCT version), max(version) FROM t',
    [[4, '1.2']],
    /1\.1 and 1\.10 are written apart and would be one number.*types: \{"version":"number"\}/,
  ],
  [
    'so are sections that are counted 3.9, 3.10',
    'x\n3.9\n3.10\n3.11\n',
    'SELECT x FROM t',
    [['3.9'], ['3.10'], ['3.11']],
    /3\.10 is written as names/,
  ],
  [
    'and are numbers when a person says so',
    'id,version\na,1.1\nb,1.10\n',
    'SELECT count(DISTINCT version) FROM t',
    [[1]],
    /^$/,
    { options: { types: { version: 'number' } } },
  ],
  ['numbers of equally many decimals are numbers', 'x\n1.50\n1.10\n20.25\n', 'SELECT sum(x) FROM t', [[22.85]], /^$/],
  ['or of equally many digits that count', 'x\n0.100\n1.00\n12.5\n', 'SELECT sum(x) FROM t', [[13.6]], /^$/],
  [
    'what was measured is a number, and its zeros are told of',
    'm,weight\na,22.5\nb,22.50\nc,20.25\nd,21\n',
    'SELECT sum(weight) FROM t',
    [[86.25]],
    /1 value ends in zeros, such as 22\.50.*one number is written in more than one way \(22\.5, 22\.50\)/,
  ],
  [
    'a percentage is text and says how it becomes a number',
    'session,correct\n1,85%\n2,90.5%\n',
    `SELECT replace("correct", '%', '')::DOUBLE FROM t`,
    [[85], [90.5]],
    /holds numbers with "%".*replace\("correct", '%', ''\)::DOUBLE/,
  ],
  [
    'money likewise, also where it is owed',
    'a,v\nx,$5\ny,-$3\n',
    `SELECT sum(replace(v, '$', '')::DOUBLE) FROM t`,
    [[2]],
    /holds numbers behind "\$"/,
  ],
  [
    'and with decimal commas and parted thousands the SQL reads them too',
    'a;v;w\nx;12,5%;$1,234.50\ny;3,0%;$2,000.00\n',
    "SELECT sum(replace(replace(v, '%', ''), ',', '.')::DOUBLE), sum(replace(replace(w, '$', ''), ',', '')::DOUBLE) FROM t",
    [[15.5, 3234.5]],
    /replace\(replace\("v", '%', ''\), ',', '\.'\)::DOUBLE.*replace\(replace\("w", '\$', ''\), ',', ''\)::DOUBLE/,
  ],
  [
    'negative numbers in brackets are text, with the option that reads them',
    'a,v\nx,(5)\ny,12\nz,(1.5)\n',
    'SELECT v FROM t',
    [['(5)'], ['12'], ['(1.5)']],
    /negative numbers in brackets.*such as \(5\): it is text\. Option: types: \{"v":"number"\}/,
  ],
  [
    'and are negative when a person says so, with parted thousands too',
    'a,v,w\nx,"(1,234.50)","5-"\ny,"2,000","1,234.5-"\nz,-3,1.5\n',
    'SELECT sum(v), sum(w) FROM t',
    [[762.5, -1238]],
    /^$/,
    { options: { types: { v: 'number', w: 'number' }, thousands: ',', header: 1 } },
  ],
  [
    'one negative number in brackets behind the first rows is told of with its option',
    `v,w\n${'1.5,0\n'.repeat(3500)}(2),0\n`,
    'SELECT count(v) FROM t',
    [[3501]],
    /1 of 3501 values is no number, first "\(2\)" in row 3501\. Option: types: \{"v":"number"\}/,
  ],
  [
    'exponents of Fortran are text, and numbers when a person says so',
    'v\n1.5D+03\n2.5d-1\n',
    'SELECT sum(v) FROM t',
    [[1500.25]],
    /^$/,
    { options: { types: 'number' } },
  ],
  [
    'points part thousands where a person says so, also of a type that is told',
    'v;w\n1.234;a\n12.345,5;b\n',
    'SELECT sum(v) FROM t',
    [[13579.5]],
    undefined,
    { options: { types: { v: 'number' }, thousands: '.' } },
  ],
  [
    'a word among truth values is told of with the type that reads it',
    `f\n${'true\nfalse\n'.repeat(5)}yes\n`,
    'SELECT count(f) FROM t',
    [[11]],
    /1 of 11 values does not fit the type boolean, first "yes" in row 11\. Option: types: \{"f":"boolean"\}/,
  ],
  [
    'a word among dates is told of as one that may mean missing, also in a long table',
    `d,w\n${'2024-01-02,0\n'.repeat(2000)}not yet,0\n${'2024-01-02,0\n'.repeat(90_000)}`,
    'SELECT count(d) FROM t',
    [[92_001]],
    /1 of 92001 values does not fit the type date, first "not yet" in row 2001\. Option: missing: \{"d":\["not yet"\]\}/,
  ],
  [
    'names have no blanks around them, also none without a width',
    '\u200ba,b\u00a0\n1,2\n',
    'SELECT a, b FROM t',
    [[1, 2]],
  ],
  [
    'values with a unit likewise',
    'cell,depth\na,150 um\nb,200 um\n',
    'SELECT depth FROM t',
    [['150 um'], ['200 um']],
    /numbers with "um"/,
  ],
  [
    'a minus of typesetting is no dash',
    'v\n\u22121.5\n2.5\n3\n',
    'SELECT v FROM t',
    [['\u22121.5'], ['2.5'], ['3']],
    /another minus than "-"/,
  ],
  [
    'a number in brackets is no unit, and its row stays a row',
    'acct,v\na,(1.5)\nb,2\n',
    'SELECT acct FROM t',
    [['a'], ['b']],
  ],
  [
    'what no double is small enough for is not zero',
    'x\n1e-400\n1\n',
    'SELECT x FROM t',
    [['1e-400'], ['1']],
    /no double/,
  ],
  ['nor is zero in any notation anything else', 'x\n0e5\n0.00\n1\n', 'SELECT sum(x) FROM t', [[1]]],
  [
    'a lone -999 is read and doubted',
    'subj,rt\n1,350\n2,-999\n3,420\n',
    'SELECT min(rt) FROM t',
    [[-999]],
    /-999 \(1×\) lies far from all other values and may mean missing.*missing: \{"rt":\["-999"\]\}/,
  ],
  [
    'so is a 9999 far above all others, once, behind the first rows',
    `id,mm\n${Array.from({ length: 4000 }, (_, i) => `s${i},${i === 3900 ? 9999 : (i % 40) / 8}`).join('\n')}\n`,
    'SELECT max(mm) FROM t',
    [[9999]],
    /Column mm: 9999 \(1×\) lies far.*missing: \{"mm":\["9999"\]\}/,
  ],
  [
    'and -1 among numbers that are all above 0, in the words of the file',
    'subj,rt\n1,350.5\n2,-1.0\n3,420\n4,401\n5,377\n6,398\n',
    'SELECT min(rt) FROM t',
    [[-1]],
    /-1 \(1×\).*missing: \{"rt":\["-1\.0"\]\}/,
  ],
  ['while changes of a score may be -1', 'v\n-1\n0\n1\n2\n3\n4\n5\n', 'SELECT min(v) FROM t', [[-1]], /^$/],
  ['a count 0, and an age 99', 'n,age\n0,99\n1,71\n3,64\n2,88\n4,97\n5,90\n', 'SELECT max(age) FROM t', [[99]], /^$/],
  ['a -999 among other negative numbers is not', 'v\n-999\n-65\n-70\n', 'SELECT min(v) FROM t', [[-999]], /^$/],
  ['gzip is known by its bytes, not its name', gzipSync('a,b\n1,2\n'), 'SELECT b FROM t', [[2]], /^$/],
  [
    'tabs raise no doubt because blanks would do',
    'time\tv\n0\t1\n1\t2\n',
    'SELECT v FROM t',
    [[1], [2]],
    /^$/,
    { end: '.txt' },
  ],
  ['nor do commas with blanks behind them', 'id, v\n1, 2.5\n2, 3.5\n', 'SELECT v FROM t', [[2.5], [3.5]], /^$/],
  [
    'a guessed encoding shows a word, so that a person sees whether it is right',
    Buffer.from('name,x\nM\xfcller,1\n', 'latin1'),
    'SELECT name FROM t',
    [['Müller']],
    /it holds "Müller"/,
  ],
  [
    'BIDS events keep n/a as missing',
    'onset\tduration\ttrial_type\tresponse_time\n0.0\t0.5\tgo\t0.435\n1.2\t0.5\tstop\tn/a\n',
    'SELECT avg(response_time), count(response_time), count(*) FROM t',
    [[0.435, 1, 2]],
    /^$/,
    { end: '.tsv' },
  ],
  [
    'names in the comment above numbers are names, as savetxt writes them',
    '# x y z\n1.0e+00 2.0e+00 3.0e+00\n4.0e+00 5.0e+00 6.0e+00\n',
    'SELECT x, y, z FROM t',
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    undefined,
    { end: '.txt' },
  ],
  [
    'DeepLabCut with several animals has four header rows',
    'scorer,D,D,D,D\nindividuals,m1,m1,m2,m2\nbodyparts,nose,nose,nose,nose\ncoords,x,y,x,y\n0,1.5,2.5,,\n1,1.6,2.6,3.1,4.1\n',
    'SELECT max(D_m1_nose_x), count(D_m2_nose_y) FROM t',
    [[1.6, 1]],
  ],
  [
    'hexadecimal colours of the Allen atlas stay text',
    'acronym,color_hex_triplet\nVISp,08858C\nTH,009090\nX,123456\nY,1E5000\n',
    'SELECT color_hex_triplet FROM t',
    [['08858C'], ['009090'], ['123456'], ['1E5000']],
  ],
];

describe('tables as people write them', () => {
  let answers: Answer[];
  beforeAll(async () => {
    answers = await askAll(
      atlas,
      cases.map(([, text, sql, , , more]) => ({ source: write(text, more?.end), sql, options: more?.options })),
    );
  });
  test.each(cases.map(([what], i) => [what, i] as const))('%s', (_, i) => {
    const [, , , rows, said] = cases[i];
    expect(answers[i].rows).toEqual(rows);
    if (said) expect(answers[i].warnings).toMatch(said);
  });
});

test('the rows of a table larger than DuckDB reads at once keep the order of the file', async () => {
  const rows = Array.from({ length: 300_000 }, (_, i) => `${i},${i % 7 === 0 ? 'NA' : `cell ${i}`}`);
  const [{ rows: found }] = await askAll(atlas, [
    {
      source: write(`n,word\n${rows.join('\n')}\n`),
      sql: 'SELECT count(*), count(word), count(*) FILTER (n <> place) FROM (SELECT *, row_number() OVER () - 1 AS place FROM t)',
    },
  ]);
  expect(found).toEqual([[300_000, 257_142, 0]]);
});

test.each([
  [
    'two encodings in one file',
    Buffer.concat([Buffer.from('n,d\nMüller,1\n'), Buffer.from('Bj\xf6rn,3\n', 'latin1')]),
    /line 2 is UTF-8, line 3 is not/,
    /encoding/,
  ],
  ['a comment at the end', '# top\nt,v\n0,1\n# end\n', /line 4/, /"comment": "#"/],
  ['a web page', '<!DOCTYPE html>\n<html><body>404, not found</body></html>\n', /is a web page/, /the file itself/],
  [
    'a pointer of Git LFS',
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
    /Git LFS/,
    /git lfs pull/,
  ],
  ['lines of JSON', '{"a":1}\n{"a":2}\n', /is JSON/, /read_json/],
  ['a zip archive', 'PK\x03\x04\x14\x00a,b\n', /zip archive/, /xlsx/],
  ['single quotes', "id,note\n1,'a,b'\n2,'c'\n", /line 2/, /"quote": "'"/],
])('%s is refused with what helps', async (_, text, message, next) => {
  const error = await atlas.fail('add_data', { source: write(text), id: `refused${written}` });
  expect(error.message).toMatch(message);
  expect(error.next).toMatch(next);
});

describe('Parquet takes types and missing words too', () => {
  const file = 'own.parquet';
  beforeAll(async () => {
    const duck = await (await DuckDBInstance.create(':memory:')).connect();
    await duck.run(
      `COPY (SELECT * FROM (VALUES ('NA', 1.5, -999, 720575940620875399), ('VTA', 2.0, 3, 720575940620875400)) t(region, x, n, root)) TO '${path.join(space.folder, file)}' (FORMAT parquet)`,
    );
  });

  test('ids stay text unless a person asks for numbers, and words are missing where they are said to be', async () => {
    const [plain, told] = await askAll(atlas, [
      { source: file, sql: 'SELECT region, n, root FROM t' },
      {
        source: file,
        sql: 'SELECT region, n, x, typeof(root) FROM t',
        options: { missing: { region: ['NA'], n: ['-999'] }, types: { x: 'text', root: 'integer' }, kind: 'measured' },
      },
    ]);
    expect(plain.rows).toEqual([
      ['NA', -999, '720575940620875399'],
      ['VTA', 3, '720575940620875400'],
    ]);
    expect(told.rows).toEqual([
      [null, null, '1.5', 'BIGINT'],
      ['VTA', 3, '2.0', 'BIGINT'],
    ]);
    const { value, kind } = await atlas.call('describe_data', { data: told.id });
    expect(value.tables[0].columns[0].missing).toEqual({ count: 1, tokens: { NA: 1 } });
    expect(kind).toBe('measured');
  });

  test.each([
    [{ types: { x: 'integer' } }, /column x cannot be of type integer: 1 values do not fit, first "1.5"/],
    [{ types: { region: 'number' } }, /column region cannot be of type number/],
    [{ types: { y: 'text' } }, /column 'y' that own.parquet does not have/],
    [{ header: 2 }, /no option 'header'/],
  ])('%j is refused', async (options, message) => {
    expect((await atlas.fail('add_data', { source: file, id: 'no', options })).message).toMatch(message);
  });
});
