import { csvOf as asCsv } from '@bregma/core/contracts/csv';
import { brief } from '@bregma/core/contracts/plain-text';

/** "0.532", "1,327", "1.2e-7"; null and NaN are "not measured". */
export function shown(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return 'not measured';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return minus(value.toLocaleString('en-US'));
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e6)
    return minus(value.toLocaleString('en-US', { maximumSignificantDigits: size >= 1000 ? digits + 2 : digits }));
  return minus(value.toExponential(digits - 1));
}

const minus = (text: string) => text.replaceAll('-', '−');

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
