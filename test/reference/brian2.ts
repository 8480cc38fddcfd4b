import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { type LifInput, type LifParameters, shiu2024 } from '../../mcp-servers/twin/src/spiking/lif.ts';
import { root } from '../fixtures/client.ts';

/** Python with Brian2, when `npm test` installed one. */
export const python = process.env.BREGMA_REFERENCE_PYTHON;
if (!python) console.log('Skipped without BREGMA_REFERENCE_PYTHON: comparison with Brian2.');

export interface SignedEdges {
  neurons: number;
  pre: Int32Array;
  post: Int32Array;
  /** Signed synapses. */
  count: Int32Array;
}

/** Runs the same network and input in Brian2, once for each trial or all trials together; spikes of a trial as step × neurons + neuron, ascending, and the seconds of all runs. */
export function runBrian2(
  edges: SignedEdges,
  input: LifInput,
  durationMs: number,
  options: {
    seed?: number;
    trials?: number;
    together?: boolean;
    target?: 'numpy' | 'cython';
    parameters?: LifParameters;
  } = {},
): { trials: number[][]; seconds: number } {
  const { seed = 1, trials = 1, together = false, target = 'numpy', parameters = shiu2024 } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-brian2-'));
  try {
    const save = (name: string, data: Int32Array) =>
      writeFileSync(path.join(folder, `${name}.npy`), writeNpy({ data, shape: [data.length] }));
    save('pre', edges.pre);
    save('post', edges.post);
    save('weight', edges.count);
    const given = { ...input, neurons: edges.neurons, durationMs, seed, trials, together, parameters };
    writeFileSync(path.join(folder, 'input.json'), JSON.stringify(given));
    const run = spawnSync(python ?? 'python3', [path.join(root, 'test/reference/lif_brian2.py'), folder, target], {
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(run.stderr);
    const rows = parseNpy(readFileSync(path.join(folder, 'spikes.npy'))).data as Int32Array;
    const found = Array.from({ length: trials }, () => [] as number[]);
    for (let k = 0; k < rows.length; k += 3) found[rows[k + 2]].push(rows[k + 1] * edges.neurons + rows[k]);
    for (const spikes of found) spikes.sort((x, y) => x - y);
    return { trials: found, seconds: Number(run.stdout.trim().split('\n').at(-1)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** (neuron, step) pairs as one ascending list of step × neurons + neuron. */
export function sortedSpikes(pairs: ArrayLike<number>, neurons: number): number[] {
  return Array.from({ length: pairs.length / 2 }, (_, k) => pairs[2 * k + 1] * neurons + pairs[2 * k]).sort(
    (a, b) => a - b,
  );
}
