// The spiking engine on a graphics processor: simulated seconds per second for 1, 30 and 300 trials of a network of the fly's
// size, and how far its counts are from those of the threads. Without a graphics processor it says so and ends; the argument
// `software` runs one trial of 20 ms on whatever adapter there is, to see that it works.
import { BregmaError } from '@bregma/core/errors';
import { openGraphics } from '../../mcp-servers/twin/src/spiking/engines/graphics.ts';
import { simulateTrials } from '../../mcp-servers/twin/src/spiking/engines/simulate-trials.ts';
import { flyNetwork } from '../fixtures/fly-network.ts';
import { driveFirst } from '../fixtures/spiking.ts';
import { middle } from './report.ts';

const software = process.argv.includes('software');
const signal = new AbortController().signal;
const graphics = await openGraphics().catch((error: BregmaError) => error);
if (graphics instanceof Error || (!graphics.hardware && !software)) {
  const why = graphics instanceof BregmaError ? graphics.message : `${graphics.name} is software`;
  console.log(`skipped: ${why}`);
  process.exit(0);
}
console.log(graphics.name);
const network = flyNetwork(12);
const input = driveFirst(110);
const durationMs = software ? 20 : 1000;

async function measure(backend: 'wasm' | 'webgpu', trials: number) {
  const seeds = Array.from({ length: trials }, (_, trial) => BigInt(trial));
  const from = performance.now();
  const { results } = await simulateTrials(network, input, { backend, durationMs, seeds, signal });
  return { rate: (trials * durationMs) / (performance.now() - from), counts: results[0].counts };
}

const show = (values: number[]) =>
  `${middle(values).toPrecision(3)} [${Math.min(...values).toPrecision(3)}–${Math.max(...values).toPrecision(3)}]`;

for (const trials of software ? [1] : [1, 30, 300]) {
  const rates: Record<'wasm' | 'webgpu', number[]> = { wasm: [], webgpu: [] };
  let different = 0;
  for (let round = -1; round < (software ? 1 : 3); round++) {
    const [shader, threads] = [await measure('webgpu', trials), await measure('wasm', trials)];
    if (round < 0) continue; // warms up
    rates.webgpu.push(shader.rate);
    rates.wasm.push(threads.rate);
    different = shader.counts.filter((count, neuron) => count !== threads.counts[neuron]).length;
  }
  console.log(
    `${trials} trials: webgpu ${show(rates.webgpu)} simulated seconds a second, threads ${show(rates.wasm)}; ` +
      `${different} of ${network.neurons} neurons differ in the first trial`,
  );
}
