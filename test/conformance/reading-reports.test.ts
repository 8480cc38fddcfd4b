import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';
import { type Answer, askAll } from '../fixtures/reading.ts';
import { workbook } from '../fixtures/workbook.ts';

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
function write(content: string | Uint8Array, end = '.csv') {
  const name = `r${written++}${end}`;
  writeFileSync(path.join(space.folder, name), content);
  return name;
}
const late = (last: string) => `x,y\n${Array.from({ length: 3500 }, (_, i) => `${i}.5,a`).join('\n')}\n${last},b\n`;

/** Inputs of the kinds that public reports name: what is read, what is asked, what is right, what is said. */
const reports: [
  what: string,
  text: string | Uint8Array,
  sql: string,
  rows: unknown[][],
  said?: RegExp,
  end?: string,
][] = [
  [
    'two tables of words, parted by a blank line, are told of',
    'name,area\na,V1\n\nname,drug\nb,none\n',
    'SELECT count(*) FROM t',
    [[3]],
    /1 blank line is no row, and rows go on behind/,
  ],
  [
    'a column of nan is one of numbers, of which none was measured',
    'id,x\na,nan\nb,NaN\n',
    'SELECT avg(x), count(x), count(*) FROM t',
    [[null, 0, 2]],
    /x holds no value: "NaN" \(1×\), "nan" \(1×\)/,
  ],
  [
    'names of clones are no numbers',
    'gene,n\n2310009E13,1\n4632411E05,2\n',
    'SELECT gene FROM t',
    [['2310009E13'], ['4632411E05']],
    /as names of clones are/,
  ],
  ['genes are no dates', 'gene\nSEPT2\nMARCH1\n2-Sep\n', 'SELECT gene FROM t', [['SEPT2'], ['MARCH1'], ['2-Sep']]],
  [
    'blanks that do not break are blanks around a number',
    'x\n\u00a01.5\n2.5\n',
    'SELECT sum(x) FROM t',
    [[4]],
    /blanks around the numbers are left out/,
  ],
  ['also in a late row', late('\u00a07.5'), 'SELECT min(x), count(x) FROM t', [[0.5, 3501]], /blanks around/],
  ['and those without a width', 'x\n1\n\u200b2\n', 'SELECT sum(x) FROM t', [[3]], /blanks around/],
  [
    'a column that begins with thousands of empty cells has the type of what follows',
    `x,y\n${',0\n'.repeat(3500)}1.5,1\n`,
    'SELECT sum(x), count(x), count(*) FROM t',
    [[1.5, 1, 3501]],
  ],
  ["missing values of Microsoft's C", 'x\n1.5\n-nan(ind)\n-1.#IND00\n', 'SELECT avg(x), count(x) FROM t', [[1.5, 1]]],
  [
    'errors of Excel in a CSV are missing among numbers',
    'a,b\n#DIV/0!,1\n2,3\n#VALUE!,4\n',
    'SELECT sum(a), count(a) FROM t',
    [[2, 1]],
    /"#DIV\/0!" \(1×\), "#VALUE!" \(1×\) are missing/,
  ],
  ['and stay among texts', 'a\n#DIV/0!\nx\n', 'SELECT a FROM t', [['#DIV/0!'], ['x']]],
  [
    'two header rows without an index are joined',
    'a,a,b\nx,y,x\n1,2,3\n4,5,6\n',
    'SELECT a_x, a_y, b_x FROM t',
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ],
  [
    'a short table of write.table',
    '"x" "y"\n"r 1" 1 2\n"r 2" 3 4\n',
    'SELECT column0, y FROM t',
    [
      ['r 1', 2],
      ['r 2', 4],
    ],
    undefined,
    '.txt',
  ],
  [
    'lines that could be cut at a rare sign are told of',
    'a:b\n1:2\n',
    'SELECT * FROM t',
    [['1:2']],
    /cut at ':', with the option/,
  ],
  [
    'moments beside days stay text, and that is said',
    't\n2024-01-02\n2024-01-02 03:04:05\n',
    'SELECT count(t) FROM t',
    [[2]],
    /t may hold dates or times such as 2024-01-02/,
  ],
];

