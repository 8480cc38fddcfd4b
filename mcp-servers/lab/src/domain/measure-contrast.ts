import type { Prediction } from '@bregma/core/contracts/hypothesis';
import { metricOf } from '@bregma/core/hypothesis/predictions';
import { bootstrap } from '@bregma/core/statistics/bootstrap';
import { mean, median } from '@bregma/core/statistics/correlation';
import { predictionEValues } from '@bregma/core/statistics/mean-e-value';
import { noiseCeiling } from '@bregma/core/statistics/noise-ceiling';
import { intervalOf, type PseudoValues, pseudoValues } from '@bregma/core/statistics/pseudo-values';
import { makeRandom } from '@bregma/core/statistics/random';
import type { Evidence, Measurement } from '../test-kinds/test-kind.ts';
import { averageTrials, type Contrast, contrast, fewestOfNeuron, meanWithout } from './contrast.ts';
import { repeatsByUnit, type TrialTable } from './trial-table.ts';

/** Fewest neurons from which an interval over neurons is given. */
const fewestNeurons = 6;

/**
 * Σ sign · r(twin, measured), mean over neurons, with its e-values and its interval: all three about this one quantity, over the
 * same units, on the same scale.
 *
 * The unit of inference is the stimulus, with all of its copies: each gives one number, how far it moves the mean over neurons
 * (see `pseudoValues`). What neurons share (noise, tuning) stays inside that number, so nothing is assumed about their
 * dependence. The claim is about these neurons and about stimuli like the tested ones. Neurons that this set cannot judge (a
 * response or a prediction that does not vary, or only at one stimulus, or too few stimuli measured) take no part and are
 * counted; where most neurons were measured too seldom, their mean is not known and there is no verdict.
 */
export async function measureContrast(
  evidence: Evidence,
  prediction: Prediction,
  signs: number[],
): Promise<Measurement> {
  const { trials, units, predicted, breathe } = evidence;
  const random = makeRandom(evidence.seed);
  const [, range] = metricOf(prediction.metric).range;
  const parts = contrast(averageTrials(trials, units), predicted, signs);
  await breathe();
  const effects = parts.effect.filter(Number.isFinite);
  const estimate = effects.length > 0 ? mean(effects) : null;
  const values = pseudoValues(estimate ?? 0, meanWithout(parts).filter(Number.isFinite), range);
  const seldom = parts.measured.filter((count) => count > 0 && count < fewestOfNeuron).length;
  const known = estimate !== null && seldom <= effects.length;
  const decided = known ? predictionEValues(values, prediction) : { eFor: null, eAgainst: null };
  const { low, high } = known && values.units.length >= fewestOfNeuron ? intervalOf(values) : { low: null, high: null };
  await breathe();
  const ofNeurons = await neuronEValues(parts, prediction, range, breathe);
  const ceilings = ceilingsOf(trials, units, parts);
  await breathe();
  return {
    estimate,
    low,
    high,
    interval: 'Student t over stimuli on the scale of Fisher z, jackknife',
    ...decided,
    inference: inferenceOf(parts, values, known, seldom),
    n: { count: values.units.length, of: 'stimuli' },
    details: {
      neurons: effects.length,
      neuronsLeftOut: parts.neurons - effects.length,
      neuronsMeasuredTooSeldom: seldom,
      stimuli: values.units.length,
      copies: units.reduce((sum, { length }) => sum + length - 1, 0),
      trials: trials.rows.length,
      meanR: parts.r.map((r) => mean(r.filter(Number.isFinite))),
      medianR: parts.r.map((r) => median(r)),
      neuronsPositive: effects.filter((effect) => effect > 0).length,
      neuronsWithE20: ofNeurons.filter((e) => e >= 20).length,
      anyNeuronE: finite(mean(ofNeurons.filter(Number.isFinite))),
      overNeurons: overNeurons(effects, random.fork('neurons')),
      noiseCeiling: finite(median(ceilings)),
    },
    perNeuron: {
      columns: [...parts.r.map((_, twin) => `r_${twin + 1}`), 'effect', 'e_for', 'ceiling', 'stimuli'],
      values: interleave([...parts.r, parts.effect, ofNeurons, ceilings, Float64Array.from(parts.measured)]),
    },
  };
}

function inferenceOf(parts: Contrast, { units }: PseudoValues, known: boolean, seldom: number): string {
  if (!known && seldom > 0)
    return `${seldom} of ${parts.neurons} neurons were measured at fewer than ${fewestOfNeuron} of the stimuli: what the mean over neurons is cannot be told`;
  return `e-value over ${units.length} stimuli, each by how far it moves the mean over neurons: valid whatever noise the neurons share; about these neurons and stimuli like these`;
}

/** 95 % interval of the mean over neurons, as if they were independent; null from fewer than six. */
function overNeurons(effects: Float64Array, random: ReturnType<typeof makeRandom>): number[] | null {
  if (effects.length < fewestNeurons) return null;
  const { low, high } = bootstrap(effects, mean, random);
  return [low ?? Number.NaN, high ?? Number.NaN];
}

/**
 * e-value of the prediction for each neuron by itself; NaN where there is none. Their mean is an e-value against "it holds for
 * no neuron", whatever the neurons share (Vovk & Wang 2021, Ann Stat 49:1736): a weaker claim than the one about the mean.
 */
async function neuronEValues(
  { effect, without, neurons, units }: Contrast,
  prediction: Prediction,
  range: number,
  breathe: () => Promise<void>,
): Promise<Float64Array> {
  const eValues = new Float64Array(neurons);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const own = without.subarray(neuron * units, (neuron + 1) * units).filter(Number.isFinite);
    const values = pseudoValues(effect[neuron], own, range);
    eValues[neuron] = predictionEValues(values, prediction).eFor ?? Number.NaN;
    if (neuron % 16 === 15) await breathe();
  }
  return eValues;
}

/** Largest r that a perfect prediction can expect with each neuron's averages; NaN without repeats, or where there is no r. */
function ceilingsOf(trials: TrialTable, units: number[][], { effect }: Contrast): Float64Array {
  const { order, repeats } = repeatsByUnit(trials, units);
  return effect.map((value, neuron) => {
    if (Number.isNaN(value) || repeats < 2) return Number.NaN;
    const responses = order.map((row) => (row < 0 ? Number.NaN : trials.responses[row * trials.neurons + neuron]));
    return noiseCeiling(responses, units.length, repeats).ceiling ?? Number.NaN;
  });
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
