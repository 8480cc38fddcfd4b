import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';
import { type Answer, askAll, type Question } from '../fixtures/reading.ts';
import { workbook } from '../fixtures/workbook.ts';

const workspace = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', workspace.folder);
});
afterAll(async () => {
  await atlas?.close();
  workspace.remove();
});

let written = 0;
function file(name: string, bytes: string | Uint8Array): string {
  const folder = path.join(workspace.folder, `f${written++}`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, name), bytes);
  return path.join(folder, name);
}
const bytes = (...codes: (string | number)[]) =>
  Buffer.concat(codes.map((code) => (typeof code === 'string' ? Buffer.from(code, 'latin1') : Buffer.from([code]))));

describe('what is decided is said, and undone by the option that is named', () => {
  const japanese = bytes('name,n\n', 0x8a, 0x43, 0x94, 0x6e, ',1\n');
  const gap = workbook({
    S: [
      ['a', null, 'b'],
      ['x', null, 2],
      ['y', null, 4],
    ],
  });
  const hidden = workbook(
    {
      S: [['a', 'secret', null, 'b'], ['x', 7, null, 2], ['y', 8, null, 4], [], ['z', 9, null, 6]],
    },
    [],
    { rows: [3], columns: [2] },
  );
  const cases: [what: string, Omit<Question, 'sql'> & { sql?: string }, rows: unknown[][], said: RegExp][] = [
    [
      'a capital before a closing mark is Windows-1252, though its bytes are UTF-8 of a letter that nobody writes',
      { source: file('caps.csv', bytes('n,s\n1,', 0xab, 'CAF', 0xc9, 0xbb, '\n2,', 0xe9, 't', 0xe9, '\n')) },
      [
        [1, '«CAFÉ»'],
        [2, 'été'],
      ],
      /it holds "«CAFÉ»"\. Option: encoding/,
    ],
    [
      'letters beside letters may be of another alphabet',
      { source: file('sjis.csv', japanese) },
      [['ŠC”n', 1]],
      /it may be shift_jis \("海馬"\).*Option: encoding/,
    ],
    [
      'a single text behind an empty row of a sheet is a row where others follow it',
      {
        source: file(
          'gap.xlsx',
          workbook({
            S: [
              ['area', 'depth'],
              ['V1', 100],
              [null, null],
              ['V2', null],
              ['V4', 300],
              [null, null],
              ['measured in May', null],
            ],
          }),
        ),
      },
      [
        ['V1', 100],
        ['V2', null],
        ['V4', 300],
      ],
      /Row 7 of S is a note and left out: "measured in May"\. Option: range.*1 blank row inside/,
    ],
    [
      'and the last one is a row too, where a person says which cells are the table',
      {
        source: file(
          'end.xlsx',
          workbook({
            S: [
              ['area', 'depth'],
              ['V1', 100],
              ['V4', 300],
              [null, null],
              ['V2', null],
            ],
          }),
        ),
        options: { range: 'A1:B5' },
      },
      [
        ['V1', 100],
        ['V4', 300],
        ['V2', null],
      ],
      /^$/,
    ],
    [
      'single quotation marks that the separator cuts are told of',
      { source: file('single.csv', "a,b\n1,'x,y'\n2,'z,w'\n") },
      [
        [1, "'x", "y'"],
        [2, "'z", "w'"],
      ],
      /single quotation marks are cut at the separator.*Option: quote: "'"/,
    ],
    [
      'and quote, where a person says so',
      { source: file('single.csv', "a,b\n1,'x,y'\n2,'z,w'\n"), options: { quote: "'" } },
      [
        [1, 'x,y'],
        [2, 'z,w'],
      ],
      /^$/,
    ],
    [
      'a comma in the one value of every row is a decimal sign with a doubt',
      { source: file('pairs.csv', 'c\n"1,2"\n"3,4"\n') },
      [[1.2], [3.4]],
      /decimal sign is a comma\. Option: decimal/,
    ],
    [
      'or not',
      { source: file('pairs.csv', 'c\n"1,2"\n"3,4"\n'), options: { decimal: '.' } },
      [['1,2'], ['3,4']],
      /it is text\. Option: decimal/,
    ],
    [
      'the only line of a file is a row where it holds numbers',
      { source: file('one.csv', '1,2,3\n') },
      [[1, 2, 3]],
      /its only line holds numbers and was taken for a row\. Option: header/,
    ],
    [
      'an empty last column is one, where a person says so',
      { source: file('trailing.csv', 'a,b,\n1,2,\n3,4,\n'), options: { trailing: 'keep' } },
      [
        [1, 2, null],
        [3, 4, null],
      ],
      /^$/,
    ],
    [
      'a blank line is a row, where a person says so',
      { source: file('blank.csv', 'a,b\n1,2\n\n3,4\n'), options: { blank: 'keep' } },
      [
        [1, 2],
        [null, null],
        [3, 4],
      ],
      /^$/,
    ],
    [
      'and a row of a sheet without a cell',
      {
        source: file(
          'blank.xlsx',
          workbook({
            S: [
              ['a', 'b'],
              ['x', 2],
              [null, null],
              ['y', 4],
            ],
          }),
        ),
        options: { blank: 'keep' },
      },
      [
        ['x', 2],
        [null, null],
        ['y', 4],
      ],
      /^$/,
    ],
    [
      'a column of a sheet without a cell is left out, and said with what keeps it',
      { source: file('gap.xlsx', gap), options: {} },
      [
        ['x', 2],
        ['y', 4],
      ],
      /1 blank column inside the table is left out\. Option: blank: "keep"/,
    ],
    [
      'and is one of missing values, where a person says so',
      { source: file('gap.xlsx', gap), options: { blank: 'keep' } },
      [
        ['x', null, 2],
        ['y', null, 4],
      ],
      /^$/,
    ],
    [
      'also inside a range',
      { source: file('gap.xlsx', gap), options: { blank: 'keep', range: 'A1:C2' } },
      [['x', null, 2]],
      /^$/,
    ],
    [
      'a hidden column that is left out is no blank one, and a hidden row no blank row',
      { source: file('hidden.xlsx', hidden), options: { hidden: 'leave' } },
      [
        ['x', 2],
        ['z', 6],
      ],
      /^1 blank row inside the table is no row\. Option: blank: "keep"\. 1 blank column inside the table is left out\. Option: blank: "keep"\.$/,
    ],
    [
      'and neither comes back where blank ones are kept',
      { source: file('hidden.xlsx', hidden), options: { hidden: 'leave', blank: 'keep' } },
      [
        ['x', null, 2],
        [null, null, null],
        ['z', null, 6],
      ],
      /^$/,
    ],
    [
      'marks behind a backslash, as R writes them, belong to the value where a person says so',
      {
        source: file(
          'escaped.csv',
          ['"id","note","n"', '1,"say \\"a, b\\"",2', '2,"C:\\dir\\\\",3', '3,"two\n\\"lines\\"",4', ''].join('\n'),
        ),
        options: { escape: '\\' },
      },
      [
        [1, 'say "a, b"', 2],
        [2, 'C:\\dir\\', 3],
        [3, 'two\n"lines"', 4],
      ],
      /^$/,
    ],
    [
      'and are, where a person says so',
      { source: file('sjis.csv', japanese), options: { encoding: 'shift_jis' } },
      [['海馬', 1]],
      /^$/,
    ],
  ];
  let answers: Answer[];
  beforeAll(async () => {
    answers = await askAll(
      atlas,
      cases.map(([, question]) => ({ sql: 'SELECT * FROM t', ...question })),
    );
  });
  test.each(cases.map(([what], i) => [what, i] as const))('%s', (_, i) => {
    expect(answers[i].rows).toEqual(cases[i][2]);
    expect(answers[i].warnings).toMatch(cases[i][3]);
  });
});

