import type { Prediction } from '@bregma/core/contracts/hypothesis';
import { bootstrap } from '@bregma/core/statistics/bootstrap';
import { mean, median } from '@bregma/core/statistics/correlation';
import { reliabilityOf } from '@bregma/core/statistics/noise-ceiling';
import { makeRandom } from '@bregma/core/statistics/random';
import type { Evidence, Measurement } from '../test-kinds/test-kind.ts';
import { averageTrials, type Contrast, contrast, shareByStimulus } from './contrast.ts';
import { predictionEValues } from './mean-e-value.ts';
import { repeatsByStimulus, type TrialTable } from './trial-table.ts';

/**
 * Σ sign · r(twin, measured), mean over neurons, with its e-values.
 *
 * The unit of inference is the stimulus: each gives one number, its mean share over all neurons (see `contrast`). What neurons
 * share (noise, tuning) stays inside that number, so nothing is assumed about their dependence. The claim is about these
 * neurons and about stimuli like the tested ones. Neurons that one stimulus set cannot judge (a response or a prediction that
 * does not vary) take no part and are counted.
 */
export async function measureContrast(
  evidence: Evidence,
  prediction: Prediction,
  signs: number[],
): Promise<Measurement> {
  const { trials, stimuli, predicted, breathe } = evidence;
  const random = makeRandom(evidence.seed);
  const averages = averageTrials(trials, stimuli);
  await breathe();
  const parts = contrast(averages, predicted, signs);
  await breathe();
  const effects = parts.effect.filter(Number.isFinite);
  const shares = shareByStimulus(parts).filter(Number.isFinite);
  const { eFor, eAgainst } = predictionEValues(shares, prediction);
  await breathe();
  const ofNeurons = await neuronEValues(parts, prediction, breathe);
  const overStimuli = bootstrap(shares, mean, random.fork('stimuli'));
  const overNeurons = bootstrap(effects, mean, random.fork('neurons'));
  await breathe();
  const ceilings = await ceilingsOf(trials, stimuli, random.fork('ceiling'), breathe);
  return {
    estimate: effects.length > 0 ? mean(effects) : null,
    low: overStimuli.low,
    high: overStimuli.high,
    interval: `percentile bootstrap over stimuli, ${overStimuli.resamples} resamples`,
    eFor,
    eAgainst,
    inference:
      'e-value over stimuli, each the mean share of all neurons: valid whatever noise the neurons share; about these neurons and stimuli like these',
    n: { count: shares.length, of: 'stimuli' },
    details: {
      neurons: effects.length,
      neuronsLeftOut: parts.neurons - effects.length,
      stimuli: shares.length,
      trials: trials.rows.length,
      meanR: parts.r.map((r) => mean(r.filter(Number.isFinite))),
      medianR: parts.r.map((r) => median(r)),
      neuronsPositive: effects.filter((effect) => effect > 0).length,
      neuronsWithE20: ofNeurons.filter((e) => e >= 20).length,
      anyNeuronE: finite(mean(ofNeurons.filter(Number.isFinite))),
      overNeurons: [overNeurons.low ?? Number.NaN, overNeurons.high ?? Number.NaN],
      noiseCeiling: finite(median(ceilings)),
    },
    perNeuron: {
      columns: [...parts.r.map((_, twin) => `r_${twin + 1}`), 'effect', 'e_for', 'ceiling'],
      values: interleave([...parts.r, parts.effect, ofNeurons, ceilings]),
    },
  };
}

/**
 * e-value of the prediction for each neuron by itself; NaN where there is none. Their mean is an e-value against "it holds for
 * no neuron", whatever the neurons share (Vovk & Wang 2021, Ann Stat 49:1736): a weaker claim than the one about the mean.
 */
async function neuronEValues(
  { share, neurons, stimuli }: Contrast,
  prediction: Prediction,
  breathe: () => Promise<void>,
): Promise<Float64Array> {
  const eValues = new Float64Array(neurons);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const own = share.subarray(neuron * stimuli, (neuron + 1) * stimuli).filter(Number.isFinite);
    eValues[neuron] = predictionEValues(own, prediction).eFor ?? Number.NaN;
    if (neuron % 16 === 15) await breathe();
  }
  return eValues;
}

/** Largest r that a perfect prediction can expect with each neuron's average; NaN with fewer than two repeats. */
async function ceilingsOf(
  trials: TrialTable,
  stimuli: number[],
  random: ReturnType<typeof makeRandom>,
  breathe: () => Promise<void>,
): Promise<Float64Array> {
  const ceilings = new Float64Array(trials.neurons);
  const { order, repeats } = repeatsByStimulus(trials, stimuli);
  for (let neuron = 0; neuron < trials.neurons; neuron++) {
    const responses = order.map((row) => (row < 0 ? Number.NaN : trials.responses[row * trials.neurons + neuron]));
    ceilings[neuron] = repeats < 2 ? Number.NaN : reliabilityOf(responses, stimuli.length, repeats, random, 20).ceiling;
    await breathe();
  }
  return ceilings;
}

function interleave(columns: Float64Array[]): Float64Array {
  const rows = columns[0].length;
  return Float64Array.from(
    { length: rows * columns.length },
    (_, i) => columns[i % columns.length][Math.floor(i / columns.length)],
  );
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
