import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { writeNpy } from '@bregma/core/npy';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keptKind } from '../../../mcp-servers/atlas/src/sources/kept-kind.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-kept-'));
let workspace: OpenWorkspace;
const put = (values: number[], shape: number[]) =>
  workspace.objects.put(writeNpy({ data: Float64Array.from(values), shape }), 'application/x-npy').object;
const array = (object: string) => ({ name: 'responses', object, dtype: 'f8', shape: [], axes: [] });
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

test('the bytes that a twin predicted stay predicted, as a file and as an array', () => {
  expect(keptKind([predictions], [], workspace)).toEqual({ kind: 'predicted', activity: maker });
  expect(keptKind([], [array(predictions)], workspace)).toMatchObject({ kind: 'predicted', activity: maker });
});

test('so does an array some rows of which were predicted, in any order', () => {
  const mixed = put([...noise(6, 900), ...noise(6, 50), ...noise(6, 901)], [3, 6]);
  expect(keptKind([], [array(mixed)], workspace)).toEqual({
    kind: 'predicted',
    activity: maker,
    rows: { found: 1, of: 3 },
  });
});

test('what was measured, or says too little to be known again, is as it was told', () => {
  expect(keptKind([], [array(put([...noise(6, 200), ...noise(6, 250)], [2, 6]))], workspace)).toBeUndefined();
  activity('simulated', [put([0, 0, 0, 0, 0, 0], [1, 6])]);
  expect(keptKind([], [array(put([0, 0, 0, 0, 0, 0, ...noise(6, 7)], [2, 6]))], workspace)).toBeUndefined();
});
