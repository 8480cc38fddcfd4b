import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { writeNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptKind } from '../../../mcp-servers/atlas/src/sources/kept-kind.ts';
import { wholeBody } from '../../fixtures/records.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-kept-'));
let workspace: OpenWorkspace;
const put = (values: number[], shape: number[]) =>
  workspace.objects.put(writeNpy({ data: Float64Array.from(values), shape }), 'application/x-npy').object;
const array = (object: string) => ({ name: 'responses', object, dtype: 'f8', shape: [], axes: [] });
const nothing = { files: [], tables: [], arrays: [] };
const noise = (n: number, seed: number) => Array.from({ length: n }, (_, i) => Math.sin(seed + 1.7 * i));

/** Writes down that an activity made an object of a kind. */
function activity(valueKind: ValueKind, outputs: string[]): string {
  const call = { server: 'bregma-twin', tool: 'run_twin', effect: 'compute', arguments: {}, status: 'ok' } as const;
  const times = { start: '2026-01-01T00:00:00.000Z', end: '2026-01-01T00:00:01.000Z' };
  const body = { ...call, ...times, code: '0', client: 'test', inputs: [], outputs, releases: [], valueKind };
  return workspace.ledger.append([{ kind: 'activity', subject: 'run_twin', body }])[0].id;
}

let predictions: string;
let maker: string;
beforeAll(() => {
  workspace = openWorkspace(folder);
  predictions = put([...noise(6, 1), ...noise(6, 50)], [2, 6]);
  maker = activity('predicted', [predictions]);
  activity('measured', [put([...noise(6, 200), ...noise(6, 250)], [2, 6])]);
});
afterAll(() => {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the bytes that a twin predicted stay predicted, as a file and as an array', async () => {
  expect(await keptKind({ ...nothing, files: [predictions] }, workspace)).toEqual({
    kind: 'predicted',
    activity: maker,
  });
  expect(await keptKind({ ...nothing, arrays: [array(predictions)] }, workspace)).toMatchObject({
    kind: 'predicted',
    activity: maker,
  });
});

test('so does an array some rows of which were predicted, in any order', async () => {
  const mixed = put([...noise(6, 900), ...noise(6, 50), ...noise(6, 901)], [3, 6]);
  expect(await keptKind({ ...nothing, arrays: [array(mixed)] }, workspace)).toEqual({
    kind: 'predicted',
    activity: maker,
    rows: { found: 1, of: 3 },
  });
});

test('what was measured, or says too little to be known again, is as it was told', async () => {
  expect(
    await keptKind({ ...nothing, arrays: [array(put([...noise(6, 200), ...noise(6, 250)], [2, 6]))] }, workspace),
  ).toBeUndefined();
  activity('simulated', [put([0, 0, 0, 0, 0, 0], [1, 6])]);
  expect(
    await keptKind({ ...nothing, arrays: [array(put([0, 0, 0, 0, 0, 0, ...noise(6, 7)], [2, 6]))] }, workspace),
  ).toBeUndefined();
});

describe('predictions that come back in disguise', () => {
  const [neurons, stimuli] = [3, 40];
  const values = Array.from({ length: neurons }, (_, i) => noise(stimuli, 300 + 31 * i));
  const shape = [neurons, stimuli];
  let made: string;
  beforeAll(() => {
    made = activity('predicted', [put(values.flat(), shape)]);
  });
  const turned = (row: number[]) => [...row].reverse();
  test.each<[string, number[][]]>([
    ['in another unit', values.map((row) => row.map((value) => 12.5 * value - 3))],
    ['in single precision', values.map((row) => row.map((value) => Math.fround(2 * value)))],
    ['rounded to two decimals', values.map((row) => row.map((value) => Math.round(value * 100) / 100))],
    ['through a logarithm', values.map((row) => row.map((value) => Math.log(value + 2)))],
    ['with stimuli in another order and unit', values.map((row) => turned(row).map((value) => 3 * value + 1))],
    ['cut to the first half, in another unit', values.map((row) => row.slice(0, 20).map((value) => -4 * value))],
    ['cut to the last half, in another unit', values.map((row) => row.slice(20).map((value) => 4 * value + 9))],
    [
      'with noise of a hundredth',
      values.map((row, i) => row.map((value, j) => value + 0.01 * noise(stimuli, 7 + i)[j])),
    ],
  ])('stay predicted %s', async (_, rows) => {
    const given = put(rows.flat(), [rows.length, rows[0].length]);
    expect(await keptKind({ ...nothing, arrays: [array(given)] }, workspace)).toEqual({
      kind: 'predicted',
      activity: made,
      rows: { found: neurons, of: neurons },
    });
  });

  test('are not found in other numbers, in indices, in times, or in counts that many neurons share', async () => {
    activity('simulated', [put([...Array(40).keys(), ...Array.from({ length: 40 }, (_, i) => i % 2)], [2, 40])]);
    const random = makeRandom(5);
    const rows = [
      ...Array.from({ length: 60 }, () => Array.from({ length: stimuli }, () => random.normal())),
      Array.from({ length: stimuli }, (_, i) => 0.1 + i / 3),
      Array.from({ length: stimuli }, (_, i) => 3 * (i % 2)),
    ];
    expect(
      await keptKind({ ...nothing, arrays: [array(put(rows.flat(), [rows.length, stimuli]))] }, workspace),
    ).toBeUndefined();
  });

  test('do not take a recording with them that a twin learned by heart', async () => {
    const recording = put(Array.from({ length: 2 }, (_, i) => noise(stimuli, 700 + 13 * i)).flat(), [2, stimuli]);
    const body = wholeBody('dataset', { arrays: [{ name: 'responses', object: recording }] });
    workspace.ledger.append([{ kind: 'dataset', subject: 'rec@1', body }]);
    activity('predicted', [
      put(Array.from({ length: 2 }, (_, i) => noise(stimuli, 700 + 13 * i).map((value) => value * 2)).flat(), [
        2,
        stimuli,
      ]),
    ]);
    expect(await keptKind({ ...nothing, arrays: [array(recording)] }, workspace)).toBeUndefined();
  });
});
