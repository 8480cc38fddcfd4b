import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';
import { type Answer, askAll } from '../fixtures/reading.ts';

/** Inputs of public reports about pandas, DuckDB, polars, readr, R and SheetJS: what is read of each, and what is said. */
const reports: [report: string, text: string, sql: string, rows: unknown[][], said?: RegExp][] = [
  ['duckdb 25827: a value with a semicolon in one column', 'c0\nv0\na;b\n', 'SELECT c0 FROM t', [['v0'], ['a;b']]],
  [
    'duckdb 19578: semicolons in quotes beside a decimal comma',
    'Country;Location;Count\nChina;"35.86166;104.19397";97100,7\n',
    'SELECT Location, Count FROM t',
    [['35.86166;104.19397', 97100.7]],
    /decimal sign is a comma/,
  ],
  [
    'duckdb 14883: a mark of inches in a value',
    'id,name\n1,5" probe\n2,x\n',
    'SELECT name FROM t',
    [['5" probe'], ['x']],
  ],
  ['duckdb 16760: a line break in the header', 'x,"test\n123"\n1,3\n', 'SELECT * FROM t', [[1, 3]]],
  [
    'pandas 56480: one text among thousands of numbers',
    `c\n${'7\n'.repeat(4000)}'abcd'\n`,
    'SELECT count(*), count(DISTINCT c) FROM t',
    [[4001, 2]],
    /1 of 4001 values is no number, first "'abcd'" in row 4001/,
  ],
  [
    'pandas 34120: empty cells below a truth value',
    'test;\nTrue;\n;\n;\n',
    'SELECT count(test), count(*) FROM t',
    [[1, 3]],
    /Every line ends in a separator/,
  ],
  [
    'SFrame 23: 9a is not 9',
    `A,B\n${'0,1\n'.repeat(4000)}9a,1\n`,
    'SELECT max(A) FROM t',
    [['9a']],
    /first "9a" in row 4001/,
  ],
  [
    'readr 839: a word below thousands of NA',
    `n,w\n${'1,NA\n'.repeat(4000)}2,TEST\n`,
    'SELECT max(w), count(w) FROM t',
    [['TEST', 1]],
  ],
  ['readr 890: e4 is no number', 'x,n\n1,3\n2,e4\n', 'SELECT n FROM t', [['3'], ['e4']]],
  [
    'REDCapR 245: minutes and hours are no dates',
    't\n57:50\n24:12\n1:02:03\n',
    'SELECT count(t) FROM t',
    [[3]],
    /may hold dates or times/,
  ],
  [
    'pandas read_fwf: a table of fixed widths, with an empty cell, is not cut and says so',
    'unit      depth   rate\n1         120     3.5\n2                 4.1\n3         260\n4                 2.2\n',
    'SELECT count(*) FROM t',
    [[4]],
    /columns of blanks inside, as tables of fixed widths do.*save it with commas or tabs/,
  ],
  ['polars 10585: a comma in the only column', 'A\nB\nC,ragged\n', 'SELECT A FROM t', [['B'], ['C,ragged']]],
  [
    'polars 20062: rows of empty cells',
    'A,B,D\n,"B",\na,a,0.0\n',
    'SELECT B, D FROM t',
    [
      ['B', null],
      ['a', 0],
    ],
  ],
  ['sheetjs 2196: words with numbers are no dates', 'n\n"TOWER 1,2,3"\n', 'SELECT n FROM t', [['TOWER 1,2,3']]],
  ['genes that Excel turned are what they are', 'g\n1-Sep\n2-Mar\n', 'SELECT g FROM t', [['1-Sep'], ['2-Mar']]],
  ['T and F of R are words', 'x\nT\nT\nF\n', 'SELECT count(*) FILTER (x = $$T$$) FROM t', [[2]]],
  ['NO is Norway', 'c\nNO\nYES\n', 'SELECT c FROM t', [['NO'], ['YES']]],
  [
    '18446744073709551615 keeps its digits',
    'id\n18446744073709551615\n1\n',
    'SELECT id FROM t',
    [['18446744073709551615'], ['1']],
  ],
  ['exponents of Fortran are no other numbers', 'x\n1.5D+03\n2.0D-01\n', 'SELECT x FROM t', [['1.5D+03'], ['2.0D-01']]],
  ['a fraction is no date', 'x\n1/2\n3/4\n', 'SELECT x FROM t', [['1/2'], ['3/4']]],
  [
    'a telephone number says what it loses',
    'p\n+4915112345\n+4915112346\n',
    'SELECT max(p) FROM t',
    [[4915112346]],
    /2 values are written as \+4915112345 is.*types: \{"p":"text"\}/,
  ],
  ['the line sep= of Excel is no row', 'sep=;\na;b\n1;2\n', 'SELECT a, b FROM t', [[1, 2]]],
  ['two byte order marks', '\ufeff\ufeffa,b\n1,2\n', 'SELECT a, b FROM t', [[1, 2]]],
  ['lines that end in two returns', 'a,b\r\r\n1,2\r\r\n', 'SELECT a, b FROM t', [[1, 2]]],
  ['a separator of lines inside a value', 'a,b\nx\u2028y,1\n', 'SELECT length(a), b FROM t', [[3, 1]]],
  [
    'days of two orders are dates where only one is possible',
    'd\n31.12.2020\n01.02.2021\n',
    'SELECT max(d)::VARCHAR FROM t',
    [['2021-02-01']],
    /D\/M\/Y, the only order/,
  ],
  [
    'and texts where both are',
    'd\n01/02/2020\n03/04/2020\n',
    'SELECT max(d) FROM t',
    [['03/04/2020']],
    /order is not certain.*dates: \{"d":"dmy"\}/,
  ],
  ['0000-00-00 is no date', 'd\n0000-00-00\n2020-01-01\n', 'SELECT min(d) FROM t', [['0000-00-00']]],
  [
    'nor is a week or a quarter',
    'w,q\n2020-W05,2020Q1\n2020-W06,2020Q2\n',
    'SELECT max(w), max(q) FROM t',
    [['2020-W06', '2020Q2']],
  ],
  ['thousands of Switzerland are told of', "a;b\n1'234.56;2\n", 'SELECT a FROM t', [["1'234.56"]], /thousands: "'"/],
  ['1_000 is a name', 'x\n1_000\n2_000\n', 'SELECT x FROM t', [['1_000'], ['2_000']]],
];

