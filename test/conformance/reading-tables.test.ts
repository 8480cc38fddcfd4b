import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';
import { type Answer, askAll } from '../fixtures/reading.ts';

const cases = path.resolve(root, '../shared/cases/data-in');
const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

/** What is right of each shared case: a query, its rows, and what is said. The reasons stand in the READMEs of the cases. */
const right: [file: string, sql: string, rows: unknown[][], said?: RegExp][] = [
  [
    'id-as-date/units.csv',
    'SELECT unit, rate FROM t',
    [
      ['01-02-03', 4.5],
      ['10-11-12', 7.25],
    ],
  ],
  ['id-as-date/layers.csv', 'SELECT layer FROM t', [['2/3/4'], ['1/2/3']]],
  ['id-as-date/roi.xlsx', 'SELECT roi FROM t', [['1-2-3'], ['2-11-5']]],
  ['well-hex/hex.csv', 'SELECT code FROM t', [['0x1A'], ['0x2B']]],
  ['well-hex/wells.csv', 'SELECT well FROM t', [[100000], [20000000000]], /every value is like 1E5.*types/],
  ['one-sex/mice.csv', 'SELECT sex FROM t', [['F'], ['F']]],
  ['one-sex/mice.xlsx', 'SELECT sex FROM t', [['F'], ['F']]],
  ['na-token/participants.tsv', 'SELECT min(age), max(age), count(age), count(*) FROM t', [[9, 101, 3, 4]]],
  [
    'nan-sql/trials.csv',
    'SELECT neuron, median(rate), count(rate) FROM t GROUP BY 1 ORDER BY 1',
    [
      ['n1', 2, 3],
      ['n2', 30, 3],
    ],
  ],
  ['numeric-header/tuning.csv', 'SELECT avg("0"), count(*) FROM t', [[4.1, 2]], /taken for names.*header/],
  [
    'numeric-header/matrix.csv',
    'SELECT "0", "1", "2" FROM t',
    [
      [0.5, 0.25, 0.125],
      [0.1, 0.2, 0.3],
    ],
    /header/,
  ],
  ['dlc/dlc.csv', 'SELECT max(DLC_nose_x), min(DLC_nose_likelihood) FROM t', [[315, 0.98]]],
  [
    'dlc/merged.xlsx',
    'SELECT neuron, "rate (Hz)_pre", "rate (Hz)_post", n FROM t',
    [
      ['AVAL', 1.5, 2.5, 3],
      ['AVAR', 2.5, 3.5, 4],
    ],
  ],
  [
    'dlc/title.xlsx',
    'SELECT neuron, rate FROM t',
    [
      ['AVAL', 1.5],
      ['AVAR', 2.5],
    ],
    /Table S3. Firing rates/,
  ],
  [
    'tsv-comma/soma.tsv',
    'SELECT id, "pos (x,y,z)" FROM t',
    [
      [1, '3,4,5'],
      [2, '5,6,7'],
    ],
  ],
  ['err-dialect/one-column.csv', 'SELECT "cell type" FROM t', [['AVAL'], ['AVAR']]],
  [
    'err-dialect/mixed-ends.csv',
    'SELECT a, b FROM t',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['err-dialect/header-line-break.csv', 'SELECT * FROM t', [[1, 2]]],
  [
    'err-dialect/r-write-table.csv',
    'SELECT * FROM t',
    [
      ['r1', 1, 2],
      ['r2', 3, 4],
    ],
  ],
  [
    'err-dialect/header-commas.csv',
    'SELECT id, "pos (x,y,z)", note FROM t',
    [
      [1, 3, 'a'],
      [2, 4, 'b'],
    ],
  ],
  [
    'err-dialect/mac-semicolons.csv',
    'SELECT a, b FROM t',
    [
      [1.5, 2.5],
      [3.5, 4.5],
    ],
  ],
  [
    'err-dialect/blank-aligned.txt',
    'SELECT id, x, y FROM t',
    [
      ['AVAL', 1, 2],
      ['AVAR', 10.25, 3.5],
    ],
  ],
  ['err-encoding/latin1.csv', 'SELECT pre, weight FROM t', [['Müller', 2]], /windows-1252.*encoding/],
  ['err-encoding/utf16.csv', 'SELECT pre, post, weight FROM t', [['A', 'B', 2]]],
  ['err-encoding/edges.xlsx', 'SELECT pre, post, weight FROM t', [['A', 'B', 3]]],
  ['ok-allen-ids/a.csv', 'SELECT count(DISTINCT id) FROM t', [[3]]],
  [
    'ok-underscore/roi.csv',
    'SELECT roi, snr FROM t',
    [
      ['1_12', 3.1],
      ['11_2', 2.2],
    ],
  ],
  ['ok-gzip-members/a.csv.gz', 'SELECT count(*) FROM t', [[3]]],
  ['ok-1904/a.xlsx', 'SELECT d FROM t', [['2023-03-04'], ['2010-01-01']]],
  [
    'ok-furigana/a.xlsx',
    'SELECT name, note FROM t LIMIT 2',
    [
      ['脳', 'AVA L'],
      [null, '5'],
    ],
  ],
  ['ok-units-format/a.xlsx', 'SELECT depth, lat, d, hz, s, y FROM t', [[1.25, 2.5, 3.5, 4.5, 5.5, 6.5]]],
  [
    'xlsx-duration/durations.xlsx',
    'SELECT start::VARCHAR, lasted::VARCHAR, lasted = INTERVAL 30 HOUR FROM t LIMIT 1',
    [['12:30:00', '30:00:00', true]],
  ],
  [
    'xlsx-ids-exact/ids.xlsx',
    'SELECT root_id FROM t',
    [['720575940620875399'], ['720575940620875400'], ['720575940620875392']],
  ],
  [
    'xlsx-ids-rounded/ids.xlsx',
    'SELECT DISTINCT root_id FROM t',
    [['7.205759406208754e+17']],
    /16 of 18 digits: the last 2 are gone/,
  ],
  [
    'xlsx-time-floor/times.xlsx',
    "SELECT strftime(COLUMNS(*), '%H:%M') FROM t",
    [['00:05'], ['00:15'], ['09:00'], ['10:00'], ['13:35'], ['23:55']],
  ],
];

describe.skipIf(!existsSync(cases))('a shared case comes in as it is (skipped where ../shared is not)', () => {
  let answers: Answer[];
  beforeAll(async () => {
    answers = await askAll(
      atlas,
      right.map(([file, sql]) => ({ source: path.join(cases, file), sql })),
    );
  });
  test.each(right.map((one, i) => [one[0], i] as const))('%s', (_, i) => {
    const [, , rows, said] = right[i];
    expect(answers[i].rows).toEqual(rows);
    if (said) expect(answers[i].warnings).toMatch(said);
  });

  test('two edge lists one after the other are refused where the second begins, and read one by one', async () => {
    const source = path.join(cases, 'concat-edges/edges.csv');
    const error = await atlas.fail('add_data', { source });
    expect(error.message).toMatch(/edges\.csv, line 4: 4 values where the lines before have 3/);
    expect(error.next).toContain('"range": "1:3"');
    const [first, second, all] = await askAll(atlas, [
      { source, sql: 'SELECT pre, post FROM t', options: { range: '1:3' } },
      { source, sql: 'SELECT weight, kind FROM t', options: { range: '4:' } },
      { source, sql: 'SELECT count(*) FROM t', options: { ragged: 'fill' } },
    ]);
    expect(first.rows.map(([pre, post]) => `${pre}${post}`)).toEqual(['AB', 'AC']);
    expect(second.rows.map(([weight, kind]) => `${weight} ${kind}`)).toEqual(['2 chemical', '3 chemical']);
    expect(all.rows).toEqual([[5]]);
  });

  test('a word for missing is counted and named, and can be kept', async () => {
    const source = path.join(cases, 'na-token/participants.tsv');
    const [{ tables, id }, kept] = await askAll(atlas, [
      { source, sql: 'SELECT 1 FROM t' },
      { source, sql: 'SELECT age FROM t', options: { missing: [] } },
    ]);
    expect(tables[0].columns[1]).toBe('age BIGINT, 1 missing (n/a)');
    const described = (await atlas.call('describe_data', { data: id })).value.tables[0];
    expect(described.columns[1].missing).toEqual({ count: 1, tokens: { 'n/a': 1 } });
    expect(described.decisions).toContainEqual(
      expect.objectContaining({ column: 'age', option: 'missing: {"age":[]}' }),
    );
    expect(kept.rows[1]).toEqual(['n/a']);
  });
});
