import type { Cell, Merge, SheetRow } from './cells.ts';

/** Fills the cells below the first one of merged cells with what the merged cell says, while the rows go by. */
export class MergedCells {
  /** Cells that were filled. */
  filled = 0;
  private readonly byTop = new Map<number, Merge[]>();
  private open: { merge: Merge; cell: Cell }[] = [];

  constructor(merges: Merge[]) {
    for (const merge of merges) {
      if (merge.bottom <= merge.top) continue;
      const others = this.byTop.get(merge.top);
      if (others) others.push(merge);
      else this.byTop.set(merge.top, [merge]);
    }
  }

  /** The cells of a row and those of merged cells that reach into it, which stand in their first column. */
  fill({ row, cells }: SheetRow): Cell[] {
    this.open = this.open.filter(({ merge }) => merge.bottom >= row);
    const added = this.open.flatMap(({ cell }) => (cells.some(({ column }) => column === cell.column) ? [] : [cell]));
    this.filled += added.length;
    for (const merge of this.byTop.get(row) ?? []) {
      const cell = cells.find(({ column }) => column === merge.left);
      if (cell) this.open.push({ merge, cell });
    }
    return added.length === 0 ? cells : [...cells, ...added];
  }
}
