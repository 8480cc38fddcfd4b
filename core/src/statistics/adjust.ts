/** p-values adjusted by Benjamini & Hochberg 1995 (J R Stat Soc B 57:289), in the order given. */
export function benjaminiHochberg(values: readonly number[]): number[] {
  const n = values.length;
  const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a]);
  const adjusted = new Array<number>(n);
  let smallest = 1;
  order.forEach((index, k) => {
    smallest = Math.min(smallest, (values[index] * n) / (n - k));
    adjusted[index] = smallest;
  });
  return adjusted;
}
