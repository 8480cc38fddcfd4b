import type { Cell } from './document.ts';

/**
 * Places of cells that were put into a notebook with the result of a cell that stands there: copies, which have not run
 * themselves. A cell that was cut and is put back has its own result.
 */
export function copiesIn(cells: Cell[], added: number[]): number[] {
  const activityOf = (at: number) => {
    const cell = cells[at];
    return cell && cell.kind !== 'prose' ? cell.info.activity : undefined;
  };
  const theirs = new Set(cells.flatMap((_, at) => (added.includes(at) ? [] : (activityOf(at) ?? []))));
  return added.filter((at) => theirs.has(activityOf(at) ?? ''));
}
