import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
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
const write = (name: string, bytes: string | Uint8Array) => {
  writeFileSync(path.join(space.folder, name), bytes);
  return name;
};

/** Kinds beside the shared cases: text, what comes of it, options. */
const kinds: [
  what: string,
  text: string | Uint8Array,
  sql: string,
  rows: unknown[][],
  options?: Record<string, unknown>,
][] = [
  ['a decimal that ends in zeros is the number', 'x\n1.50\n2.00\n', 'SELECT sum(x) FROM t', [[3.5]]],
  [
    'signs, exponents and points without digits are numbers',
    'x\n+3\n-0\n1e5\n.5\n5.\n',
    'SELECT sum(x) FROM t',
    [[100008.5]],
  ],
  ['blanks around numbers are left out', 'a, b\n1, 2\n3, 4\n', 'SELECT sum(a), sum(b) FROM t', [[4, 6]]],
  ['underscores do not separate thousands', 'x\n1_000\n2_000\n', 'SELECT min(x) FROM t', [['1_000']]],
  [
    'a real None can be kept',
    'drug,n\nNone,1\nketamine,2\n',
    'SELECT drug FROM t',
    [['None'], ['ketamine']],
    { missing: [] },
  ],
  [
    'a column keeps its own words',
    'drug,x\nNone,NA\nketamine,2\n',
    'SELECT drug, x FROM t',
    [
      ['None', null],
      ['ketamine', 2],
    ],
    { missing: { drug: [] } },
  ],
  [
    'a point is missing among numbers, and text among texts',
    'x,s\n1,.\n.,a\n',
    'SELECT x, s FROM t',
    [
      [1, '.'],
      [null, 'a'],
    ],
  ],
  [
    'a code of one’s own means missing',
    'x\n1\n-999\n',
    'SELECT sum(x), count(x) FROM t',
    [[1, 1]],
    { missing: ['-999'] },
  ],
  [
    'NaN stays one when it is asked for',
    'x\n1\nNaN\n',
    'SELECT isnan(x) FROM t',
    [[false], [true]],
    { missing: [], nan: 'keep' },
  ],
  ['a type can be asked for', 'x\n007\n012\n', 'SELECT sum(x)::INTEGER FROM t', [[19]], { types: { x: 'integer' } }],
  ['text can be asked for', 'x\n1.50\n', 'SELECT x FROM t', [['1.50']], { types: 'text' }],
  [
    'days that allow one order alone are dates',
    'd\n13/02/2024\n01/03/2024\n',
    'SELECT d FROM t',
    [['2024-02-13'], ['2024-03-01']],
  ],
  ['days of two orders stay text', 'd\n02/03/2024\n01/04/2024\n', 'SELECT d FROM t', [['02/03/2024'], ['01/04/2024']]],
  ['the order of days can be said', 'd\n02/03/2024\n', 'SELECT d FROM t', [['2024-03-02']], { dates: 'dmy' }],
  [
    'ISO moments keep their nanoseconds',
    't0\n2024-01-02T03:04:05.123456789\n',
    'SELECT epoch_ns(t0) % 1000 FROM t',
    [[789]],
  ],
  [
    'a header of two levels is joined',
    'x,V1,V1,V2\nid,a,b,a\n1,2.5,3,4\n2,1.5,3,4\n',
    'SELECT "V1_b", "V2_a" FROM t',
    [
      [3, 4],
      [3, 4],
    ],
  ],
  [
    'a row of units is no row',
    'depth,rate\n(um),Hz\n100,2.5\n200,3.5\n',
    'SELECT sum(depth), sum(rate) FROM t',
    [[300, 6]],
  ],
  ['no header can be said', 'a,b\nc,d\n', 'SELECT count(*) FROM t', [[2]], { header: false }],
  ['the lines of the header can be said', 'note one,\nx,y\n1,2\n', 'SELECT x, y FROM t', [[1, 2]], { header: [2] }],
  ['lines can be left out by their mark', 'a,b\n1,2\n#3\n4,5\n', 'SELECT sum(a) FROM t', [[5]], { comment: '#' }],
  [
    'NumPy’s header in a comment names the columns',
    '# x y\n1.0 2.0\n3.0 4.0\n',
    'SELECT sum(x), sum(y) FROM t',
    [[4, 6]],
    { separator: 'blanks' },
  ],
  ['colours are no comments', 'colour,n\n#FF0000,1\n#00FF00,2\n', 'SELECT colour FROM t', [['#FF0000'], ['#00FF00']]],
  [
    'a separator at the end of every line makes no column',
    'a,b\n1,2,\n3,4,\n',
    'SELECT * FROM t',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['quotes inside words are characters', 'a,b\n5" x,1\n6,2\n', 'SELECT a FROM t', [['5" x'], ['6']]],
  ['line breaks in quotes stay', 'a,b\n"x\ny",1\n', 'SELECT a FROM t', [['x\ny']]],
  ['Excel’s first line names the separator', 'sep=;\na;b\n1;2\n', 'SELECT a, b FROM t', [[1, 2]]],
  ['UTF-16 without a mark is seen', Buffer.from('a,b\nü,2\n', 'utf16le'), 'SELECT a FROM t', [['ü']]],
  [
    'an encoding can be said',
    Buffer.from('a\n\x8a\n', 'latin1'),
    'SELECT a FROM t',
    [['ä']],
    { encoding: 'macintosh' },
  ],
  [
    'a late letter of Windows-1252 is seen',
    Buffer.concat([Buffer.from(`a,b\n${'x,1\n'.repeat(400_000)}`), Buffer.from('M\xfcller,2\n', 'latin1')]),
    'SELECT a FROM t WHERE b = 2',
    [['Müller']],
  ],
  ['gzip holds any of this', gzipSync(Buffer.from('a;b\r1,5;x\r', 'latin1')), 'SELECT a FROM t', [[1.5]]],
  ['blank values of one column are missing, not gone', 'x\n1\n\n3\n', 'SELECT count(*), count(x) FROM t', [[3, 2]]],
];

describe('what is read is exact, and decided otherwise by an option', () => {
  let answers: Answer[];
  beforeAll(async () => {
    const questions = kinds.map(([, text, sql, , options], i) => {
      const name = `kind-${i}.${text[0] === 0x1f ? 'csv.gz' : 'csv'}`;
      return { source: write(name, text), sql, options };
    });
    answers = await askAll(atlas, questions);
  });
  test.each(kinds.map((one, i) => [one[0], i] as const))('%s', (_, i) => {
    expect(answers[i].rows).toEqual(kinds[i][3]);
  });

  test.each<[string, string, RegExp, RegExp, Record<string, unknown>?]>([
    [
      'a row that is too long',
      'a,b\n1,2\n3,4,5\n',
      /line 3: 3 values where the lines before have 2 \(separator: comma\)/,
      /range.*ragged/,
    ],
    [
      'a quote that never closes',
      'a,b\n1,"x\n2,3\n',
      /line 2, character 3: the quotation mark that opens here is never closed/,
      /"quote": ""/,
    ],
    ['words after a quote', 'a,b\n1,"x"y\n', /line 2, character 6/, /quote/],
    [
      'a second header among numbers',
      'x,y\n1,2\n3,4\ndepth,rate\n5,6\n7,8\n9,1\n',
      /row 3 holds words \(depth, rate\)/,
      /range/,
    ],
    [
      'a type that does not fit',
      'x\n1\nlate\n',
      /column x cannot be of type number: 1 of 2 values do not fit, first "late" in row 2/,
      /missing.*late/,
      { types: { x: 'number' } },
    ],
    ['a column that is not there', 'x\n1\n', /names a column 'y'/, /Its columns: x/, { types: { y: 'text' } }],
    ['an option with another value', 'x\n1\n', /options\.decimal is ";"/, /"," or "\."/, { decimal: ';' }],
    ['an encoding that it is not', 'x\nü\n', /is not shift_jis|options\.encoding/, /encoding/, { encoding: 'klingon' }],
    [
      'a mark behind a backslash',
      'x,y\n"say \\"a\\"",1\n',
      /line 2, character 8/,
      /a backslash stands before marks.*\{"escape": "\\\\"\}/,
    ],
  ])('%s is refused with its place and what helps', async (_, text, message, next, options) => {
    const error = await atlas.fail('add_data', { source: write(`refused-${written++}.csv`, text), options });
    expect(error.message).toMatch(message);
    expect(error.next).toMatch(next);
    expect(error.message.trimEnd()).toMatch(/\.$/);
  });

  test.each<[string, string, RegExp]>([
    ['ids that are floats', 'root_id,n\n7.20576E+17,1\n7.20577E+17,2\n', /6 of 18 digits: the last 12 are gone/],
    ['ids that missing values made floats', 'root_id\n720575940620875399.0\n\n', /the last ones are not certain/],
    [
      'a word among numbers',
      'x\n1\n2\nlate\n4\n',
      /Column x is text: 1 of 4 values is no number, first "late" in row 3.*missing/,
    ],
    [
      'a word behind truth values',
      `x,n\n${'true,1\n'.repeat(3100)}maybe,2\n`,
      /Column x is text: 1 of 3101 values does not fit the type boolean, first "maybe" in row 3101.*missing/,
    ],
    [
      'days that there are not, behind others',
      `x,n\n${'2024-02-29,1\n'.repeat(3100)}2023-02-29,2\n2024-02-30,3\n`,
      /Column x is text: 2 of 3102 values do not fit the type date, first "2023-02-29" in row 3101/,
    ],
    ['days whose order is not certain', 'd\n02/03/2024\n', /order is not certain.*dates/],
    ['a comma that may separate thousands', 'a;b\n1,234;x\n', /decimal sign is a comma.*decimal/],
  ])('%s are said', async (_, text, said) => {
    const { value } = await atlas.call('add_data', {
      source: write(`said-${written++}.csv`, text),
      id: `said${written++}`,
    });
    expect(value.warnings.join(' ')).toMatch(said);
  });
});
