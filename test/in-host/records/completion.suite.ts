import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, openNotebook, write } from '../notebooks.ts';

describe('what is offered while a cell is written', () => {
  let notebook: vscode.NotebookDocument;
  before(async () => {
    const cells = [
      'sql name=first\nSELECT 1',
      'bregma\ntool: find_data',
      'sql name=below\nSELECT 2',
      'plot\ndata: first',
    ];
    notebook = await openNotebook('offered.bregma.md', cells.map((cell) => `\`\`\`${cell}\n\`\`\`\n`).join('\n'));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  /** Labels that are offered at the end of a cell with this text. */
  async function offered(index: number, text: string): Promise<string[]> {
    const cell = notebook.cellAt(index);
    await write(cell, text);
    const end = cell.document.lineAt(cell.document.lineCount - 1).range.end;
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      cell.document.uri,
      end,
    );
    return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  }

  it('are the members of a bregma cell, and each once', async () => {
    const labels = await offered(1, 'tool: find_data\n');
    assert.ok(labels.includes('arguments'), labels.join());
    assert.ok(!labels.includes('tool'), labels.join());
  });

  it('are the tools of all servers', async () => {
    const labels = await offered(1, 'tool: ');
    for (const tool of ['query_data', 'run_twin', 'test_hypothesis']) assert.ok(labels.includes(tool), labels.join());
  });

  it('are the arguments of the tool that stand not there yet', async () => {
    const labels = await offered(1, 'tool: run_twin\narguments:\n  twin: x\n  ');
    assert.ok(labels.includes('stimulate'), labels.join());
    assert.ok(!labels.includes('twin'), labels.join());
  });

  it('are the results of cells above, and not of those below', async () => {
    const labels = await offered(1, 'tool: run_twin\narguments:\n  twin: $');
    assert.ok(labels.includes('$first'), labels.join());
    assert.ok(!labels.includes('$below'), labels.join());
  });

  it('are no tools in cells of SQL and of charts', async () => {
    for (const index of [0, 3]) {
      const labels = await offered(index, 'tool: ');
      assert.ok(!labels.includes('query_data'), labels.join());
    }
  });
});
