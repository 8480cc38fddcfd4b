import { normalCdf, normalQuantile } from './distributions.ts';
import { incompleteBeta, logGamma } from './gamma.ts';
import { integrate } from './simpson.ts';

/** Cumulative Student t. */
export function studentCdf(t: number, degrees: number): number {
  const tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** Quantile of Student t, by bisection from the normal quantile outwards. */
export function studentQuantile(p: number, degrees: number): number {
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  let low = 0;
  let high = Math.max(2, 2 * normalQuantile(p));
  while (studentCdf(high, degrees) < p) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Cumulative noncentral t with noncentrality δ: ∫ Φ(t·s − δ) f(s) ds over the scaled chi distribution of s (Simpson's rule). */
export function noncentralCdf(t: number, degrees: number, delta: number): number {
  const logConstant = Math.LN2 + (degrees / 2) * Math.log(degrees / 2) - logGamma(degrees / 2);
  const spread = 9 / Math.sqrt(2 * degrees);
  const [low, high, steps] = [Math.max(1e-9, 1 - spread), 1 + spread + 0.5 / degrees, 2000];
  const density = (s: number) => Math.exp(logConstant + (degrees - 1) * Math.log(s) - (degrees * s * s) / 2);
  return integrate((s) => normalCdf(t * s - delta) * density(s), low, high, steps);
}

/** Probability of a Student t at least this far from 0. */
export function studentTwoSided(t: number, degrees: number): number {
  return Number.isFinite(t) ? incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) : Number.isNaN(t) ? t : 0;
}
