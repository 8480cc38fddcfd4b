import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ledger } from '@bregma/core/ledger/ledger';
import { toRecord } from '@bregma/core/ledger/records';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { serverProcesses } from '../child-processes.ts';
import { eventually } from '../eventually.ts';
import { inFolder } from '../notebooks.ts';

interface Listed {
  server: 'atlas' | 'twin' | 'lab';
  name: string;
}

/** The tools that the build wrote down beside the servers. */
const listed = (): Listed[] => {
  const { extensionPath = '' } = vscode.extensions.getExtension('bregma.bregma') ?? {};
  return JSON.parse(readFileSync(path.join(extensionPath, 'servers/tools.json'), 'utf8'));
};

const toolOf = ({ server, name }: Listed) =>
  vscode.lm.tools.filter((tool) => tool.name.endsWith(`bregma_${server}_${name}`));

describe('the servers in the editor', () => {
  const others = { atlas: 0, twin: 0, lab: 0 };
  const names = ['atlas', 'twin', 'lab'] as const;
  before(async () => {
    // Notebooks have servers of their own.
    for (const name of names) others[name] = serverProcesses(name).length;
    // The editor gathers the servers of its extensions only when it is asked for them, and then not at once.
    await eventually(async () => {
      await vscode.commands.executeCommand('workbench.mcp.startServer', '*', { waitForLiveTools: true });
      assert.ok(vscode.lm.tools.some(({ name }) => /bregma/.test(name)));
    });
  });

  it('are three, each a process of its own', async () => {
    await eventually(() => {
      for (const name of names) assert.equal(serverProcesses(name).length - others[name], 1, name);
    });
  });

  it('list every tool once, under three names', async () => {
    await eventually(() => {
      const missing = listed()
        .filter((one) => toolOf(one).length !== 1)
        .map(({ name }) => name);
      assert.deepEqual(missing, [], vscode.lm.tools.map(({ name }) => name).join());
    });
    assert.equal(vscode.lm.tools.filter(({ name }) => /bregma/.test(name)).length, listed().length);
  });

  it('answer a tool that only reads without asking, and record the call', async () => {
    const [tool] = toolOf({ server: 'atlas', name: 'find_data' });
    const input = { query: 'connectome' };
    const { content } = await vscode.lm.invokeTool(tool.name, { input, toolInvocationToken: undefined });
    const text = content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
    assert.match(text, /celegans-cook2019/);
    const [activity] = /act-[0-9a-f]{16}/.exec(text) ?? [];
    const ledger = new Ledger(inFolder('.bregma'), { readOnly: true });
    const ids = [...ledger.rows(0)].map((row) => toRecord(row).id);
    ledger.close();
    assert.ok(activity && ids.includes(activity), activity);
  });
});
