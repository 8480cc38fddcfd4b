import { normalCdf } from './distributions.ts';
import { logGamma } from './gamma.ts';
import { logIntegral } from './simpson.ts';

/** A t statistic as evidence: of one sample size = n and degrees = n − 1; of two, size = n₁n₂ / (n₁ + n₂), degrees = n₁ + n₂ − 2. */
export interface TLook {
  t: number;
  degrees: number;
  size: number;
}

/** A prior of the standardised effect δ on its positive half. */
export type EffectPrior = { kind: 'cauchy'; scale: number } | { kind: 'normal'; scale: number };

const largest = Number.MAX_VALUE;
const nodes = 200;

/**
 * log of the likelihood of a t statistic under effect δ by that under 0 (Rushton 1950, Biometrika 37:326):
 * e^(−λ²/2) ∫ u^ν e^(−u²/2 + xu) du / ∫ u^ν e^(−u²/2) du, λ = δ√size, x = λt/√(ν + t²). By Simpson's rule over ± 12 standard
 * deviations of the logarithmically concave integrand.
 */
export function logLikelihoodRatio({ t, degrees, size }: TLook, delta: number): number {
  const shift = delta * Math.sqrt(size);
  const x = shift * (Number.isFinite(t) ? t / Math.sqrt(degrees + t * t) : Math.sign(t));
  const mode = (x + Math.sqrt(x * x + 4 * degrees)) / 2;
  const sd = 1 / Math.sqrt(1 + degrees / (mode * mode));
  const from = Math.max(1e-12, mode - 12 * sd);
  const log = (u: number) => degrees * Math.log(u) - (u * u) / 2 + x * u;
  const all = logIntegral(log, from, mode + 12 * sd, { steps: nodes, top: log(mode) });
  const without = ((degrees - 1) / 2) * Math.LN2 + logGamma((degrees + 1) / 2);
  return all - without - (shift * shift) / 2;
}

/**
 * Bayes factor of an effect above 0 against none: its likelihood ratio, averaged over the positive half of a prior of δ. With a
 * Cauchy prior that of Morey & Rouder 2011 (Psychol Methods 16:406); the mean of it and of its mirror image is the two-sided
 * JZS factor. σ has the right-Haar prior in both, so that its expectation is at most 1 where δ ≤ 0, also when it is looked at after
 * every unit (Hendriksen, de Heide & Grünwald 2021, Bayesian Anal 16:961). 1 below two units or without any scatter.
 */
export function bayesFactorAbove(look: TLook, prior: EffectPrior): number {
  if (look.degrees < 1 || !(look.size > 0) || Number.isNaN(look.t)) return 1;
  if (prior.kind === 'normal') return normalFactorAbove(look, prior.scale);
  // δ = scale · tan(πv/2), which half a Cauchy makes uniform in v; Simpson's rule.
  const steps = 200;
  const logs = Array.from({ length: steps - 1 }, (_, i) =>
    logLikelihoodRatio(look, prior.scale * Math.tan((Math.PI / 2) * ((i + 1) / steps))),
  );
  const top = Math.max(...logs);
  // At v = 0 the ratio is 1; at v = 1 both it and the prior are 0.
  const sum = logs.reduce((total, log, i) => total + (i % 2 === 0 ? 4 : 2) * Math.exp(log - top), Math.exp(-top));
  return Math.min(largest, Math.exp(top + Math.log(sum / (3 * steps))));
}

/**
 * The same with half a normal prior of δ, over which the likelihood ratio is integrated first:
 * 2 / √(1 + s²·size) · ∫ u^ν e^(−(1 − g²)u²/2) Φ(gu) du / ∫ u^ν e^(−u²/2) du, g = s·√size·y / √(1 + s²·size), y = t / √(ν + t²).
 */
function normalFactorAbove({ t, degrees, size }: TLook, scale: number): number {
  const spread = 1 + size * scale * scale;
  const y = Number.isFinite(t) ? t / Math.sqrt(degrees + t * t) : Math.sign(t);
  const gain = (scale * Math.sqrt(size) * y) / Math.sqrt(spread);
  const curvature = 1 - gain * gain;
  // On the scale of v = log u, where the integrand falls off on both sides, the trapezoid rule is exact to rounding.
  const sd = 1 / Math.sqrt(2 * (degrees + 1));
  // Where g < 0, Φ(gu) falls like e^(−g²u²/2) and moves the peak towards that of curvature 1.
  const right = 0.5 * Math.log((degrees + 1) / curvature) + 10 * sd;
  const left = 0.5 * Math.log((degrees + 1) / (gain < 0 ? 1 : curvature)) - 10 * sd - 40 / (degrees + 1);
  const count = Math.max(100, Math.ceil((right - left) / 0.12));
  const step = (right - left) / count;
  const logs = Array.from({ length: count + 1 }, (_, i) => {
    const v = left + i * step;
    const u = Math.exp(v);
    return (degrees + 1) * v - (curvature * u * u) / 2 + Math.log(Math.max(Number.MIN_VALUE, normalCdf(gain * u)));
  });
  const top = Math.max(...logs);
  const sum = logs.reduce((total, log) => total + Math.exp(log - top), 0);
  const without = ((degrees - 1) / 2) * Math.LN2 + logGamma((degrees + 1) / 2);
  return Math.min(largest, Math.exp(top + Math.log(sum * step) - without + Math.LN2 - Math.log(spread) / 2));
}

/** The t statistic of these numbers against 0. */
export function lookOfOne(values: ArrayLike<number>, n = values.length): TLook {
  const { mean, squares } = scatter(values, 0, n);
  return { t: mean / Math.sqrt(squares / (n - 1) / n), degrees: n - 1, size: n };
}

/** The pooled t statistic of the numbers of two groups. */
export function lookOfTwo(first: ArrayLike<number>, second: ArrayLike<number>): TLook {
  const [a, b] = [scatter(first, 0, first.length), scatter(second, 0, second.length)];
  const degrees = first.length + second.length - 2;
  const size = (first.length * second.length) / (first.length + second.length);
  return { t: (a.mean - b.mean) / Math.sqrt((a.squares + b.squares) / degrees / size), degrees, size };
}

function scatter(values: ArrayLike<number>, from: number, to: number): { mean: number; squares: number } {
  let mean = 0;
  let squares = 0;
  for (let i = from; i < to; i++) {
    const rest = values[i] - mean;
    mean += rest / (i - from + 1);
    squares += rest * (values[i] - mean);
  }
  return { mean, squares };
}