describe('what public reports complain of', () => {
  let answers: Answer[];
  beforeAll(async () => {
    answers = await askAll(
      atlas,
      reports.map(([, text, sql, , , end]) => ({ source: write(text, end), sql })),
    );
  }, 120_000);
  test.each(reports.map(([what], i) => [what, i] as const))('%s', (_, i) => {
    const [, , , rows, said] = reports[i];
    expect(answers[i].rows).toEqual(rows);
    const decided = answers[i].tables[0].decided?.join(' ') ?? '';
    if (said) expect(`${answers[i].warnings} ${decided}`).toMatch(said);
  });
});

test('a table of thousands of columns is read in groups of them, each value where it was', async () => {
  const names = Array.from({ length: 4000 }, (_, j) => `g${j}`);
  const rows = ['c0', 'c1', 'c2'].map((id, i) => [id, ...names.map((_, j) => (j === 3000 ? 'NA' : i + j / 2))]);
  const text = [['cell', ...names], ...rows].map((row) => row.join(',')).join('\n');
  const { value } = await atlas.call('add_data', { source: write(`${text}\n`), id: 'wide' });
  const [{ name }] = value.tables;
  const { value: asked } = await atlas.call('query_data', {
    sql: `SELECT cell, g0, g249, g250, g1999, g3000, g3999 FROM wide.${name}`,
    timeout_s: 100,
  });
  expect(asked.rows).toEqual(
    ['c0', 'c1', 'c2'].map((id, i) => [id, i, i + 124.5, i + 125, i + 999.5, null, i + 1999.5]),
  );
}, 120_000);

