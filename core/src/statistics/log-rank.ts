/**
 * Events of the first group beyond what was expected were both alike, and the variance of that (Mantel 1966, Cancer Chemother Rep
 * 50:163). at: places of the units, those of the first group first, n of them. event: 1 happened, 0 cut off.
 */
export function logRank(
  time: ArrayLike<number>,
  event: ArrayLike<number>,
  at: ArrayLike<number>,
  n: number,
): { excess: number; variance: number } {
  const order = Array.from({ length: at.length }, (_, i) => i).sort((a, b) => time[at[a]] - time[at[b]]);
  let [risk, first, excess, variance] = [at.length, n, 0, 0];
  for (let start = 0; start < order.length; ) {
    let [end, events, own, left] = [start, 0, 0, 0];
    for (; end < order.length && time[at[order[end]]] === time[at[order[start]]]; end++) {
      const isFirst = Number(order[end] < n);
      events += event[at[order[end]]];
      own += event[at[order[end]]] * isFirst;
      left += isFirst;
    }
    if (events > 0) {
      excess += own - (events * first) / risk;
      if (risk > 1) variance += (events * (first / risk) * (1 - first / risk) * (risk - events)) / (risk - 1);
    }
    risk -= end - start;
    first -= left;
    start = end;
  }
  return { excess, variance };
}
