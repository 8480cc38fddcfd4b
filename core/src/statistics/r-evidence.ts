import { incompleteBeta, logGamma } from './gamma.ts';
import { logIntegral } from './simpson.ts';

const largest = Number.MAX_VALUE;
const nodes = 400;

/**
 * log of the density of a sample correlation r of n pairs under ρ, up to what does not depend on ρ: Hotelling's form (1953, J R
 * Stat Soc B 15:193) for bivariate normal pairs, (1 − ρ²)^((n−1)/2) (1 − ρr)^(3/2−n) ₂F₁(½, ½; n − ½; (1 + ρr)/2).
 */
function logDensity(r: number, n: number, rho: number): number {
  const z = (1 + rho * r) / 2;
  let [term, sum] = [1, 1];
  for (let k = 0; k < 2000 && term > 1e-16 * sum; k++) {
    term *= ((k + 0.5) ** 2 * z) / ((n - 0.5 + k) * (k + 1));
    sum += term;
  }
  return ((n - 1) / 2) * Math.log1p(-rho * rho) - (n - 1.5) * Math.log1p(-rho * r) + Math.log(sum);
}

/** log of the likelihood of r under ρ by that under `bound`: of data whose means and scales are not known (right-Haar priors). */
export function logCorrelationRatio(r: number, n: number, rho: number, bound: number): number {
  return logDensity(within(r), n, rho) - logDensity(within(r), n, bound);
}

/**
 * Bayes factor of a correlation above `bound` against one of `bound`: ρ beyond it has a stretched beta prior of width κ, cut
 * there; 1 is uniform (Ly, Verhagen & Wagenmakers 2016, J Math Psychol 72:19). The mean of it and of its mirror image at 0 is their
 * two-sided factor. The density of r has a monotone likelihood ratio in ρ, so that its expectation is at most 1 where ρ ≤ bound;
 * means and scales have right-Haar priors, so that this holds at every look. By Simpson's rule on Fisher's scale. 1 below three pairs.
 */
export function correlationFactorAbove(r: number, n: number, bound = 0, width = 1): number {
  if (n < 3 || !Number.isFinite(r)) return 1;
  const [peak, start] = [Math.atanh(within(r)), Math.atanh(bound)];
  const reach = 14 / Math.sqrt(n - 2) + 16 / (n - 2);
  const from = Math.max(start, Math.min(peak, start + reach) - reach);
  const likelihood = integral(from, Math.max(peak, start) + reach, (rho) => logDensity(within(r), n, rho), width);
  return Math.min(largest, Math.exp(likelihood - logPriorAbove(bound, 1 / width) - logDensity(within(r), n, bound)));
}

/** log ∫ (1 − ρ²)^(a − 1) dρ from `bound` to 1. */
function logPriorAbove(bound: number, a: number): number {
  const whole = 2 * logGamma(a) - logGamma(2 * a) + (2 * a - 1) * Math.LN2;
  return whole + Math.log(incompleteBeta((1 - bound) / 2, a, a));
}

/** A correlation of ±1 has no density. */
const within = (r: number) => Math.max(-1 + 1e-12, Math.min(1 - 1e-12, r));

/** log ∫ exp(log(ρ)) (1 − ρ²)^(1/κ − 1) dρ over tanh of [from, to]; on that scale dρ is 1 − ρ². */
function integral(from: number, to: number, log: (rho: number) => number, width: number): number {
  const logOf = (z: number) => {
    // log(1 − tanh²), also far out.
    const rest = 2 * (Math.LN2 - Math.abs(z) - Math.log1p(Math.exp(-2 * Math.abs(z))));
    return rest / width + log(within(Math.tanh(z)));
  };
  return logIntegral(logOf, from, to, { steps: nodes });
}
