/**
 * Indices that keep what a line of `values` looks like in `columns` pixels: first, smallest, largest and last of each column, and
 * every border between measured and not measured. Sorted, without repeats.
 */
export function outline(values: ArrayLike<number>, columns: number): number[] {
  const count = values.length;
  if (count <= columns * 4) return Array.from({ length: count }, (_, i) => i);
  const kept = new Set<number>();
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * count) / columns);
    const to = Math.floor(((column + 1) * count) / columns);
    let low = -1;
    let high = -1;
    kept.add(from);
    kept.add(to - 1);
    for (let i = from; i < to; i++) {
      const missing = Number.isNaN(values[i]);
      if (i > 0 && missing !== Number.isNaN(values[i - 1])) {
        kept.add(i - 1);
        kept.add(i);
      }
      if (missing) continue;
      if (low < 0 || values[i] < values[low]) low = i;
      if (high < 0 || values[i] > values[high]) high = i;
    }
    if (low >= 0) kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b);
}
