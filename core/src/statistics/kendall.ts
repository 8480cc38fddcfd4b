import { normalSurvival } from './distributions.ts';

/** Kendall's τ-b (Kendall 1945, Biometrika 33:239): ties in x or y are neither order. NaN where one does not vary. O(n²). */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let [order, pairsX, pairsY] = [0, 0, 0];
  for (let i = 1; i < x.length; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [Math.sign(x[i] - x[j]), Math.sign(y[i] - y[j])];
      order += a * b;
      pairsX += a * a;
      pairsY += b * b;
    }
  return order / Math.sqrt(pairsX) / Math.sqrt(pairsY);
}

/** Normal approximation of the two-sided test of τ = 0, variance corrected for ties (Kendall 1970, Rank Correlation Methods, § 4). */
export function kendallTwoSided(x: ArrayLike<number>, y: ArrayLike<number>): { z: number; pClassical: number } {
  const n = x.length;
  let order = 0;
  for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) order += Math.sign(x[i] - x[j]) * Math.sign(y[i] - y[j]);
  const [tiesX, tiesY] = [tieSums(x), tieSums(y)];
  const pairs = n * (n - 1);
  const variance =
    (pairs * (2 * n + 5) - tiesX.cubic - tiesY.cubic) / 18 +
    (2 * (tiesX.pairs / 2) * (tiesY.pairs / 2)) / pairs +
    (n > 2 ? (tiesX.triples * tiesY.triples) / (9 * pairs * (n - 2)) : 0);
  const z = order / Math.sqrt(variance);
  return { z, pClassical: Math.min(1, 2 * normalSurvival(Math.abs(z))) };
}

/** Over the runs of t equal values: Σ t(t−1)(2t+5), Σ t(t−1), Σ t(t−1)(t−2). */
function tieSums(values: ArrayLike<number>): { cubic: number; pairs: number; triples: number } {
  const counts = new Map<number, number>();
  for (let i = 0; i < values.length; i++) counts.set(values[i], (counts.get(values[i]) ?? 0) + 1);
  const sums = { cubic: 0, pairs: 0, triples: 0 };
  for (const t of counts.values()) {
    sums.cubic += t * (t - 1) * (2 * t + 5);
    sums.pairs += t * (t - 1);
    sums.triples += t * (t - 1) * (t - 2);
  }
  return sums;
}
