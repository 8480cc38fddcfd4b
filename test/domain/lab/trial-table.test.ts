import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ObjectStore } from '@bregma/core/objects/objects';
import { afterAll, expect, test } from 'vitest';
import { loadTrials, repeatsByUnit, storeTrials } from '../../../mcp-servers/lab/src/domain/trial-table.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-trials-'));
const objects = new ObjectStore(folder);
afterAll(() => rmSync(folder, { recursive: true }));

const trials = [5, 6, 5].map((stimulus, trial) => ({
  trial,
  stimulus,
  repeat: trial,
  kind: 'measured' as const,
  responses: Float64Array.of(trial + 0.25, Number.NaN),
}));

test('what was delivered comes back from the store number for number, with the kind in every row', () => {
  const back = loadTrials(storeTrials(trials, 2, objects), objects);
  expect([...back.responses]).toEqual([0.25, Number.NaN, 1.25, Number.NaN, 2.25, Number.NaN]);
  expect(back.neurons).toBe(2);
  expect(back.rows).toEqual(trials.map(({ responses: _, ...row }) => row));
});

test('an experiment stopped before its first trial is an empty table, not an error', () => {
  const back = loadTrials(storeTrials([], 7, objects), objects);
  expect([back.rows, back.responses.length, back.neurons]).toEqual([[], 0, 7]);
});

test('rows are found by stimulus and repeat, and a repeat that was not delivered is marked', () => {
  const table = loadTrials(storeTrials(trials, 2, objects), objects);
  expect(repeatsByUnit(table, [[6], [5]])).toEqual({ order: [1, -1, 0, 2], repeats: 2 });
});

test('presentations of copies are repeats of one unit', () => {
  const table = loadTrials(storeTrials(trials, 2, objects), objects);
  expect(repeatsByUnit(table, [[6, 5]])).toEqual({ order: [0, 1, 2], repeats: 3 });
});

test('table and responses of different experiments are not taken together', () => {
  const whole = storeTrials(trials, 2, objects);
  const part = storeTrials(trials.slice(1), 2, objects);
  expect(() => loadTrials({ table: whole.table, responses: part.responses }, objects)).toThrow(/3 rows .* 2 × 2/);
});
