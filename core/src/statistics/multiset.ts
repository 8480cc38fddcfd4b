/** Different orders of labels within blocks: their number, and all of them one by one. */
export interface DistinctOrders {
  /** Infinity beyond 10¹⁵. */
  count: number;
  /** [place] → label. The same array is given each time. */
  orders(): Iterable<Int32Array>;
}

/**
 * All different orders of `labels`, each within its block (next permutation in lexicographic order, Knuth 2011, TAOCP 4A,
 * § 7.2.1.2, algorithm L; blocks turn like an odometer). blocks: default all one.
 */
export function distinctOrders(labels: ArrayLike<number>, blocks?: readonly string[]): DistinctOrders {
  const places = new Map<string, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const own = places.get(blocks?.[i] ?? '') ?? [];
    own.push(i);
    places.set(blocks?.[i] ?? '', own);
  }
  const groups = [...places.values()];
  const counts = groups.map((own) => waysOf(own.map((place) => labels[place])));
  return {
    count: counts.reduce((product, count) => Math.min(product * count, Number.POSITIVE_INFINITY), 1),
    *orders() {
      const way = Int32Array.from(labels);
      for (const own of groups) sortAt(way, own);
      do yield way;
      while (groups.some((own) => next(way, own)));
    },
  };
}

/** n! / ∏ mₗ! of these labels. */
function waysOf(labels: number[]): number {
  const seen = new Map<number, number>();
  let ways = 1;
  labels.forEach((label, i) => {
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    ways = (ways * (i + 1)) / count;
  });
  return ways > 1e15 ? Number.POSITIVE_INFINITY : Math.round(ways);
}

function sortAt(way: Int32Array, places: number[]): void {
  const sorted = places.map((place) => way[place]).sort((a, b) => a - b);
  places.forEach((place, i) => {
    way[place] = sorted[i];
  });
}

/** Turns the labels at these places to their next order; false, and the first order again, after the last. */
function next(way: Int32Array, places: number[]): boolean {
  let i = places.length - 2;
  while (i >= 0 && way[places[i]] >= way[places[i + 1]]) i--;
  if (i < 0) {
    sortAt(way, places);
    return false;
  }
  let j = places.length - 1;
  while (way[places[j]] <= way[places[i]]) j--;
  swap(way, places[i], places[j]);
  for (let a = i + 1, b = places.length - 1; a < b; a++, b--) swap(way, places[a], places[b]);
  return true;
}

function swap(way: Int32Array, a: number, b: number): void {
  [way[a], way[b]] = [way[b], way[a]];
}
