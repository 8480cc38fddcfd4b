import { incompleteBeta, logGamma } from './gamma.ts';

/** Probability that an F with these degrees of freedom is at least f. */
export function fisherSurvival(f: number, between: number, within: number): number {
  return incompleteBeta(within / (within + between * f), within / 2, between / 2);
}

/** The f that an F exceeds with this probability. */
export function fisherQuantile(tail: number, between: number, within: number): number {
  let [low, high] = [0, 1];
  while (fisherSurvival(high, between, within) > tail) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step++) {
    const middle = (low + high) / 2;
    if (fisherSurvival(middle, between, within) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Probability that a noncentral F is at most f: a mixture over a Poisson number of further degrees of freedom, of mean
 * noncentrality / 2 (Abramowitz & Stegun 26.6.20), of which what lies beyond 12 standard deviations is left out.
 */
export function noncentralFisherCdf(f: number, between: number, within: number, noncentrality: number): number {
  if (!(f > 0)) return 0;
  const [x, b] = [(between * f) / (within + between * f), within / 2];
  const half = noncentrality / 2;
  if (half === 0) return incompleteBeta(x, between / 2, b);
  const reach = 12 * Math.sqrt(half);
  const first = Math.max(0, Math.floor(half - reach - 10));
  const last = Math.ceil(half + reach + 30);
  // I_x(a, b) = I_x(a + 1, b) + x^a (1 − x)^b Γ(a + b) / Γ(a + 1) Γ(b): downwards, so that only what is positive is added.
  let a = between / 2 + last;
  let tail = incompleteBeta(x, a, b);
  let term = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a + 1) - logGamma(b));
  const logHalf = Math.log(half);
  let logWeight = last * logHalf - half - logGamma(last + 1);
  let below = 0;
  for (let j = last; j >= first; j--) {
    below += Math.exp(logWeight) * tail;
    logWeight += Math.log(j) - logHalf;
    term *= a / (x * (a + b - 1));
    a--;
    tail += term;
  }
  return below;
}

/**
 * Interval of the share η² = λ / (λ + units) of a variance that an F was measured of, by turning round the noncentral F: its ends
 * are the noncentralities λ under which so large an F, and so small a one, has half of what the level leaves (Steiger 2004,
 * Psychol Methods 9:164). The lower end is 0 where F is no larger than chance gives; null where no variance is left within groups.
 */
export function shareInterval(
  { f, between, within, units }: { f: number; between: number; within: number; units: number },
  level: number,
): { low: number; high: number } | { low: null; high: null } {
  // Beyond it a double cannot tell the share from 1.
  if (!(f < 1e12)) return { low: null, high: null };
  const share = (tail: number) => {
    const noncentrality = noncentralityOf(f, between, within, tail);
    return noncentrality / (noncentrality + units);
  };
  return { low: share((1 + level) / 2), high: share((1 - level) / 2) };
}

/** The noncentrality under which an F is at most f with this probability; 0 where it is rarer even without any. */
function noncentralityOf(f: number, between: number, within: number, probability: number): number {
  const over = (noncentrality: number) => noncentralFisherCdf(f, between, within, noncentrality) - probability;
  let [low, high] = [0, 1];
  let [atLow, atHigh] = [over(0), over(1)];
  if (atLow <= 0) return 0;
  while (atHigh > 0) {
    [low, atLow] = [high, atHigh];
    high *= 2;
    atHigh = over(high);
  }
  // A false position whose kept end is halved (the Illinois rule; Dowell & Jarratt 1971, BIT 11:168).
  for (let step = 0; step < 100 && high - low > 1e-13 * high; step++) {
    const middle = (low * atHigh - high * atLow) / (atHigh - atLow);
    const at = over(middle);
    if (at === 0 || middle === low || middle === high) return middle;
    if (at > 0) {
      [low, atLow] = [middle, at];
      atHigh /= 2;
    } else {
      [high, atHigh] = [middle, at];
      atLow /= 2;
    }
  }
  return (low + high) / 2;
}
