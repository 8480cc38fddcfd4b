// Five-fold ridge of one session's size against scikit-learn, in turns, with the largest difference of the predictions.
// BREGMA_BENCH_PYTHON names a Python with scikit-learn; without it one is made in .cache/.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { fitRidge, predictRidge } from '../../mcp-servers/twin/src/encoding/ridge.ts';
import { folds, place, without } from '../../mcp-servers/twin/src/encoding/score.ts';
import { root } from '../fixtures/client.ts';
import { inTurns, line } from './report.ts';

function findPython(): string {
  if (process.env.BREGMA_BENCH_PYTHON) return process.env.BREGMA_BENCH_PYTHON;
  const folder = path.join(root, '.cache/bench-python');
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!existsSync(python)) {
    for (const args of [['-m', 'venv', folder], null]) {
      const [command, rest] = args
        ? ['python3', args]
        : [python, ['-m', 'pip', 'install', '-q', 'numpy', 'scikit-learn']];
      if (spawnSync(command, rest, { stdio: 'inherit' }).status !== 0)
        throw new Error(`${command} ${rest.join(' ')} failed: set BREGMA_BENCH_PYTHON.`);
    }
  }
  return python;
}

const python = findPython();
const folder = mkdtempSync(path.join(tmpdir(), 'bregma-bench-'));
const lambda = 0.01;
for (const [stimuli, features, neurons] of [
  [640, 2352, 50],
  [1200, 2352, 89],
]) {
  const random = makeRandom(stimuli);
  const x = Float32Array.from({ length: stimuli * features }, random.normal);
  const y = Float64Array.from({ length: neurons * stimuli }, random.normal);
  const split = folds([...Array(stimuli).keys()], makeRandom('folds'));
  const fold = new Int32Array(stimuli);
  split.forEach((held, k) => {
    for (const row of held) fold[row] = k;
  });
  const transposed = Float64Array.from(
    { length: y.length },
    (_, i) => y[(i % neurons) * stimuli + Math.floor(i / neurons)],
  );
  writeFileSync(path.join(folder, 'X.npy'), writeNpy({ data: Float64Array.from(x), shape: [stimuli, features] }));
  writeFileSync(path.join(folder, 'Y.npy'), writeNpy({ data: transposed, shape: [stimuli, neurons] }));
  writeFileSync(path.join(folder, 'folds.npy'), writeNpy({ data: fold, shape: [stimuli] }));
  const input = { bands: [{ name: 'x', features: x, width: features }], responses: y, neurons, stimuli };
  const predictions = new Float64Array(y.length);
  const cross = async (lambdas: number[]) => {
    const from = performance.now();
    for (const held of split) {
      const model = await fitRidge(input, without(stimuli, held), { lambdas });
      place(await predictRidge(model, input.bands, held), held, predictions, input);
    }
    return (performance.now() - from) / 1000;
  };
  const sklearn = async () => {
    const run = spawnSync(python, [path.join(root, 'test/bench/ridge.py'), folder, String(lambda)], {
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(run.stderr);
    return Number(run.stdout);
  };
  const times = await inTurns({ ours: () => cross([lambda]), sklearn }, 3);
  const name = `ridge, 5 folds, ${stimuli} × ${features} → ${neurons}`;
  line(`${name}, one λ`, times.ours, 's', { name: 'scikit-learn', values: times.sklearn });
  const theirs = parseNpy(readFileSync(path.join(folder, 'predictions.npy'))).data as Float64Array;
  let worst = 0;
  for (let i = 0; i < stimuli; i++)
    for (let neuron = 0; neuron < neurons; neuron++)
      worst = Math.max(worst, Math.abs(theirs[i * neurons + neuron] - predictions[neuron * stimuli + i]));
  console.log(`largest difference of the predictions: ${worst.toExponential(1)}`);
  const nested = await inTurns(
    { nested: () => cross([-4, -3.5, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1].map((power) => 10 ** power)) },
    1,
  );
  line(`${name}, λ of 11 chosen inside`, nested.nested, 's');
}
rmSync(folder, { recursive: true, force: true });
