import { type Cell, sameContent } from './document.ts';

/** What turns the cells that are there into those that are wanted. */
export interface CellChanges {
  /** Cells `from` up to `to` of what is there become cells `first` up to `last` of what is wanted. All places are those before any change. */
  replaced: { from: number; to: number; first: number; last: number }[];
  /** Cells that say the same in other characters of the file. */
  respelled: { at: number; raw: string | undefined }[];
}

/** The smallest set of changes that turns one list of cells into another: what is not named keeps its outputs. */
export function cellChanges(now: Cell[], wanted: Cell[]): CellChanges {
  const common = Array.from({ length: now.length + 1 }, () => new Uint32Array(wanted.length + 1));
  for (let i = now.length - 1; i >= 0; i--)
    for (let j = wanted.length - 1; j >= 0; j--)
      common[i][j] = sameContent(now[i], wanted[j])
        ? common[i + 1][j + 1] + 1
        : Math.max(common[i + 1][j], common[i][j + 1]);
  const changes: CellChanges = { replaced: [], respelled: [] };
  let [i, j] = [0, 0];
  while (i < now.length || j < wanted.length) {
    const [from, first] = [i, j];
    while (
      (i < now.length || j < wanted.length) &&
      !(i < now.length && j < wanted.length && sameContent(now[i], wanted[j]))
    )
      if (j >= wanted.length || (i < now.length && common[i + 1][j] >= common[i][j + 1])) i++;
      else j++;
    if (i > from || j > first) changes.replaced.push({ from, to: i, first, last: j });
    if (i >= now.length || j >= wanted.length) continue;
    if (now[i].raw !== wanted[j].raw) changes.respelled.push({ at: i, raw: wanted[j].raw });
    i++;
    j++;
  }
  return changes;
}
