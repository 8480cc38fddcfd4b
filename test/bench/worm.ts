// Fit of a linear network to a simulated worm of the real one's size against SciPy's L-BFGS-B on the same loss, in turns, and the
// minima that both reach. BREGMA_BENCH_PYTHON as in ridge.ts: a Python with NumPy and SciPy.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type NpyArray, writeNpy } from '@bregma/core/npy';
import { type Anatomy, supportOf } from '../../mcp-servers/twin/src/causal/anatomy.ts';
import { bound, fitDynamics, objective, stimulus } from '../../mcp-servers/twin/src/causal/linear-dynamics.ts';
import { prepareStimulations } from '../../mcp-servers/twin/src/causal/stimulations.ts';
import { root } from '../fixtures/client.ts';
import { simulateWorm } from '../fixtures/simulated-worm.ts';
import { inTurns, line } from './report.ts';

const python = process.env.BREGMA_BENCH_PYTHON ?? path.join(root, '.cache/bench-python/bin/python');
const folder = mkdtempSync(path.join(tmpdir(), 'bregma-bench-'));
const worm = simulateWorm({ pairs: 78 });
const n = worm.names.length;
const anatomy: Anatomy = (['electrical', 'chemical'] as const).map((name) => {
  const own = worm.edges.filter(({ electrical }) => electrical === (name === 'electrical'));
  return { name, pre: Int32Array.from(own, ({ pre }) => pre), post: Int32Array.from(own, ({ post }) => post) };
});
const data = prepareStimulations(worm, Int32Array.from(worm.names.keys()), { bilateral: true });
const K = data.stimulated.length;
const options = { ridge: 20, margin: 20 };
const save = (name: string, array: Pick<NpyArray, 'data' | 'shape'>) =>
  writeFileSync(path.join(folder, `${name}.npy`), writeNpy(array));
save('responses', { data: data.responses, shape: [n, K] });
save('counts', { data: data.counts, shape: [n, K] });
save('stimulated', { data: data.stimulated, shape: [K] });

for (const wiring of ['anatomy', 'all'] as const) {
  const support = supportOf(anatomy, n, wiring, '');
  for (const name of ['pre', 'post', 'penalty'] as const)
    save(name, { data: support[name], shape: [support[name].length] });
  const minima = { ours: Number.NaN, scipy: Number.NaN };
  const times = await inTurns(
    {
      async ours() {
        const from = performance.now();
        const { weights } = await fitDynamics(data, support, options);
        const seconds = (performance.now() - from) / 1000;
        minima.ours = (await objective(data, support, options)(weights)).value;
        return seconds;
      },
      async scipy() {
        const numbers = [options.ridge, options.margin, bound, stimulus].map(String);
        const run = spawnSync(python, [path.join(root, 'test/bench/worm.py'), folder, ...numbers], {
          encoding: 'utf8',
        });
        if (run.status !== 0) throw new Error(run.stderr);
        const [seconds, minimum] = run.stdout.split(' ').map(Number);
        minima.scipy = minimum;
        return seconds;
      },
    },
    3,
  );
  line(`${n} neurons, ${support.pre.length} weights`, times.ours, 's', { name: 'SciPy', values: times.scipy });
  console.log(`minimum: ours ${minima.ours.toFixed(2)}, SciPy ${minima.scipy.toFixed(2)}`);
}
rmSync(folder, { recursive: true, force: true });
