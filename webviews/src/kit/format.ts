import { csvOf as asCsv } from '@bregma/core/contracts/csv';
import { brief } from '@bregma/core/contracts/plain-text';
import { shown } from '@bregma/core/numbers';

// A view knows the kit: it has its numbers from here.
export { bytesInWords, evidence, inPowers, plainly, shown, withDecimals } from '@bregma/core/numbers';

/** "Time (ms)", safe to draw. */
export function axisLabel({ label, unit }: { label: string; unit?: string }): string {
  return unit ? `${brief(label, 80)} (${brief(unit, 60)})` : brief(label, 80);
}

/** "1 neuron", "50 neurons", "1 presentation a point": `of` is written in the plural. */
export function counted(count: number, of: string): string {
  if (count !== 1) return `${shown(count)} ${of}`;
  const one = /^\S+s\b/.test(of) ? of.replace(/s\b/, '') : of.replace(/s$/, '');
  return `1 ${one}`;
}

/** The numbers behind a picture. */
export interface PlainTable {
  columns: string[];
  /** null is "not measured". */
  rows: (string | number | null)[][];
}

/** Rows as CSV (RFC 4180); "not measured", NaN among it, is an empty cell. */
export function csvOf({ columns, rows }: { columns: string[]; rows: Iterable<readonly unknown[]> }): string {
  const measured = (value: unknown) => (typeof value === 'number' && Number.isNaN(value) ? null : value);
  return asCsv(
    columns,
    Array.from(rows, (row) => row.map(measured)),
  );
}
