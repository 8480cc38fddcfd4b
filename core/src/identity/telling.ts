import { chance, logArrangements } from './same-rows.ts';

/** Largest number of which means are taken for fractions that many values share. */
const few = 24;

/** Whether a value has three decimals at most: what many data share. */
export const isShort = (value: number): boolean =>
  Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-9 * Math.max(1, Math.abs(value));

/** Whether a value is a short decimal, or a whole number over a small one: counts and their means, which independent data share. */
export function fractionOfFew(value: number): boolean {
  if (isShort(value)) return true;
  for (let divisor = 3; divisor <= few; divisor++) {
    const times = value * divisor;
    if (Math.abs(times - Math.round(times)) < 1e-6 * Math.max(1, Math.abs(times)) && Math.abs(times) > 0.5) return true;
  }
  return false;
}

/** Whether the course of a row is its own: no few values, and no steps of one size, as indices and times have. */
export function isUncommon(row: Float64Array): boolean {
  if (logArrangements(row) < -Math.log(chance)) return false;
  const rising = row.filter(Number.isFinite).sort();
  const step = (rising[rising.length - 1] - rising[0]) / (rising.length - 1);
  return rising.some((value, i) => i > 0 && Math.abs(value - rising[i - 1] - step) > 1e-6 * Math.abs(step));
}
