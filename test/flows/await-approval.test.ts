import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeKey, trustKey } from '@bregma/core/approval/keys';
import { approvePlan } from '@bregma/core/approval/sign';
import type { Meaning } from '@bregma/core/contracts/experiment';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, describe, expect, test } from 'vitest';
import { root, temporaryWorkspace } from '../fixtures/client.ts';

const spaces = [temporaryWorkspace(), temporaryWorkspace()];
afterAll(() => {
  for (const space of spaces) space.remove();
});

/** Runs the loop, and signs its plan from another process as soon as it asks. */
function loopSigned(out: string, meaning: Meaning): Promise<{ code: number | null; said: string }> {
  const program = path.join(root, process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts');
  const args = ['--disable-warning=ExperimentalWarning', program, 'start', '--out', out, '--await-approval'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  let signed = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    const plan = /waiting for a person to approve (plan-[0-9a-f]+)/.exec(said)?.[1];
    if (!plan || signed) return;
    signed = true;
    const workspace = openWorkspace(out);
    const key = makeKey();
    trustKey(workspace, key, 'Ada');
    approvePlan(workspace, plan, key, { by: 'Ada', meaning });
    workspace.close();
  });
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code, said })));
}

describe('the loop that waits for a person elsewhere', () => {
  test('goes on when the plan is approved, and its report names who did', async () => {
    const [{ folder }] = spaces;
    const { code, said } = await loopSigned(folder, 'approve');
    expect([code, said]).toEqual([0, expect.stringContaining('approved by Ada')]);
    const report = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'));
    expect([report.demoKey, report.experiment.signedBy]).toEqual([false, 'Ada']);
  });

  test('ends when it is rejected, and nothing has run', async () => {
    const [, { folder }] = spaces;
    const { code, said } = await loopSigned(folder, 'reject');
    expect([code, said]).toEqual([1, expect.stringContaining('Ada has rejected plan-')]);
    const { ledger, close } = openWorkspace(folder);
    expect(ledger.list('experiment')).toEqual([]);
    close();
  });
});
