/** Nodes of the quadrature over the mixture of two Gaussians, per unit of the wider standard deviation. */
const nodesPerDeviation = 24;
/** Half-width of the integral in standard deviations beyond the means. */
const reach = 8.5;

/** Density of N(mean, variance) at x. */
function density(x: number, mean: number, variance: number): number {
  return Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
}

/**
 * Expected information, in nats, that one response gives about which of the rival models is right: the mutual information of
 * model and response, each model predicting N(mean, variance) with prior probability (Lindley 1956, Ann Math Stat 27:986). For
 * two models and equal priors it is the Jensen–Shannon divergence of their predictions. 0 ≤ information ≤ entropy of the priors.
 */
export function expectedInformationGain(
  means: ArrayLike<number>,
  variances: ArrayLike<number>,
  priors?: ArrayLike<number>,
): number {
  const models = Array.from({ length: means.length }, (_, k) => ({
    mean: means[k],
    variance: variances[k],
    prior: priors ? priors[k] : 1 / means.length,
  }));
  if (models.some(({ mean, variance }) => !Number.isFinite(mean) || !(variance > 0))) return Number.NaN;
  const deviation = Math.sqrt(Math.max(...models.map(({ variance }) => variance)));
  const narrow = Math.sqrt(Math.min(...models.map(({ variance }) => variance)));
  const low = Math.min(...models.map(({ mean }) => mean)) - reach * deviation;
  const high = Math.max(...models.map(({ mean }) => mean)) + reach * deviation;
  const steps = Math.ceil(((high - low) / narrow) * nodesPerDeviation);
  const width = (high - low) / steps;
  let total = 0;
  // The trapezoidal rule converges geometrically for an analytic integrand that vanishes at both ends.
  for (let i = 0; i <= steps; i++) {
    const x = low + i * width;
    const likelihoods = models.map(({ mean, variance }) => density(x, mean, variance));
    const mixture = models.reduce((sum, { prior }, k) => sum + prior * likelihoods[k], 0);
    if (mixture <= 0) continue;
    models.forEach(({ prior }, k) => {
      if (likelihoods[k] > 0) total += prior * likelihoods[k] * Math.log(likelihoods[k] / mixture) * width;
    });
  }
  return Math.max(0, total);
}

/** Jensen–Shannon divergence of two Gaussians with one variance, whose means lie `distance` standard deviations apart; nats. */
export function jensenShannon(distance: number): number {
  return expectedInformationGain([-distance / 2, distance / 2], [1, 1]);
}
