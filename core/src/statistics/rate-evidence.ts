/** Events of two groups in parts that were watched side by side, and how long or how much of each was watched. */
export interface CountedPart {
  first: number;
  second: number;
  firstExposure: number;
  secondExposure: number;
}

/** Standard deviations of the prior beyond which nothing of it is left. */
const reach = 8;
/** Natural logarithms below its top at which an integrand is nothing. */
const depth = 40;
const panels = 16;
/** Nodes and weights of Gauss's rule with eight points, each on both sides (Abramowitz & Stegun 1964, table 25.4). */
const gauss = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const;

/**
 * log of the likelihood of a rate ratio e^θ by that of equal rates, given how many events there were in each part: of these each is
 * of the first group with probability e^θ·s / (e^θ·s + t) (Przyborowski & Wilenski 1940, Biometrika 31:313). Of Poisson counts,
 * however high their rates; over parts that come one after the other it is a likelihood ratio still (Wald 1947).
 */
export function logRateRatio(parts: readonly CountedPart[], theta: number): number {
  let sum = 0;
  for (const { first, second, firstExposure, secondExposure } of parts)
    sum +=
      first * theta -
      (first + second) *
        Math.log((Math.exp(theta) * firstExposure + secondExposure) / (firstExposure + secondExposure));
  return sum;
}

/**
 * Bayes factor of a higher rate in the first group against equal rates: the same, averaged over half-normal log ratios of this scale
 * by Gauss's rule where the logarithmically concave integrand is not negligible, however narrow that is. Its expectation is at most 1
 * where the first rate is not higher, also after every part (Ville 1939).
 */
export function rateFactorAbove(parts: readonly CountedPart[], scale: number): number {
  const log = (theta: number) => logRateRatio(parts, theta) - (theta / scale) ** 2 / 2;
  const peak = highest(log, reach * scale);
  const top = log(peak);
  const negligible = (theta: number) => log(theta) < top - depth;
  const from = negligible(0) ? border(negligible, 0, peak) : 0;
  const to = negligible(reach * scale) ? border(negligible, reach * scale, peak) : reach * scale;
  const half = (to - from) / panels / 2;
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    const middle = from + (2 * panel + 1) * half;
    for (const [node, weight] of gauss)
      sum += weight * (Math.exp(log(middle - node * half) - top) + Math.exp(log(middle + node * half) - top));
  }
  const density = Math.sqrt(2 / Math.PI) / scale;
  return Math.min(Number.MAX_VALUE, Math.exp(top + Math.log(sum * half * density)));
}

/** Where a concave function of [0, most] is highest, by thirds. */
function highest(value: (at: number) => number, most: number): number {
  let [low, high] = [0, most];
  for (let step = 0; step < 80; step++) {
    const third = (high - low) / 3;
    if (value(low + third) < value(high - third)) low += third;
    else high -= third;
  }
  return low;
}

/** Between where something holds and where it does not. */
function border(holds: (at: number) => boolean, yes: number, no: number): number {
  let [inside, outside] = [yes, no];
  for (let step = 0; step < 40; step++) {
    const middle = (inside + outside) / 2;
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}
