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

/** Expected information about the weights of a linear-Gaussian model from observing at x, nats: ½ ln(1 + xᵀΣ₀x / σ²) (MacKay 1992, Neural Comput 4:590). prior: Σ₀. */
export function linearGaussianInformation(
  x: readonly number[],
  prior: readonly (readonly number[])[],
  noiseVariance: number,
): number {
  const quadratic = x.reduce((sum, xi, i) => sum + xi * x.reduce((inner, xj, j) => inner + prior[i][j] * xj, 0), 0);
  return 0.5 * Math.log1p(quadratic / noiseVariance);
}

/** Mutual information, nats, of model and outcome when each model predicts success with its own probability. */
export function bernoulliInformation(probabilities: readonly number[], priors?: readonly number[]): number {
  const weights = priors ?? probabilities.map(() => 1 / probabilities.length);
  const entropy = (p: number) => -[p, 1 - p].reduce((sum, q) => sum + (q > 0 ? q * Math.log(q) : 0), 0);
  const mixture = probabilities.reduce((sum, p, k) => sum + weights[k] * p, 0);
  return entropy(mixture) - probabilities.reduce((sum, p, k) => sum + weights[k] * entropy(p), 0);
}

/** Probability that n outcomes are more likely under the Bernoulli model that made them: for a maker with p and its rival with q; ties count half. */
export function modelRecovery(p: number, q: number, n: number): number {
  let recovered = 0;
  let ways = 1;
  for (let k = 0; k <= n; k++) {
    const own = k * Math.log(p) + (n - k) * Math.log1p(-p);
    const other = k * Math.log(q) + (n - k) * Math.log1p(-q);
    const share = Math.abs(own - other) < 1e-12 ? 0.5 : own > other ? 1 : 0;
    recovered += share * ways * Math.exp(own);
    ways = (ways * (n - k)) / (k + 1);
  }
  return recovered;
}
