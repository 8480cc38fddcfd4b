import { incompleteBeta, logGamma } from './gamma.ts';

/** e-value of k successes in n against a success probability of at most `share` (default ½), by the uniform mixture of those above it (Ville 1939; Shafer 2021). */
export function bernoulliMixtureAbove(successes: number, trials: number, share = 0.5): number {
  const [a, b] = [successes + 1, trials - successes + 1];
  const whole = logGamma(a) + logGamma(b) - logGamma(a + b);
  const above = Math.log(incompleteBeta(1 - share, b, a)) - Math.log1p(-share);
  const under = successes * Math.log(share) + (trials - successes) * Math.log1p(-share);
  return Math.min(Number.MAX_VALUE, Math.exp(above + whole - under));
}

/**
 * Bayes factor for an effect, t test with a Cauchy(0, scale) prior on the effect size (Rouder et al. 2009, Psychon Bull Rev
 * 16:225). An e-value against no effect. Integral over g on a logarithmic grid. Of two samples n is n₁n₂ / (n₁ + n₂), and the
 * degrees of freedom are n₁ + n₂ − 2.
 */
export function jzsBayesFactor(t: number, n: number, scale = Math.SQRT1_2, degrees = n - 1): number {
  const logNull = (-(degrees + 1) / 2) * Math.log1p((t * t) / degrees);
  const logIntegrand = (u: number) => {
    const g = Math.exp(u);
    const spread = 1 + n * scale * scale * g;
    const likelihood = -0.5 * Math.log(spread) - ((degrees + 1) / 2) * Math.log1p((t * t) / (spread * degrees));
    // Inverse-gamma(½, ½) prior of g, and du = dg / g.
    return likelihood - 0.5 * Math.log(2 * Math.PI) - 1.5 * u - 1 / (2 * g) + u;
  };
  const [low, high, steps] = [-12, 40, 20_000];
  const width = (high - low) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++)
    sum += (i === 0 || i === steps ? 0.5 : 1) * Math.exp(logIntegrand(low + i * width) - logNull);
  return sum * width;
}

/** Mean of e-values: an e-value whatever the dependence between them (Vovk & Wang 2021, Ann Stat 49:1736). */
export function meanEValue(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
