/** Median of some measurements. */
export function middle(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Runs the contenders in turns, A B A B …, so that a machine that speeds up or slows down favours none. Returns all measurements. */
export async function inTurns<Name extends string>(
  contenders: Record<Name, () => Promise<number>>,
  rounds: number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const found = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const value = await contenders[name]();
      if (round >= 0) found[name].push(value); // the first round warms up
    }
  }
  return found;
}

/** One line: median, range, unit, and the ratio to a peer where there is one. */
export function line(name: string, values: number[], unit: string, peer?: { name: string; values: number[] }): void {
  const show = (value: number) =>
    value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(2) : value.toPrecision(3);
  const ratio = peer
    ? `   ${show(middle(values) / middle(peer.values))} × ${peer.name} (${show(middle(peer.values))} ${unit})`
    : '';
  console.log(
    `${name.padEnd(46)} ${show(middle(values)).padStart(9)} ${unit}  [${show(Math.min(...values))}–${show(Math.max(...values))}]${ratio}`,
  );
}
