/** Lanczos coefficients, g = 7, n = 9 (Godfrey 2001). */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** log Γ(x), x > 0 (Lanczos 1964, SIAM J Numer Anal B 1:86). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const base = shifted + 7.5;
  const series = lanczos.slice(1).reduce((sum, coefficient, i) => sum + coefficient / (shifted + i + 1), lanczos[0]);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}

/** Regularised incomplete beta function I_x(a, b), by its continued fraction (Abramowitz & Stegun 26.5.8; Lentz's method). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let fraction = d;
  for (let m = 1; m < 500; m++) {
    for (const numerator of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 + numerator * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + numerator / c;
      c = Math.abs(c) < tiny ? tiny : c;
      fraction *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** P(χ² > x) of `degrees` degrees of freedom. Throws nothing; NaN where x is none. */
export const chiSquaredSurvival = (x: number, degrees: number): number => (x <= 0 ? 1 : upperGamma(degrees / 2, x / 2));

/** The x that a χ² exceeds with this probability. */
export function chiSquaredQuantile(tail: number, degrees: number): number {
  let [low, high] = [0, 1];
  while (chiSquaredSurvival(high, degrees) > tail) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step++) {
    const middle = (low + high) / 2;
    if (chiSquaredSurvival(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(χ² > x) of a noncentral χ²: a mixture over a Poisson number of further pairs of degrees of freedom (Abramowitz & Stegun 26.4.25). */
export function noncentralChiSquaredSurvival(x: number, degrees: number, noncentrality: number): number {
  const half = noncentrality / 2;
  if (half === 0) return chiSquaredSurvival(x, degrees);
  const reach = 12 * Math.sqrt(half);
  let sum = 0;
  for (let j = Math.max(0, Math.floor(half - reach - 10)); j <= half + reach + 30; j++)
    sum += Math.exp(j * Math.log(half) - half - logGamma(j + 1)) * chiSquaredSurvival(x, degrees + 2 * j);
  return sum;
}

/** Q(a, x), the upper part of the gamma function by the whole: a series below a + 1, a continued fraction above (Gautschi 1979, ACM TOMS 5:466; Lentz 1976, Appl Opt 15:668). */
function upperGamma(a: number, x: number): number {
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - scale * sum;
  }
  let [b, c] = [x + 1 - a, 1e300];
  let [d, h] = [1 / b, 1 / b];
  for (let n = 1; n < 10_000; n++) {
    const factor = -n * (n - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return scale * h;
}
