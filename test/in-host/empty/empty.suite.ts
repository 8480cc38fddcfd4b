import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { childProcesses } from '../child-processes.ts';
import { listing } from '../listing.ts';
import { closeAll, runCell, shown } from '../notebooks.ts';

const isActive = () => vscode.extensions.getExtension('bregma.bregma')?.isActive;

describe('an empty window', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-nowhere-'));
  let files: string[];
  let notebook: vscode.NotebookDocument;
  before(() => {
    writeFileSync(path.join(folder, 'plain.md'), '# Plain\n');
    writeFileSync(path.join(folder, 'cells.bregma.md'), '# A\n\n```sql\nSELECT 1\n```\n');
    files = listing(folder);
  });
  after(async () => {
    await closeAll();
    rmSync(folder, { recursive: true, force: true });
  });

  it('does not start the extension, and neither does a Markdown file', async () => {
    assert.equal(vscode.workspace.workspaceFolders, undefined);
    assert.equal(isActive(), false);
    const plain = await vscode.workspace.openTextDocument(vscode.Uri.file(path.join(folder, 'plain.md')));
    await vscode.window.showTextDocument(plain);
    assert.equal(isActive(), false);
  });

  it('starts it for a notebook', async () => {
    const uri = vscode.Uri.file(path.join(folder, 'cells.bregma.md'));
    notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    assert.equal(isActive(), true);
    assert.equal(notebook.cellCount, 2);
  });

  it('says of a cell that results are kept in a folder', async () => {
    const cell = await runCell(notebook, 1);
    assert.deepEqual(shown(cell)?.error, {
      message: 'Results are kept in a folder.',
      next: 'Open a folder and run the cell again.',
    });
  });

  it('answers every command that takes no argument, and writes nothing', async () => {
    for (const command of ['newNotebook', 'verify', 'openBoard', 'openProvenance', 'stopEverything', 'runFirstLoop'])
      await vscode.commands.executeCommand(`bregma.${command}`);
    assert.deepEqual(listing(folder), files);
    assert.deepEqual(
      childProcesses().filter(({ command }) => command.includes('/servers/')),
      [],
    );
  });
});
