import { inPowers, plainly } from '../kit/format.ts';
import { cellText, type DataColumn, isMissing, type TableData } from './data.ts';

/** A cell as it is drawn: numbers with six significant digits; copies and the read-out have all. */
export function cellShown(value: unknown, { order }: DataColumn): string {
  if (order === 'number' && typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)) {
    const size = Math.abs(value);
    return size >= 1e-4 && size < 1e9 ? plainly(value, 6) : inPowers(value, 5);
  }
  return cellText(value);
}

/** Widths of columns, px, from their names and their first 200 rows. */
export function columnWidths({ columns, length }: TableData): number[] {
  return columns.map((column) => {
    let longest = Math.max(column.name.length + 3, (column.unit?.length ?? 0) + column.type.length + 3);
    for (let row = 0; row < Math.min(200, length); row++) {
      const value = column.cell(row);
      longest = Math.max(longest, isMissing(value) ? 12 : Math.min(60, cellShown(value, column).length));
    }
    return Math.min(360, Math.max(88, longest * 8.4 + 18));
  });
}
