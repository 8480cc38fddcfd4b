import { atDecimals, decimalsIn, digitsIn, significant } from '../numbers.ts';
import type { Columns } from './sample.ts';

/** How numbers were rounded: to decimals after the point, or to significant digits. */
export interface Rounding {
  decimals?: number;
  digits?: number;
}

/** Rows from which a column's precision is read. */
const mostLooked = 5000;
/** A number of more digits was not rounded so that it could hide. */
const mostDigits = 7;

/** The roundings that the columns of a table may have been through; none for columns of many digits. */
export function roundingsOf(table: Columns): Rounding[] {
  const found = new Map<string, Rounding>();
  for (const values of Object.values(table)) {
    const numbers = values.slice(0, mostLooked).filter((value): value is number => Number.isFinite(value));
    if (numbers.length === 0) continue;
    const decimals = largest(numbers, decimalsIn);
    const digits = largest(numbers, digitsIn);
    if (decimals <= mostDigits) found.set(`d${decimals}`, { decimals });
    if (digits <= mostDigits && decimals > 0) found.set(`s${digits}`, { digits });
  }
  return [...found.values()];
}

const largest = (numbers: number[], of: (value: number) => number) =>
  numbers.reduce((most, value) => Math.max(most, of(value)), 0);

/** A number as it is written after rounding. */
export const rounded = (value: number, { decimals, digits }: Rounding): number =>
  decimals === undefined ? significant(value, digits) : atDecimals(value, decimals);