describe('sheets', () => {
  const labels = workbook(
    {
      S: [
        ['mouse', 'rate'],
        ['m1', 1.5],
        [null, 2.5],
        ['m2', 3.5],
        [null, 4.5],
      ],
    },
    ['A2:A3', 'A4:A5'],
  );
  test('a merged label holds for all of its rows, unless a person says that it stands in the first', async () => {
    const source = write(labels, '.xlsx');
    const [filled, first] = await askAll(atlas, [
      { source, sql: 'SELECT mouse, avg(rate) FROM t GROUP BY 1 ORDER BY 1' },
      { source, sql: 'SELECT count(mouse), count(*) FROM t', options: { merged: 'first' } },
    ]);
    expect(filled.rows).toEqual([
      ['m1', 2],
      ['m2', 4],
    ]);
    expect(filled.warnings).toMatch(/2 cells below the first of merged cells.*merged: "first"/);
    expect(first.rows).toEqual([[2, 4]]);
    expect(first.warnings).toMatch(/2 merged cells among the rows/);
  });

  test('days above numbers are names of columns, nan alone is no text', async () => {
    const days = [new Date('2024-01-02'), new Date('2024-01-03')];
    const [named, empty] = await askAll(atlas, [
      {
        source: write(
          workbook({
            S: [
              ['neuron', ...days],
              ['a', 1.5, 2.5],
              ['b', 3.5, 4.5],
            ],
          }),
          '.xlsx',
        ),
        sql: 'SELECT neuron, "2024-01-02", "2024-01-03" FROM t',
      },
      {
        source: write(
          workbook({
            S: [
              ['x', 'y'],
              ['nan', 1],
              ['nan', 2],
            ],
          }),
          '.xlsx',
        ),
        sql: 'SELECT avg(x), sum(y) FROM t',
      },
    ]);
    expect(named.rows).toEqual([
      ['a', 1.5, 2.5],
      ['b', 3.5, 4.5],
    ]);
    expect(empty.rows).toEqual([[null, 3]]);
  });

  /** A workbook of one sheet whose cells and parts are changed as programs write them. */
  function changed(rows: Parameters<typeof workbook>[0][string], changes: [part: RegExp, from: string, to: string][]) {
    const parts = unzipSync(workbook({ S: rows }));
    for (const [part, from, to] of changes)
      for (const name of Object.keys(parts).filter((one) => part.test(one)))
        parts[name] = strToU8(strFromU8(parts[name]).replaceAll(from, to));
    return parts;
  }
  const styled = (parts: Record<string, Uint8Array>, formats: number[]) => {
    parts['xl/styles.xml'] = strToU8(
      `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>${[0, ...formats].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
    );
    const rels = 'xl/_rels/workbook.xml.rels';
    parts[rels] = strToU8(
      strFromU8(parts[rels]).replace(
        '</Relationships>',
        '<Relationship Id="rS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
      ),
    );
    return zipSync(parts);
  };

  test.each([
    ['rows that stand in another order', 'r="3"', 'r="1"', /row 1 stands behind row 2/],
    ['a cell that stands twice', '"B2"', '"A2"', /cell A2 stands in the file twice/],
  ])('%s are refused: one of them would be lost', async (_, from, to, message) => {
    const rows = [
      ['a', 'b'],
      [1, 2],
      [3, 4],
    ];
    const source = write(zipSync(changed(rows, [[/sheet1/, from, to]])), '.xlsx');
    const refused = await atlas.fail('add_data', { source });
    expect(refused.message).toMatch(message);
    expect(refused.next).toMatch(/Excel or LibreOffice/);
  });

  test('formulas that a program wrote as 0 and never calculated are missing, and said', async () => {
    const formula: [RegExp, string, string] = [/sheet1/, '<v>0</v>', '<f>A2*2</f><v>0</v>'];
    const rows = [
      ['a', 'b'],
      [3, 0],
      [4, 0],
    ];
    const [unknown, known] = await askAll(atlas, [
      {
        source: write(
          zipSync(
            changed(rows, [formula, [/workbook\.xml$/, '</workbook>', '<calcPr fullCalcOnLoad="1"/></workbook>']]),
          ),
          '.xlsx',
        ),
        sql: 'SELECT sum(a), count(b) FROM t',
      },
      { source: write(zipSync(changed(rows, [formula])), '.xlsx'), sql: 'SELECT sum(a), sum(b) FROM t' },
    ]);
    expect(unknown.rows).toEqual([[7, 0]]);
    expect(unknown.warnings).toMatch(/2 formulas have the value 0 in a file that was never calculated/);
    expect(known.rows).toEqual([[7, 0]]);
    expect(known.warnings).toBe('');
  });

  test('durations of pandas are told of, and a clock over a day of this century is that moment', async () => {
    const rows = [
      ['lat', 'at'],
      [0.0625, 45000.25],
      [1.5, 45001.5],
    ];
    const parts = changed(rows, [
      [/sheet1/, '<c r="A2">', '<c r="A2" s="1">'],
      [/sheet1/, '<c r="A3">', '<c r="A3" s="1">'],
      [/sheet1/, '<c r="B2">', '<c r="B2" s="2">'],
      [/sheet1/, '<c r="B3">', '<c r="B3" s="2">'],
    ]);
    const [found] = await askAll(atlas, [
      { source: write(styled(parts, [1, 20]), '.xlsx'), sql: 'SELECT sum(lat), max("at")::VARCHAR FROM t' },
    ]);
    expect(found.rows).toEqual([[1.5625, '2023-03-16 12:00:00']]);
    expect(found.warnings).toMatch(
      /lat: 2 values are shown as whole numbers and hold fractions\. pandas writes durations so/,
    );
  });

  test.each([
    ['.xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0]), /before 2007/, /xlsx/],
    ['.xls', 'a\tb\n1\t2\n', /text that begins with "a\\tb"/, /format "csv"/],
    ['.xls', '<html><table></table></html>', /a web page/, /save it as \.xlsx/],
    ['.xlsx', 'PK\x03\x04cut', /cut off or damaged/, /download/],
    ['.xlsx', '', /empty/, /again/],
    ['.xlsx', '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook/>', /Excel 2003/, /\.xlsx/],
    ['.ods', 'PK', /another program/, /XLSX/],
    ['.xlsx', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0]), /before 2007, or one with a password/, /without a password/],
  ])('%s that is not read says what to do', async (end, content, message, next) => {
    const error = await atlas.fail('add_data', { source: write(content, end), id: `no${written}` });
    expect(error.message).toMatch(message);
    expect(error.next).toMatch(next);
  });
});

test.each([
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), /UTF-32/, /UTF-8/],
  ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), /before 2007/, /XLSX/],
  ['a PDF', '%PDF-1.4\nx', /PDF/, /CSV/],
])('%s under the name of a text is refused with what helps', async (_, content, message, next) => {
  const error = await atlas.fail('add_data', { source: write(content), id: `no${written}` });
  expect(error.message).toMatch(message);
  expect(error.next).toMatch(next);
});
