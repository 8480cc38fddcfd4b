import { logIntegral } from './simpson.ts';

/** Those to which something happened, among those to which it could have: x of all, [candidate], and of the chosen how many and the sum of their x. */
export interface Choice {
  x: Float64Array;
  chosen: number;
  sum: number;
}

const steps = 160;

/**
 * Bayes factor of a slope above `bound` against one of `bound`, where log odds (or the log hazard) of being chosen are linear in x: the slope
 * beyond the bound is half-normal with sd `scale`. Given how many are chosen of which candidates, nothing is left of how often it
 * happens at all, and the likelihood ratio grows with the sum of the chosen: its expectation is at most 1 wherever the slope is at
 * most the bound (Cox 1972, J R Stat Soc B 34:187; of events in time a martingale). Throws nothing.
 */
export function choiceFactorAbove(choices: readonly Choice[], bound: number, scale: number): number {
  const known = choices.filter(({ x, chosen }) => chosen > 0 && chosen < x.length);
  const log = (slope: number) =>
    known.reduce((sum, { x, chosen, sum: own }) => sum + slope * own - logWays(x, chosen, slope), 0);
  const without = log(bound);
  const integral = logIntegral((beyond) => log(bound + beyond) - without - (beyond / scale) ** 2 / 2, 0, 9 * scale, {
    steps,
  });
  return Math.min(Number.MAX_VALUE, Math.exp(integral + Math.log(2 / Math.PI) / 2 - Math.log(scale)));
}

/** The same choices, x turned round: evidence of a slope below −bound is evidence of one above it in these. */
export const turned = (choices: readonly Choice[]): Choice[] =>
  choices.map(({ x, chosen, sum }) => ({ x: x.map((own) => -own), chosen, sum: -sum }));

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
