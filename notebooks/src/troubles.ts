import type { Cell, Notebook } from './document.ts';

/** The three lines by which Git marks what two branches changed; `|||||||` stands before the common ancestor. */
const begins = /^<{7}( |$)/;
const ends = /^>{7}( |$)/;

/**
 * Why a cell may not run, in words, in the order of the cells; undefined: nothing forbids it. A cell in a merge conflict is one of
 * two, and a name that two cells have means neither.
 */
export function troublesOf({
  frontMatter = '',
  cells,
}: Pick<Notebook, 'frontMatter' | 'cells'>): (string | undefined)[] {
  const front = frontMatter.split('\n').some((line) => begins.test(line.trimEnd()));
  const conflicts = conflictsIn(cells);
  const counts = new Map<string | undefined, number>();
  for (const cell of cells)
    if (cell.kind !== 'prose') counts.set(cell.info.name, (counts.get(cell.info.name) ?? 0) + 1);
  return cells.map((cell, i) => {
    if (cell.kind === 'prose') return undefined;
    if (conflicts[i]) return 'This cell stands in a merge conflict (<<<<<<<). Keep one side and delete the marks.';
    if (front)
      return 'What stands before the first cell is in a merge conflict (<<<<<<<). Keep one side and delete the marks.';
    const { name } = cell.info;
    const count = counts.get(name) ?? 0;
    return name && count > 1 ? `${count} cells have the name '${name}'. Give all but one another name.` : undefined;
  });
}

/** Whether each cell has lines between the marks of a conflict, or holds one. Marks without an end are no conflict in prose. */
function conflictsIn(cells: Cell[]): boolean[] {
  const found = cells.map(() => false);
  let open: number[] | undefined;
  for (const [i, cell] of cells.entries()) {
    for (const line of cell.text.split(/\r?\n/)) {
      if (begins.test(line)) open = [];
      if (open && open.at(-1) !== i) open.push(i);
      if (open && ends.test(line)) {
        for (const at of open) found[at] = true;
        open = undefined;
      }
    }
    if (cell.kind !== 'prose' && cell.text.split(/\r?\n/).some((line) => begins.test(line) || ends.test(line)))
      found[i] = true;
  }
  return found;
}
