import type { CausalMatrix } from './stimulations.ts';

/** Fewest responses in common from which two columns can be shown to be one measurement. */
const fewestShared = 4;
/** Largest 1 − r² between two columns that are the same measurements in another unit or precision. */
const rounding = 1e-9;

/**
 * Columns of `fitted` that lie in `tested` too: the same measurement, whatever its name, unit, order, or part. The stimulation of
 * the same neuron that was measured again is another column.
 */
export function copiedColumns(fitted: CausalMatrix, tested: CausalMatrix): ReadonlySet<number> {
  const place = new Map(tested.names.map((name, i) => [name, i]));
  const shared = fitted.names.map((name) => place.get(name) ?? -1);
  return new Set(
    [...fitted.names.keys()].filter((column) => shared[column] >= 0 && isCopy(fitted, tested, shared, column)),
  );
}

function isCopy(fitted: CausalMatrix, tested: CausalMatrix, shared: number[], column: number): boolean {
  const [n, m] = [fitted.names.length, tested.names.length];
  const pairs = shared.flatMap((there, row) => {
    if (there < 0 || row === column) return [];
    const pair = [fitted.responses[row * n + column], tested.responses[there * m + shared[column]]] as const;
    return pair.every(Number.isFinite) ? [pair] : [];
  });
  if (pairs.length < fewestShared) return false;
  const centre = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const [x, y] = [centre(0), centre(1)];
  let [xx, yy, xy] = [0, 0, 0];
  for (const [a, b] of pairs) {
    xx += (a - x) ** 2;
    yy += (b - y) ** 2;
    xy += (a - x) * (b - y);
  }
  return xy > 0 && 1 - xy ** 2 / (xx * yy) < rounding;
}
