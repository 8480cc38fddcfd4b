import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect } from '../../fixtures/client.ts';
import { workbook } from '../../fixtures/workbook.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-books-'));
const at = (name: string) => path.join(folder, name);
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', folder);
});
afterAll(async () => {
  await atlas.close();
  rmSync(folder, { recursive: true, force: true });
});

const [sheet, book] = ['xl/worksheets/sheet1.xml', 'xl/workbook.xml'];
const relations = 'xl/_rels/workbook.xml.rels';
const honest = workbook({
  S: [
    ['a', 'b'],
    [1, 2],
  ],
});
/** The workbook with other texts in some of its parts. */
function edited(edits: Record<string, (text: string) => string>, more: Record<string, string> = {}): Uint8Array {
  const parts = unzipSync(honest);
  for (const [part, edit] of Object.entries(edits)) {
    const before = strFromU8(parts[part]);
    const after = edit(before);
    if (after === before) throw new Error(`${part} is as before`);
    parts[part] = strToU8(after);
  }
  for (const [part, text] of Object.entries(more)) parts[part] = strToU8(text);
  return zipSync(parts, { level: 1 });
}
const shared = (text: string) =>
  edited(
    {
      [sheet]: (xml) => xml.replace('<c r="A2"><v>1</v></c>', '<c r="A2" t="s"><v>1</v></c>'),
      [relations]: (xml) =>
        xml.replace(
          '</Relationships>',
          '<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        ),
    },
    { 'xl/sharedStrings.xml': text },
  );

test.each([
  [
    'a cell beyond the last column',
    () => edited({ [sheet]: (xml) => xml.replace('r="B2"', 'r="ZZZZZZZZZ2"') }),
    'a cell at ZZZZZZZZZ2',
  ],
  ['a cell without a column', () => edited({ [sheet]: (xml) => xml.replace('r="B2"', 'r="2"') }), 'a cell at 2'],
  [
    'a row beyond the last one',
    () => edited({ [sheet]: (xml) => xml.replace('<row r="2"', '<row r="99999999999999"') }),
    'a row 99999999999999',
  ],
  ['a row that is no number', () => edited({ [sheet]: (xml) => xml.replace('<row r="2"', '<row r="x"') }), 'a row NaN'],
  ['a shared text that is not there', () => shared('<sst><si><t>a</t></si></sst>'), 'names text 1 of 1'],
  [
    'entities of its own',
    () =>
      shared('<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>a</t></si><si><t>&x;</t></si></sst>'),
    'declares a document type',
  ],
  [
    'a comment without measure',
    () => shared(`<!--${'-'.repeat(1 << 20)}--><sst><si><t>a</t></si><si><t>b</t></si></sst>`),
    'a tag without an end',
  ],
  [
    'a shared text without measure',
    () => shared(`<sst><si><t>a</t></si><si><t>${'x'.repeat(2 << 20)}</t></si></sst>`),
    'longer than Excel allows',
  ],
  [
    'one sheet under two names',
    () => edited({ [book]: (xml) => xml.replace('</sheets>', '<sheet name="T" sheetId="2" r:id="r1"/></sheets>') }),
    'two of its sheets are one',
  ],
])('a workbook with %s is refused, and says so', async (_, make, said) => {
  writeFileSync(at('book.xlsx'), make());
  const { code, message } = await atlas.fail('add_data', { source: 'book.xlsx' });
  expect(code).toMatch(/^(corrupt|too-large)$/);
  expect(message).toContain(said);
});

test('the workbook that they were made of is read', async () => {
  writeFileSync(at('book.xlsx'), honest);
  expect((await atlas.call('add_data', { source: 'book.xlsx' })).value.tables[0].rows).toBe(1);
});
