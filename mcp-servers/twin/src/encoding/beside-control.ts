import { makeRandom } from '@bregma/core/statistics/random';
import { type FitReadout, predictRidge, type RidgeInput } from './ridge.ts';
import { place, without } from './score.ts';

/**
 * Predictions [neuron × stimulus] of each set by a readout that was fitted on all others, and those of the same procedure with
 * training responses shuffled against their stimuli. Both are fitted at once, as twice the neurons: what they share, which is all
 * that does not depend on responses, is computed once. progress: sets done.
 */
export async function besideControl(
  fit: FitReadout,
  input: RidgeInput,
  sets: Int32Array[],
  { seed, signal, progress }: { seed: number; signal: AbortSignal; progress(done: number): void },
): Promise<{ predictions: Float64Array; control: Float64Array }> {
  const { neurons, stimuli } = input;
  const random = makeRandom(`control ${seed}`);
  const out = new Float64Array(2 * neurons * stimuli).fill(Number.NaN);
  for (const [k, held] of sets.entries()) {
    const train = without(stimuli, held);
    const responses = new Float64Array(2 * neurons * stimuli).fill(Number.NaN);
    for (let neuron = 0; neuron < neurons; neuron++) {
      const measured = train.filter((row) => !Number.isNaN(input.responses[neuron * stimuli + row]));
      const order = random.fork(`${k} ${neuron}`).permutation(measured.length);
      measured.forEach((row, i) => {
        responses[neuron * stimuli + row] = input.responses[neuron * stimuli + row];
        responses[(neurons + neuron) * stimuli + row] = input.responses[neuron * stimuli + measured[order[i]]];
      });
    }
    const both = { ...input, responses, neurons: 2 * neurons };
    place(await predictRidge(await fit(both, train, { signal }), input.bands, held), held, out, both);
    progress(k + 1);
  }
  return { predictions: out.slice(0, neurons * stimuli), control: out.slice(neurons * stimuli) };
}
