/** Weights of responses: of the two parts of a vector, and of the sum that it is divided by. */
interface VectorWeights {
  x: Float64Array;
  y: Float64Array;
  one: Float64Array;
}

/**
 * Length of the mean vector of responses over angles: |Σ r(θ)·e^{ikθ}| / Σ r(θ), r the mean response at each angle, as weights of
 * single responses: cos(kθ), sin(kθ) and 1, each divided by how many responses the angle has. k = 2: orientation selectivity,
 * 1 − circular variance (Ringach, Shapley & Hawken 2002, J Neurosci 22:5639); k = 1: direction selectivity (Mazurek, Kager & Van
 * Hooser 2014, Front Neural Circuits 8:92). NaN unless Σ r is above 0.
 */
export function vectorLength(responses: ArrayLike<number>, weights: VectorWeights): number {
  let [x, y, sum] = [0, 0, 0];
  for (let i = 0; i < responses.length; i++) {
    x += responses[i] * weights.x[i];
    y += responses[i] * weights.y[i];
    sum += responses[i] * weights.one[i];
  }
  return sum > 0 ? Math.hypot(x, y) / sum : Number.NaN;
}
