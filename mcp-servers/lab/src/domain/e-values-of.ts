import type { Prediction } from '@bregma/core/contracts/hypothesis';

function above(x: Float64Array, m: number): number {
  const n = x.length;
  if (n < 2) return 1;
  let s = 0;
  let v = 0;
  for (const value of x) {
    s += value - m;
    v += (value - m) ** 2;
  }
  if (s <= 0) return 1 / Math.sqrt(1 + n);
  const z = s / Math.sqrt(v / n);
  return Math.exp((z * z) / (2 * (1 + n))) / Math.sqrt(1 + n);
}

export function eValuesOf(
  shares: Float64Array,
  { direction, size }: Prediction,
): { eFor: number | null; eAgainst: number | null } {
  if (shares.length < 2) return { eFor: null, eAgainst: null };
  const minus = shares.map((share) => -share);
  if (direction === 'greater') return { eFor: above(shares, size), eAgainst: above(minus, -size) };
  if (direction === 'less') return { eFor: above(minus, -size), eAgainst: above(shares, size) };
  return {
    eFor: Math.min(above(shares, -size), above(minus, -size)),
    eAgainst: (above(shares, size) + above(minus, size)) / 2,
  };
}
