import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { childProcesses } from '../child-processes.ts';
import { eventually } from '../eventually.ts';
import { closeAll, runCell, shown, textOf } from '../notebooks.ts';

const folderOf = (name: string): vscode.Uri => {
  const found = vscode.workspace.workspaceFolders?.find((folder) => folder.name === name);
  if (!found) throw new Error(`No folder is called ${name}.`);
  return found.uri;
};
const inSecond = (name: string) => vscode.Uri.joinPath(folderOf('second'), name);
const records = (name: string) => existsSync(path.join(folderOf(name).fsPath, '.bregma'));
const choose = (name: string) => vscode.commands.executeCommand('bregma.chooseFolder', folderOf(name));

describe('a workspace of two folders', () => {
  let notebook: vscode.NotebookDocument;
  before(async () => {
    notebook = await vscode.workspace.openNotebookDocument(inSecond('s.bregma.md'));
    await vscode.window.showNotebookDocument(notebook);
  });
  after(async () => {
    await notebook.save();
    await closeAll();
  });

  it('runs a notebook against the records of its own folder, and makes none in another', async () => {
    const cell = await runCell(notebook, 0);
    assert.equal(cell.executionSummary?.success, true, textOf(cell));
    assert.match(textOf(cell), /3/);
    assert.equal(records('first'), false);
    const atlas = childProcesses().filter(({ command }) => command.includes('servers/atlas.mjs'));
    assert.deepEqual(
      atlas.map(({ command }) => command.includes(folderOf('second').fsPath)),
      [true],
    );
  });

  it('shows the results of a notebook again when it is opened again', async () => {
    await notebook.save();
    await closeAll();
    notebook = await vscode.workspace.openNotebookDocument(inSecond('s.bregma.md'));
    await vscode.window.showNotebookDocument(notebook);
    await eventually(() => assert.equal(shown(notebook.cellAt(0))?.error, undefined));
    await eventually(() => assert.match(textOf(notebook.cellAt(0)), /3/));
  });

  it('verifies the records of the folder that is chosen', async () => {
    await choose('second');
    await closeAll();
    const second = await vscode.commands.executeCommand<{ records: number }>('bregma.verify');
    assert.ok(second.records > 0);
    await choose('first');
    const first = await vscode.commands.executeCommand<{ records: number } | undefined>('bregma.verify');
    assert.ok(!first?.records, 'the first folder has no records');
    assert.equal(records('first'), false);
  });

  it('adds a file to the folder in which it lies', async () => {
    await choose('first');
    await vscode.workspace.fs.writeFile(inSecond('more.csv'), Buffer.from('k,v\nc,4\n'));
    await vscode.commands.executeCommand('bregma.addData', { resourceUri: inSecond('more.csv') });
    assert.equal(records('first'), false);
    const made = vscode.window.activeNotebookEditor?.notebook;
    if (!made) throw new Error('No notebook is in front.');
    assert.ok(made.uri.fsPath.startsWith(folderOf('second').fsPath), made.uri.fsPath);
    await eventually(() => assert.match(made.getCells().map(textOf).join(), /4/));
  });
});
