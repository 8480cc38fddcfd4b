import { withDecimals, withDigits } from '@bregma/core/numbers';
import { fewestUnitsFor, largestEValue } from '@bregma/core/statistics/mean-e-value';
import { contrast } from './contrast.ts';

/** Predictions of two twins for one neuron are one prediction when nothing but rounding tells them apart. */
const rounding = 1e-9;
/** Multiples of it, less their whole parts, are all different. */
const goldenRatio = (1 + Math.sqrt(5)) / 2;

/**
 * Why a test of these predictions could not be decided whatever was measured, or undefined: no prediction varies over the
 * stimuli, so that r is not defined, or two twins predict the same. predicted: one array a twin, C order [neuron × unit].
 */
export function undecidable(predicted: Float64Array[], neurons: number, units: number): string | undefined {
  const judged = predicted.map((values) => varying(values, neurons, units));
  const constant = judged.findIndex((rows) => rows.every((varies) => !varies));
  if (constant >= 0)
    return `twin ${constant + 1} of the prediction predicts the same for every tested stimulus, of every neuron: its r is not defined`;
  const [first, second] = predicted;
  if (!second) return undefined;
  const both = Array.from({ length: neurons }, (_, neuron) => neuron).filter((n) => judged[0][n] && judged[1][n]);
  if (both.length === 0)
    return 'there is no neuron for which both twins predict anything that varies over the tested stimuli';
  return both.every((neuron) => agree(first, second, neuron, units))
    ? 'the two twins predict the same for every tested stimulus: nothing can tell them apart'
    : undefined;
}

/** Why so few units decide nothing at this level, or undefined. level: (0, 1). */
export function tooFewUnits(units: number, level: number): string | undefined {
  const needed = 1 / level;
  if (largestEValue(units) >= needed) return undefined;
  return `${units} different stimuli can give an e-value of ${withDigits(largestEValue(units), 2)} at most, and ${withDecimals(needed, 0)} is needed: that takes at least ${fewestUnitsFor(needed)}`;
}

/**
 * Of which neurons a prediction has an r with some response: by the very computation of the test, with numbers that always vary in
 * the place of what was measured. A prediction that varies at one stimulus alone has none.
 */
function varying(values: Float64Array, neurons: number, units: number): boolean[] {
  const mean = values.map((value, i) => (Number.isFinite(value) ? (i * goldenRatio) % 1 : Number.NaN));
  const { effect } = contrast({ neurons, units, mean, count: new Int32Array(mean.length) }, [values], [1]);
  return Array.from(effect, Number.isFinite);
}

/** Whether one row is the other in another unit: r with any response is then the same. */
function agree(a: Float64Array, b: Float64Array, neuron: number, units: number): boolean {
  const row = (values: Float64Array) => values.slice(neuron * units, (neuron + 1) * units);
  const averages = { neurons: 1, units, mean: row(a), count: new Int32Array(units) };
  const { r } = contrast(averages, [row(b)], [1]);
  return r[0][0] > 1 - rounding;
}
