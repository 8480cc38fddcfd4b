import { type Cell, type CellKind, sameContent } from './document.ts';

/** What turns the cells that are there into those that are wanted. */
export interface CellChanges {
  /** Cells `from` up to `to` of what is there become cells `first` up to `last` of what is wanted. All places are those before any change. */
  replaced: { from: number; to: number; first: number; last: number }[];
  /** Cells that say the same in other characters of the file. */
  respelled: { at: number; raw: string | undefined }[];
  /** Cells of which the text alone is another: what a person typed in them can still be undone. */
  retyped: { at: number; text: string; raw: string | undefined }[];
}

/** Kinds whose picture is made of the very text that is shown: another text is another cell. */
const drawn: readonly (CellKind | 'prose')[] = ['plot', 'vega-lite'];

/** The smallest set of changes that turns one list of cells into another: what is not named keeps its outputs. */
export function cellChanges(now: Cell[], wanted: Cell[]): CellChanges {
  const common = Array.from({ length: now.length + 1 }, () => new Uint32Array(wanted.length + 1));
  for (let i = now.length - 1; i >= 0; i--)
    for (let j = wanted.length - 1; j >= 0; j--)
      common[i][j] = sameContent(now[i], wanted[j])
        ? common[i + 1][j + 1] + 1
        : Math.max(common[i + 1][j], common[i][j + 1]);
  const changes: CellChanges = { replaced: [], respelled: [], retyped: [] };
  let [i, j] = [0, 0];
  while (i < now.length || j < wanted.length) {
    const [from, first] = [i, j];
    while (
      (i < now.length || j < wanted.length) &&
      !(i < now.length && j < wanted.length && sameContent(now[i], wanted[j]))
    )
      if (j >= wanted.length || (i < now.length && common[i + 1][j] >= common[i][j + 1])) i++;
      else j++;
    if (i > from || j > first) add(changes, { now, wanted }, { from, to: i, first, last: j });
    if (i >= now.length || j >= wanted.length) continue;
    if (now[i].raw !== wanted[j].raw) changes.respelled.push({ at: i, raw: wanted[j].raw });
    i++;
    j++;
  }
  return changes;
}

/** As many cells as there were, each of the kind and with the words behind it that it had, are other texts; all else is other cells. */
function add(
  changes: CellChanges,
  { now, wanted }: { now: Cell[]; wanted: Cell[] },
  range: CellChanges['replaced'][number],
): void {
  const { from, to, first, last } = range;
  const others = wanted.slice(first, last);
  const retyped = to - from === last - first && others.every((cell, i) => isRetyped(now[from + i], cell));
  if (!retyped) changes.replaced.push(range);
  else changes.retyped.push(...others.map(({ text, raw }, i) => ({ at: from + i, text, raw })));
}

const isRetyped = (was: Cell, is: Cell): boolean =>
  !drawn.includes(was.kind) && sameContent({ ...was, text: '' }, { ...is, text: '' });