const space = temporaryWorkspace();
let atlas: Connection;
let answers: Answer[];
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  answers = await askAll(
    atlas,
    reports.map(([, text, sql], i) => {
      writeFileSync(path.join(space.folder, `p${i}.csv`), text);
      return { source: `p${i}.csv`, sql };
    }),
  );
}, 240_000);
afterAll(async () => {
  await atlas.close();
  space.remove();
});

test.each(reports.map(([report], i) => [report, i] as const))('%s', (_, i) => {
  const [, , , rows, said] = reports[i];
  expect(answers[i].rows).toEqual(rows);
  if (said) expect(`${answers[i].warnings} ${answers[i].tables[0].decided?.join(' ')}`).toMatch(said);
});

test('a row that is short between blanks is refused, and not offered to be filled at its end, where its empty cell may not be', async () => {
  writeFileSync(
    path.join(space.folder, 'fixed.csv'),
    'unit  depth  rate\n1  120  3.5\n2  4.1\n3  260  1.7\n4  310  2.2\n',
  );
  const error = await atlas.fail('add_data', { source: 'fixed.csv' });
  expect(`${error.message} ${error.next}`).toMatch(
    /line 3: 2 values .*separator: blanks.*save such a table with commas or tabs/,
  );
  expect(error.next).not.toContain('ragged');
});
