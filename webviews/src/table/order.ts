import { cellText, type DataColumn, isMissing } from './data.ts';

/** A whole number or a decimal as a bigint in units of its last digit; undefined when it is none. */
export function exact(value: unknown, digits: number): bigint | undefined {
  if (digits === 0 && typeof value === 'bigint') return value;
  // SAFETY: only a number is a safe integer.
  if (digits === 0 && Number.isSafeInteger(value)) return BigInt(value as number);
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(String(value));
  if (!match) return undefined;
  const [, sign, whole, fraction = ''] = match;
  const scaled = BigInt(whole + fraction.padEnd(digits, '0').slice(0, digits));
  return sign === '-' ? -scaled : scaled;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/**
 * Rows in the order of a column; what was not measured comes last in both directions, equal rows keep their order.
 * rows: indices; a sorted copy is returned.
 */
export function sortRows(rows: Int32Array, column: DataColumn, direction: 'ascending' | 'descending'): Int32Array {
  const present: number[] = [];
  const missing: number[] = [];
  for (const row of rows) (isMissing(column.cell(row)) ? missing : present).push(row);
  const compare = comparator(present, column);
  const sign = direction === 'ascending' ? 1 : -1;
  const places = present.map((_, i) => i).sort((a, b) => sign * compare(a, b) || a - b);
  return Int32Array.from([...places.map((i) => present[i]), ...missing]);
}

/** Compares two places of `rows`. */
function comparator(rows: number[], column: DataColumn): (a: number, b: number) => number {
  if (column.order === 'number') {
    const keys = Float64Array.from(rows, (row) => Number(column.cell(row)));
    return (a, b) => keys[a] - keys[b];
  }
  if (column.order === 'text') {
    const keys = rows.map((row) => cellText(column.cell(row)));
    return (a, b) => collator.compare(keys[a], keys[b]);
  }
  const keys = rows.map((row) => exact(column.cell(row), column.digits) ?? 0n);
  return (a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0);
}
