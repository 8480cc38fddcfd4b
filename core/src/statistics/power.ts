import { spearman } from './correlation.ts';
import { normalCdf } from './distributions.ts';
import type { Random } from './random.ts';
import { noncentralCdf, studentQuantile } from './student.ts';

interface TTest {
  /** Cohen's d. */
  effect: number;
  alpha?: number;
}

/** Power of a two-sided two-sample t test, n in each group (Cohen 1988). */
export function powerOfTwoSamples({ effect, n, alpha = 0.05 }: TTest & { n: number }): number {
  return powerOfT(2 * n - 2, effect * Math.sqrt(n / 2), alpha);
}

/** Power of a two-sided paired (or one-sample) t test of n pairs. */
export function powerOfPairs({ effect, n, alpha = 0.05 }: TTest & { n: number }): number {
  return powerOfT(n - 1, effect * Math.sqrt(n), alpha);
}

function powerOfT(degrees: number, delta: number, alpha: number): number {
  const critical = studentQuantile(1 - alpha / 2, degrees);
  return 1 - noncentralCdf(critical, degrees, delta) + noncentralCdf(-critical, degrees, delta);
}

/**
 * Power of a two-sided test that a Pearson correlation is 0, by Fisher's z with its bias r / (2(n − 1)) (Cohen 1988, § 3.5), the
 * critical r taken from Student's t.
 */
export function powerOfCorrelation({ r, n, alpha = 0.05 }: { r: number; n: number; alpha?: number }): number {
  const t = studentQuantile(1 - alpha / 2, n - 2);
  const critical = Math.sqrt((t * t) / (t * t + n - 2));
  const mean = Math.atanh(r) + r / (2 * (n - 1));
  const scale = Math.sqrt(n - 3);
  return normalCdf((mean - Math.atanh(critical)) * scale) + normalCdf((-mean - Math.atanh(critical)) * scale);
}

/** Smallest (real) n at which `power(n)` reaches `wanted`. power rises with n. */
export function sampleSize(power: (n: number) => number, wanted: number, smallest = 4): number {
  let high = smallest;
  while (power(high) < wanted) high *= 2;
  let low = Math.max(smallest, high / 2);
  for (let step = 0; step < 100 && high - low > 1e-9; step++) {
    const middle = (low + high) / 2;
    if (power(middle) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Power of a two-sided test that Spearman's ρ is 0 when x and y are bivariate normal with correlation r: simulated, with its standard error. */
export function powerOfSpearman(
  { r, n, alpha = 0.05, simulations = 4000 }: { r: number; n: number; alpha?: number; simulations?: number },
  random: Random,
): { power: number; standardError: number } {
  const t = studentQuantile(1 - alpha / 2, n - 2);
  const critical = Math.sqrt((t * t) / (t * t + n - 2));
  let found = 0;
  for (let k = 0; k < simulations; k++) {
    const x = Float64Array.from({ length: n }, random.normal);
    const y = x.map((value) => r * value + Math.sqrt(1 - r * r) * random.normal());
    if (Math.abs(spearman(x, y)) > critical) found++;
  }
  const power = found / simulations;
  return { power, standardError: Math.sqrt((power * (1 - power)) / simulations) };
}