test('a file of two encodings is refused with a line of each', async () => {
  const source = file('both.csv', Buffer.concat([Buffer.from('n,s\n1,é\n'), bytes('2,', 0xe9, '\n')]));
  const error = await atlas.fail('add_data', { source });
  expect(error.message).toContain('line 2 is UTF-8, line 3 is not');
});

const python = process.env.BREGMA_REFERENCE_PYTHON;
if (!python) console.log('Skipped without BREGMA_REFERENCE_PYTHON: hidden cells and formulas of XlsxWriter.');
test.skipIf(!python)(
  'hidden cells and formulas that nobody calculated are said, and left out or kept as a person says',
  async () => {
    const source = file('hidden.xlsx', '');
    const code = `
import sys, xlsxwriter
book = xlsxwriter.Workbook(sys.argv[1])
sheet = book.add_worksheet("S")
for i, row in enumerate([["unit", "rate", "secret"], ["u1", 1, 7], ["u2", 2, 8], ["u3", 3, 9]]):
    sheet.write_row(i, 0, row)
    sheet.write_formula(i, 3, "=B1*2") if i else sheet.write(i, 3, "double")
sheet.set_row(2, None, None, {"hidden": True})
sheet.set_column(2, 2, None, None, {"hidden": True})
book.close()`;
    execFileSync(python ?? '', ['-c', code, source]);
    const [asTheyAre, left] = await askAll(atlas, [
      { source, sql: 'SELECT * FROM t' },
      { source, sql: 'SELECT * FROM t', options: { hidden: 'leave', formulas: 'zero' } },
    ]);
    expect(asTheyAre.rows).toEqual([
      ['u1', 1, 7, null],
      ['u2', 2, 8, null],
      ['u3', 3, 9, null],
    ]);
    expect(asTheyAre.warnings).toMatch(/1 hidden row is read as the others are\. Option: hidden: "leave"/);
    expect(asTheyAre.warnings).toMatch(/Hidden columns are read as the others are: C\. Option: hidden: "leave"/);
    expect(asTheyAre.warnings).toMatch(/3 formulas have the value 0 .* are missing.* Option: formulas: "zero"/);
    expect(left.rows).toEqual([
      ['u1', 1, 0],
      ['u3', 3, 0],
    ]);
    const { value } = await atlas.call('describe_data', { data: left.id });
    expect(JSON.stringify(value)).toContain('Hidden columns are left out: C.');
  },
);
