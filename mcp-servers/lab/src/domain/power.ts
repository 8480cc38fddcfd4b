/** Standard normal quantile of 0.80. */
const z80 = 0.8416212335729143;

/**
 * Smallest mean effect that `n` independent units show with probability 0.80 at this level, for any e-value test of a mean: the
 * log e-value is at most z²/2 (the likelihood ratio at the best alternative), so z must reach √(2 ln(1/level)).
 * sd: standard deviation of one unit's effect, same unit as the answer. level: (0, 1). Wald, Sequential Analysis (1947), ch. 3.
 */
export function detectableEffect(n: number, level: number, sd: number): number {
  return ((Math.sqrt(2 * Math.log(1 / level)) + z80) * sd) / Math.sqrt(n);
}
