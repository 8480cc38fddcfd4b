import { logIntegral } from './simpson.ts';

/** To whom something happened, one time after another, among those to whom it could have. */
export interface Choices {
  /** x of all, [unit], in such an order that candidates are always the first so many. */
  x: Float64Array;
  /** How many could have been chosen, how many were, and the sum of their x. */
  among: { candidates: number; chosen: number; sum: number }[];
}

const steps = 160;

/**
 * Bayes factor of a slope above `bound` against one of `bound`, where log odds (or the log hazard) of being chosen are linear in x: the slope
 * beyond the bound is half-normal with sd `scale`. Given how many are chosen of which candidates, nothing is left of how often it
 * happens at all, and the likelihood ratio grows with the sum of the chosen: its expectation is at most 1 wherever the slope is at
 * most the bound (Cox 1972, J R Stat Soc B 34:187; of events in time a martingale). Throws nothing.
 */
export function choiceFactorAbove({ x, among }: Choices, bound: number, scale: number): number {
  const known = among.filter(({ candidates, chosen }) => chosen > 0 && chosen < candidates);
  const log = (slope: number) => {
    const sums = sumsOf(x, slope);
    return known.reduce(
      (total, { candidates, chosen, sum }) =>
        total +
        slope * sum -
        (chosen === 1 && sums[candidates - 1] > 0
          ? Math.log(sums[candidates - 1] / candidates)
          : logWays(x.subarray(0, candidates), chosen, slope)),
      0,
    );
  };
  const without = log(bound);
  const integral = logIntegral((beyond) => log(bound + beyond) - without - (beyond / scale) ** 2 / 2, 0, 9 * scale, {
    steps,
  });
  return Math.min(Number.MAX_VALUE, Math.exp(integral + Math.log(2 / Math.PI) / 2 - Math.log(scale)));
}

/** Σ exp(slope x) over the first so many units, [unit]; none where a number does not hold it. */
function sumsOf(x: Float64Array, slope: number): Float64Array {
  let sum = 0;
  const sums = x.map((own) => (sum += Math.exp(slope * own)));
  return sum < Infinity ? sums : sums.fill(0);
}

/** The same choices, x turned round: evidence of a slope below −bound is evidence of one above it in these. */
export const turned = ({ x, among }: Choices): Choices => ({
  x: x.map((own) => -own),
  among: among.map((one) => ({ ...one, sum: -one.sum })),
});

/** log of the mean over all ways to choose so many of x of exp(slope Σ chosen x): the ways themselves are the same at every slope. */
function logWays(x: Float64Array, chosen: number, slope: number): number {
  if (2 * chosen > x.length) {
    // Choosing some is leaving the others.
    const all = x.reduce((sum, own) => sum + own, 0);
    return slope * all + logWays(x, x.length - chosen, -slope);
  }
  const centre = x.reduce((sum, own) => sum + own, 0) / x.length;
  const weights = x.map((own) => Math.exp(slope * (own - centre)));
  const mean = meanOfWays(weights, chosen);
  const log = mean > 0 && mean < Infinity ? Math.log(mean) : logOfWays(x, chosen, slope, centre);
  return log + slope * centre * chosen;
}

/** The mean product of so many weights, one weight after the other (Gail, Lubin & Rubinstein 1981, Biometrika 68:703, as means). */
function meanOfWays(weights: Float64Array, chosen: number): number {
  const means = new Float64Array(chosen + 1);
  means[0] = 1;
  for (let i = 1; i <= weights.length; i++)
    for (let k = Math.min(chosen, i); k > 0; k--)
      means[k] = ((i - k) / i) * means[k] + (k / i) * weights[i - 1] * means[k - 1];
  return means[chosen];
}

/** The log of the same in logs, where no number holds it. */
function logOfWays(x: Float64Array, chosen: number, slope: number, centre: number): number {
  const logs = new Float64Array(chosen + 1).fill(Number.NEGATIVE_INFINITY);
  logs[0] = 0;
  for (let i = 1; i <= x.length; i++)
    for (let k = Math.min(chosen, i); k > 0; k--)
      logs[k] = logSum(Math.log((i - k) / i) + logs[k], Math.log(k / i) + slope * (x[i - 1] - centre) + logs[k - 1]);
  return logs[chosen];
}

function logSum(a: number, b: number): number {
  const top = Math.max(a, b);
  return top === Number.NEGATIVE_INFINITY ? top : top + Math.log1p(Math.exp(Math.min(a, b) - top));
}
