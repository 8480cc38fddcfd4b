/** Numbers that were pooled: they lie together, at their mean. */
interface Pool {
  sum: number;
  count: number;
}

/**
 * The numbers nearest to those wanted (least squares) that follow one another by at least `gaps`: regression under an order by
 * pooling neighbours that violate it (Barlow, Bartholomew, Bremner & Brunk 1972). gaps: [wanted.length − 1], ≥ 0.
 */
export function spaced(wanted: number[], gaps: number[]): number[] {
  let offset = 0;
  const offsets = wanted.map((_, i) => {
    if (i > 0) offset += gaps[i - 1];
    return offset;
  });
  const pools: Pool[] = [];
  for (const [i, value] of wanted.entries()) {
    let pool: Pool = { sum: value - offsets[i], count: 1 };
    for (let before = pools.at(-1); before && mean(before) >= mean(pool); before = pools.at(-1)) {
      pool = { sum: pool.sum + before.sum, count: pool.count + before.count };
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap((pool) => Array<number>(pool.count).fill(mean(pool))).map((value, i) => value + offsets[i]);
}

const mean = ({ sum, count }: Pool) => sum / count;
