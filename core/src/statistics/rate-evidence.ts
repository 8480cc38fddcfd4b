/** Events of two groups in parts that were watched side by side, and how long or how much of each was watched. */
export interface CountedPart {
  first: number;
  second: number;
  firstExposure: number;
  secondExposure: number;
}

const steps = 400;
/** Standard deviations of the prior beyond which nothing of it is left. */
const reach = 8;

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
 * by Simpson's rule. Its expectation is at most 1 where the first rate is not higher, also after every part (Ville 1939).
 */
export function rateFactorAbove(parts: readonly CountedPart[], scale: number): number {
  const width = (reach * scale) / steps;
  const logs = Array.from({ length: steps + 1 }, (_, i) => {
    const theta = i * width;
    return logRateRatio(parts, theta) - (theta / scale) ** 2 / 2;
  });
  const top = Math.max(...logs);
  const sum = logs.reduce(
    (total, log, i) => total + (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(log - top),
    0,
  );
  const density = Math.sqrt(2 / Math.PI) / scale;
  return Math.min(Number.MAX_VALUE, Math.exp(top + Math.log((sum * width * density) / 3)));
}
