import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { childProcesses } from '../child-processes.ts';
import { eventually } from '../eventually.ts';
import { listing } from '../listing.ts';
import { execute, folder, inFolder, shown } from '../notebooks.ts';
import { activitiesOf } from '../records.ts';

describe('a workspace that is not trusted', () => {
  let files: string[];
  let notebook: vscode.NotebookDocument;
  before(() => {
    files = listing(folder());
  });

  it('is read', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    assert.equal(vscode.extensions.getExtension('bregma.bregma')?.isActive, true);
    notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(inFolder('wiring.bregma.md')));
    await vscode.window.showNotebookDocument(notebook);
    const hypothesis = notebook.getCells().find(({ document }) => document.languageId === 'bregma-hypothesis');
    assert.ok(hypothesis);
    await eventually(() => assert.match(JSON.stringify(shown(hypothesis)), /Wiring alone predicts/));
    const found = await vscode.commands.executeCommand<{ faults: unknown[] }>('bregma.verify');
    assert.deepEqual(found.faults, []);
  });

  it('runs no cell', async () => {
    void execute(notebook, 1);
    await vscode.commands.executeCommand('bregma.replay', activitiesOf('add_data')[0]);
    assert.deepEqual(notebook.cellAt(1).outputs, []);
  });

  it('gets no notebook, no file of an agent and no first loop', async () => {
    for (const command of ['newNotebook', 'connectClaudeCode', 'connectCodex', 'runFirstLoop', 'exportSigningKey'])
      void vscode.commands.executeCommand(`bregma.${command}`);
    await vscode.commands.executeCommand('workbench.mcp.startServer', '*', { waitForLiveTools: true });
    assert.deepEqual(
      vscode.lm.tools.filter(({ name }) => /bregma/.test(name)),
      [],
    );
  });

  it('has no byte changed, and no server runs for it', () => {
    assert.deepEqual(listing(folder()), files);
    assert.deepEqual(
      childProcesses().filter(({ command }) => command.includes('/servers/')),
      [],
    );
  });
});
