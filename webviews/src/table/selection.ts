/** A cell: its row and column, from 0. */
export interface Place {
  row: number;
  column: number;
}

/** A rectangle of cells between where it began and where the cursor is. */
export class Selection {
  active: Place | undefined;
  private anchor: Place | undefined;

  move(place: Place, extend: boolean): void {
    this.active = place;
    if (!extend || !this.anchor) this.anchor = place;
  }

  all(lastRow: number, lastColumn: number): void {
    this.anchor = { row: 0, column: 0 };
    this.active = { row: lastRow, column: lastColumn };
  }

  /** Drops what lies beyond the last row. */
  clamp(rows: number): void {
    if (this.active && (this.active.row >= rows || (this.anchor?.row ?? 0) >= rows)) {
      this.active = undefined;
      this.anchor = undefined;
    }
  }

  has(row: number, column: number): boolean {
    if (!this.active || !this.anchor) return false;
    const within = (value: number, a: number, b: number) => value >= Math.min(a, b) && value <= Math.max(a, b);
    return within(row, this.active.row, this.anchor.row) && within(column, this.active.column, this.anchor.column);
  }

  rows = () => range(this.active?.row, this.anchor?.row);
  columns = () => range(this.active?.column, this.anchor?.column);
}

function range(a: number | undefined, b: number | undefined): number[] {
  if (a === undefined || b === undefined) return [];
  const low = Math.min(a, b);
  return Array.from({ length: Math.abs(a - b) + 1 }, (_, i) => low + i);
}
