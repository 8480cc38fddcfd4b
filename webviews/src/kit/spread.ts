/** Moves positions apart until neighbours are at least `gap` from each other, keeping their order; each as near as may be to its own. */
export function spread(positions: number[], gap: number): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a] - positions[b]);
  let groups = order.map((i) => ({ members: [i], centre: positions[i] }));
  for (let moved = true; moved; ) {
    moved = false;
    for (let i = 0; i + 1 < groups.length; i++) {
      const [a, b] = [groups[i], groups[i + 1]];
      const needed = ((a.members.length + b.members.length) / 2) * gap;
      if (b.centre - a.centre >= needed - 1e-9) continue;
      const members = [...a.members, ...b.members];
      const centre = members.reduce((sum, member) => sum + positions[member], 0) / members.length;
      groups = [...groups.slice(0, i), { members, centre }, ...groups.slice(i + 2)];
      moved = true;
    }
  }
  const out = [...positions];
  for (const { members, centre } of groups)
    members.forEach((member, i) => {
      out[member] = centre + (i - (members.length - 1) / 2) * gap;
    });
  return out;
}
