import { mean, spearman } from '@bregma/core/statistics/correlation';
import { studentQuantile } from '@bregma/core/statistics/student';
import type { TrialResult } from './lif.ts';

/** A mean with its 95 % interval (Student t); the bounds are null when there is only one value. */
export interface Estimate {
  mean: number;
  low: number | null;
  high: number | null;
}

/** Mean with the 95 % interval of Student's t; no interval from fewer than two values. */
export function estimate(values: ArrayLike<number>): Estimate {
  const n = values.length;
  const average = mean(values);
  if (n < 2) return { mean: average, low: null, high: null };
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - average) ** 2;
  const half = studentQuantile(0.975, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { mean: average, low: average - half, high: average + half };
}

/** Spikes of every neuron as rates, Hz. */
export function ratesOf({ counts }: TrialResult, durationMs: number): Float64Array {
  const rates = new Float64Array(counts.length);
  for (let i = 0; i < counts.length; i++) rates[i] = (counts[i] * 1000) / durationMs;
  return rates;
}

/** Means and intervals of a value of every neuron over independent units (trials, or draws of unknown signs). */
export class NeuronMeans {
  private readonly sums: Float64Array;
  private readonly squares: Float64Array;
  /** Units in which each neuron's value was not 0. */
  readonly nonZero: Uint32Array;
  units = 0;
  private quantile = { units: 0, value: Number.NaN };

  constructor(neurons: number) {
    this.sums = new Float64Array(neurons);
    this.squares = new Float64Array(neurons);
    this.nonZero = new Uint32Array(neurons);
  }

  /** values: of one unit. */
  add(values: ArrayLike<number>): void {
    for (let i = 0; i < this.sums.length; i++) {
      if (values[i] === 0) continue;
      this.sums[i] += values[i];
      this.squares[i] += values[i] * values[i];
      this.nonZero[i]++;
    }
    this.units++;
  }

  /** Means of all neurons. */
  means(): Float64Array {
    return this.sums.map((sum) => sum / this.units);
  }

  of(neuron: number): Estimate {
    const n = this.units;
    const average = this.sums[neuron] / n;
    if (n < 2) return { mean: average, low: null, high: null };
    const variance = Math.max(0, (this.squares[neuron] - n * average * average) / (n - 1));
    if (this.quantile.units !== n) this.quantile = { units: n, value: studentQuantile(0.975, n - 1) };
    const half = this.quantile.value * Math.sqrt(variance / n);
    return { mean: average, low: average - half, high: average + half };
  }
}

/** An interval of something that is never below 0. */
export function notBelowZero({ mean, low, high }: Estimate): Estimate {
  return { mean, low: low === null ? null : Math.max(0, low), high };
}

/** How much the answer depends on the draw of the unknown signs. */
export interface Stability {
  draws: number;
  /** Neurons that fired and were not driven, mean over the trials of a draw: its range over draws. */
  active: { lowest: number; highest: number };
  /** Mean Spearman correlation of the neurons' rates between pairs of draws, over neurons that fired in any; null for fewer than 3. */
  rankCorrelation: number | null;
}

/** rates: of every draw, [draw][neuron], Hz. active: of every draw. */
export function stabilityOf(rates: Float64Array[], active: number[], driven: ReadonlySet<number>): Stability {
  const fired = [...rates[0].keys()].filter((i) => !driven.has(i) && rates.some((draw) => draw[i] > 0));
  const pairs: number[] = [];
  for (let a = 0; a < rates.length; a++)
    for (let b = a + 1; b < rates.length; b++)
      pairs.push(
        spearman(
          fired.map((i) => rates[a][i]),
          fired.map((i) => rates[b][i]),
        ),
      );
  const known = pairs.filter((value) => Number.isFinite(value));
  return {
    draws: rates.length,
    active: { lowest: Math.min(...active), highest: Math.max(...active) },
    rankCorrelation: fired.length < 3 || known.length === 0 ? null : mean(known),
  };
}
