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
