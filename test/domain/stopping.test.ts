import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { journaledTrials, journalFile } from '@bregma/core/experiment/journal';
import { killSwitch, requestStop, stopFile, stopReason } from '@bregma/core/experiment/stopping';
import { afterAll, expect, test } from 'vitest';
import { temporaryWorkspace } from '../fixtures/client.ts';

const { folder, remove } = temporaryWorkspace();
afterAll(remove);

test('a stop needs no ledger: it is a file that the driver looks for, and a record of who asked', () => {
  expect(stopReason(stopFile(folder, 'exp-1'))).toBeUndefined();
  expect(requestStop(folder, 'exp-1', 'somebody')).toEqual({
    kind: 'stop',
    subject: 'exp-1',
    body: { experiment: 'exp-1', client: 'somebody' },
  });
  expect(stopReason(stopFile(folder, 'exp-1'))).toBe('STOP-exp-1 exists');
  expect(existsSync(killSwitch(folder))).toBe(false);
});

test('a place that cannot be looked into counts as a stop', () => {
  expect(stopReason(path.join(folder, 'no such folder', 'STOP'))).toContain('cannot be looked into');
});

test('journaled trials are its whole lines, however long the lines are; without a journal they are not known', () => {
  expect(journaledTrials(folder, 'exp-2')).toBeNull();
  mkdirSync(path.dirname(journalFile(folder, 'exp-2')), { recursive: true });
  writeFileSync(journalFile(folder, 'exp-2'), `${'x'.repeat(1_500_000)}\n${'y'.repeat(700_000)}\nhalf a li`);
  expect(journaledTrials(folder, 'exp-2')).toBe(2);
});
