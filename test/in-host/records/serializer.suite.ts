import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, inFolder, openNotebook, write } from '../notebooks.ts';

let files = 0;

/** Opens this text, changes `one` to `two` in the cell that has it, saves, and compares every byte of the file. */
async function changesOneWord(text: string): Promise<void> {
  const name = `bytes-${++files}.bregma.md`;
  const notebook = await openNotebook(name, text);
  const cell = notebook.getCells().find(({ document }) => /\bone\b/.test(document.getText()));
  assert.ok(cell);
  await write(cell, cell.document.getText().replace(/\bone\b/, 'two'));
  assert.ok(notebook.isDirty);
  assert.ok(await notebook.save());
  assert.equal(readFileSync(inFolder(name), 'utf8'), text.replace(/\bone\b/, 'two'));
}

describe('a saved notebook', () => {
  afterEach(closeAll);

  it('has the line ends of Windows where it had them', () =>
    changesOneWord('# A\r\n\r\n```sql name=a\r\nSELECT 1,\r\n  one\r\n```\r\n\r\nText\r\nmore\r\n'));

  it('has line ends mixed as they were', () =>
    changesOneWord('# A\r\n\r\ntext\nmore\r\n\r\n```sql\nSELECT one\n```\n\r\nThe end.\n'));

  it('has its byte order mark', () => changesOneWord('\uFEFF# A\n\n```sql\nSELECT one\n```\n'));

  it('has no line end after its last line where it had none', () =>
    changesOneWord('```sql\nSELECT one\n```\n\nThe end.'));

  it('has emoji, combining characters and text of both directions', () =>
    changesOneWord(
      '# 🧠👩🏽‍🔬 e\u0301 \u202Eabc\u202C שלום\n\n```sql\nSELECT one, \'🧠 שלום \u200D\' AS "é"\n```\n\n```sql\nSELECT \u2028 2\n```\n\n🪱\n',
    ));

  it('has a cell of a megabyte', () =>
    changesOneWord(`\`\`\`sql\nSELECT '${'x'.repeat(1_000_000)}',\n  one\n\`\`\`\n\nThe end.\n`));

  it('has the fences that are no cells, and all that is odd about those that are', () =>
    changesOneWord(
      [
        '---\ntitle:   A  # kept\n---\n\n\n# A\n\n',
        '```python\nprint("```sql")\n```\n\n~~~sql name=a other=1 word\nSELECT one\n~~~\n\n\n',
        '  ```sql\n  SELECT 2\n  ```\n\n````bregma\ntool: find_data\n```\n````\n\n<!-- a\n```sql\n-->\n\n```mermaid\ngraph TD\n```  \n',
      ].join(''),
    ));

  it('has a new cell in a fence of its own, and not the one that was taken out', async () => {
    const text = '# A\n\n```sql name=a\nSELECT 1\n```\n\nBetween.\n\n```sql name=b\nSELECT 2\n```\n';
    const notebook = await openNotebook('cells.bregma.md', text);
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'tool: find_data', 'bregma');
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [
      vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(1, 2)),
      vscode.NotebookEdit.insertCells(3, [cell]),
    ]);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(await notebook.save());
    assert.equal(
      readFileSync(inFolder('cells.bregma.md'), 'utf8'),
      '# A\n\n<!-- cell -->\n\nBetween.\n\n```bregma\ntool: find_data\n```\n\n```sql name=b\nSELECT 2\n```\n',
    );
  });

  it('that nobody changed is not written', async () => {
    const notebook = await openNotebook('untouched.bregma.md', '# A\r\n\n\n```sql\nSELECT 1');
    assert.equal(notebook.isDirty, false);
    await notebook.save();
    assert.equal(readFileSync(inFolder('untouched.bregma.md'), 'utf8'), '# A\r\n\n\n```sql\nSELECT 1');
  });

  it('that is not UTF-8 is not opened, and not changed', async () => {
    const bytes = Buffer.from([0x23, 0x20, 0xe9, 0x0a]);
    await assert.rejects(openNotebook('latin1.bregma.md', bytes), /UTF-8/);
    assert.deepEqual(readFileSync(inFolder('latin1.bregma.md')), bytes);
  });
});
