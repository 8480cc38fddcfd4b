/** Fewest pairs from which a correlation is computed. */
const fewestPairs = 3;

/** Positions at which both are measured (finite). */
function pairsOf(x: ArrayLike<number>, y: ArrayLike<number>): { x: Float64Array; y: Float64Array } {
  if (x.length !== y.length) throw new RangeError(`Cannot correlate ${x.length} values with ${y.length}.`);
  const left: number[] = [];
  const right: number[] = [];
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    left.push(x[i]);
    right.push(y[i]);
  }
  return { x: Float64Array.from(left), y: Float64Array.from(right) };
}

/** Pearson's r over the pairs in which both are measured; NaN with fewer than 3 pairs or without variance. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const pairs = pairsOf(x, y);
  const n = pairs.x.length;
  if (n < fewestPairs) return Number.NaN;
  const meanX = mean(pairs.x);
  const meanY = mean(pairs.y);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = 0; i < n; i++) {
    const dx = pairs.x[i] - meanX;
    const dy = pairs.y[i] - meanY;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  // A vector that is constant up to rounding has no direction.
  const floor = n * Number.EPSILON ** 2 * 16;
  if (xx <= floor * meanX * meanX || yy <= floor * meanY * meanY || xx === 0 || yy === 0) return Number.NaN;
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/** Spearman's ρ: Pearson's r of the ranks, ties sharing their average rank. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const pairs = pairsOf(x, y);
  return pearson(ranks(pairs.x), ranks(pairs.y));
}

/** Ranks from 1; equal values share the average of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const out = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]] === values[order[start]]) end++;
    for (let i = start; i <= end; i++) out[order[i]] = (start + end) / 2 + 1;
    start = end + 1;
  }
  return out;
}

/** Mean; NaN when there is nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return values.length === 0 ? Number.NaN : sum / values.length;
}

/** Median of the measured (finite) values; NaN when there are none. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Quantile q in [0, 1] of the measured values by linear interpolation (type 7 of Hyndman & Fan 1996); NaN when there are none. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
  if (sorted.length === 0) return Number.NaN;
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}
