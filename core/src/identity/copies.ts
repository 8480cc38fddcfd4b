/** Things grouped by what they are. */
export interface Units {
  /** Unit of each thing, from 0, in order of first appearance. */
  unitOf: Int32Array;
  /** Things of each unit, ascending; a unit's first is the one that stands for it. */
  members: number[][];
  /** Things that are a copy of one before them. */
  copies: number;
}

/** Groups copies into one unit each. digests: one a thing; equal digests are the same thing. */
export function groupCopies(digests: readonly string[]): Units {
  const known = new Map<string, number>();
  const members: number[][] = [];
  const unitOf = Int32Array.from(digests, (digest, i) => {
    const unit = known.get(digest) ?? known.set(digest, members.length).size - 1;
    if (unit === members.length) members.push([]);
    members[unit].push(i);
    return unit;
  });
  return { unitOf, members, copies: digests.length - members.length };
}

/** Positions of those among `digests` that are in `seen`, ascending. */
export function seenAmong(digests: readonly string[], seen: ReadonlySet<string>): number[] {
  return digests.flatMap((digest, i) => (seen.has(digest) ? [i] : []));
}

/** "60 different stimuli in 240 columns: 180 are copies"; undefined when none is a copy. */
export function copiesInWords({ members, copies }: Units, things: { one: string; many: string }): string | undefined {
  if (copies === 0) return undefined;
  const total = members.length + copies;
  const most = Math.max(...members.map(({ length }) => length));
  return `${members.length} different ${members.length === 1 ? things.one : things.many} among ${total}: ${copies} ${copies === 1 ? 'is a copy' : 'are copies'} (up to ${most} of one). Copies count as one.`;
}
