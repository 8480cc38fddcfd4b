import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { serverProcesses } from '../child-processes.ts';
import { eventually } from '../eventually.ts';
import { closeAll, inFolder, openNotebook, runCell, textOf } from '../notebooks.ts';

const set = (value: string | undefined) =>
  vscode.workspace.getConfiguration('bregma').update('nativeModules', value, vscode.ConfigurationTarget.Workspace);

/** The command line and the environment of a process, as one text. */
const environmentOf = (pid: number) => execFileSync('ps', ['eww', '-o', 'command=', '-p', String(pid)]).toString();

describe('a changed setting', () => {
  let notebook: vscode.NotebookDocument;
  before(async () => {
    notebook = await openNotebook('settings.bregma.md', '```sql\nSELECT 42 AS answer\n```\n');
  });
  after(async () => {
    await notebook.save();
    await closeAll();
  });

  it('ends the servers that were started without it, and is known to the next', async () => {
    const { extensionPath = '' } = vscode.extensions.getExtension('bregma.bregma') ?? {};
    symlinkSync(path.join(extensionPath, '../../node_modules'), inFolder('modules'));
    for (const value of [inFolder('modules'), undefined]) {
      assert.match(textOf(await runCell(notebook, 0)), /42/);
      const old = serverProcesses('atlas');
      assert.equal(old.length, 1);
      await set(value);
      await eventually(() => assert.deepEqual(serverProcesses('atlas'), []));
      assert.match(textOf(await runCell(notebook, 0)), /42/);
      const [now] = serverProcesses('atlas');
      assert.equal(environmentOf(now).includes(`BREGMA_NATIVE_MODULES=${inFolder('modules')}`), value !== undefined);
    }
  });
});
