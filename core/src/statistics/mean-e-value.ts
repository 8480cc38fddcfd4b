import type { Bound } from '../contracts/question.ts';
import { normalCdf } from './distributions.ts';
import { logGamma } from './gamma.ts';
import { type PseudoValues, toScale } from './pseudo-values.ts';

/** Scale of the effects that are looked for, in standard deviations of one unit: half-normal with this sd. */
const effectScale = 0.5;
const fewestUnits = 3;
const largest = Number.MAX_VALUE;

/**
 * e-value against "the mean of the units is at most m", for units that scatter normally with unknown variance: the Bayes factor
 * of a half-normal effect size (sd 0.5) with the right-Haar prior on σ. Under the null its expectation is at most 1, also when
 * it is looked at after every unit (Grünwald, de Heide & Koolen 2024, J R Stat Soc B 86:1091; Pérez-Ortiz et al. 2024, Ann Stat
 * 52:1410). Averaged with its mirror image it is the two-sided Bayes factor of Gönen et al. 2005, Am Stat 59:252.
 * 1 when there are fewer than three units or they are all m.
 */
export function meanAbove(units: ArrayLike<number>, m: number): number {
  const n = units.length;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    sum += units[i] - m;
    squares += (units[i] - m) ** 2;
  }
  if (n < fewestUnits || squares === 0) return 1;
  const s = sum / Math.sqrt(squares);
  const spread = 1 + n * effectScale ** 2;
  const gain = (s * effectScale) ** 2 / spread;
  const slope = (s * effectScale) / Math.sqrt(spread);
  // Integrate over w = √(Σx²)/σ; without the effect the density of w is that of a χ with n degrees of freedom.
  const withEffect = logIntegral(n, 1 - gain, (w) => Math.log(Math.max(normalCdf(slope * w), Number.MIN_VALUE)));
  const without = (n / 2 - 1) * Math.LN2 + logGamma(n / 2);
  return Math.min(Math.exp(Math.log(2) - Math.log(spread) / 2 + withEffect - without), largest);
}

/** ln ∫₀^∞ w^(n−1) exp(−curvature·w²/2) exp(factor(w)) dw, by the trapezoid rule over ± 12 standard deviations. */
function logIntegral(n: number, curvature: number, factor: (w: number) => number): number {
  const mode = Math.sqrt((n - 1) / curvature);
  const sd = 1 / Math.sqrt(2 * curvature);
  const from = Math.max(1e-9, mode - 12 * sd);
  const step = (mode + 12 * sd - from) / 1200;
  const logs = Array.from({ length: 1201 }, (_, i) => {
    const w = from + i * step;
    return (n - 1) * Math.log(w) - (curvature * w * w) / 2 + factor(w);
  });
  const top = Math.max(...logs);
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) * step);
}

/** The largest e-value that n units can give, whatever they are: that of units that do not scatter at all. */
export function largestEValue(n: number): number {
  return meanAbove(new Float64Array(n).fill(1), 0);
}

/** Fewest units that can give an e-value of `needed`. */
export function fewestUnitsFor(needed: number): number {
  let n = fewestUnits;
  while (largestEValue(n) < needed) n++;
  return n;
}

/** e-value against "the metric is at most `bound`" (side above), or "at least" it; null when there are too few units. */
export function boundedEValue(
  { units, range }: Pick<PseudoValues, 'units' | 'range'>,
  side: 'above' | 'below',
  bound: number,
): number | null {
  if (units.length < fewestUnits) return null;
  const at = toScale(bound, range);
  return side === 'above'
    ? meanAbove(units, at)
    : meanAbove(
        units.map((unit) => -unit),
        -at,
      );
}

/**
 * e-values of a prediction: that it is right (evidence against its opposite) and that it is wrong. At most one of the two nulls
 * can be true, so both may be held against one level. Null when there are too few units.
 */
export function predictionEValues(
  { units, range }: Pick<PseudoValues, 'units' | 'range'>,
  { direction, size }: Bound,
): { eFor: number | null; eAgainst: number | null } {
  if (units.length < fewestUnits) return { eFor: null, eAgainst: null };
  const mirrored = units.map((unit) => -unit);
  const above = (value: number) => meanAbove(units, toScale(value, range));
  const below = (value: number) => meanAbove(mirrored, -toScale(value, range));
  if (direction === 'greater') return { eFor: above(size), eAgainst: below(size) };
  if (direction === 'less') return { eFor: below(size), eAgainst: above(size) };
  // Inside: each half of the opposite must fall. Outside: the null is both sides at once, so the mean of the two.
  return { eFor: Math.min(above(-size), below(size)), eAgainst: (above(size) + below(-size)) / 2 };
}
