// The one room in which numbers are cut short and become text. A number that was not measured is never a digit.

/** 1, 10, … 10²²: those that are doubles. */
const powers = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** The nearest number of so many significant digits. */
export function significant(value: number, digits = 3): number {
  const decimals = digits - 1 - Math.floor(Math.log10(Math.abs(value)));
  const found = nearestAt(value, decimals);
  return Number.isNaN(found) ? Number(value.toPrecision(digits)) : found;
}

/** The nearest number of so many decimals. */
export function atDecimals(value: number, decimals: number): number {
  const found = nearestAt(value, decimals);
  return Number.isNaN(found) ? Number(value.toFixed(decimals)) : found;
}

/**
 * The nearest number of so many decimals (below 0: of so many zeros before the point), without a text between. NaN where doubles
 * cannot be sure of it: halfway between two, of very many digits, and what is no number. Whole numbers and powers of ten up to 10²²
 * are exact, so that their quotient is the nearest double.
 */
function nearestAt(value: number, decimals: number): number {
  const power = powers[Math.abs(decimals)];
  const scaled = decimals < 0 ? value / power : value * power;
  const whole = Math.round(scaled);
  // Also false of NaN, which an exponent beyond the powers gives.
  if (!(Math.abs(scaled) < 1e9 && Math.abs(Math.abs(scaled - whole) - 0.5) > 1e-6)) return Number.NaN;
  return decimals < 0 ? whole * power : whole / power;
}

/** "0.0500": so many significant digits, zeros at the end too. */
export const withDigits = (value: number, digits: number): string => value.toPrecision(digits);

/** "12.50": so many decimals, zeros at the end too. */
export const withDecimals = (value: number, decimals: number): string => value.toFixed(decimals);

/** "1.3e+5": a power of ten, with so many decimals before it; as many as there are where none are asked for. */
export const inPowers = (value: number, decimals?: number): string => value.toExponential(decimals);

/** "22,309". */
export const grouped = (value: number): string => value.toLocaleString('en-US');

/** Significant digits with which a number is written: 3 of 0.00120 are 2. */
export const digitsIn = (value: number): number =>
  Math.abs(value).toExponential().split('e')[0].replace('.', '').length;

/** Whether a number is written with so many significant digits at least. */
export const hasDigits = (value: number, digits: number): boolean => significant(value, digits - 1) !== value;

/** Decimals with which a number is written. */
export function decimalsIn(value: number): number {
  const [mantissa, exponent] = value.toExponential().split('e');
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}

const isMeasured = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && !Number.isNaN(value);

/** "0.532", "1,327", "1.2e-7", with a true minus; null and NaN are "not measured". */
export function shown(value: number | null | undefined, digits = 3): string {
  if (!isMeasured(value)) return 'not measured';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return minus(grouped(value));
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e6)
    return minus(value.toLocaleString('en-US', { maximumSignificantDigits: size >= 1000 ? digits + 2 : digits }));
  return minus(value.toExponential(digits - 1));
}

/** "0.0421": as a program would write it, of so many significant digits; null and NaN are "not measured". */
export const plainly = (value: number | null | undefined, digits = 3): string =>
  isMeasured(value) ? String(significant(value, digits)) : 'not measured';

/** "0.500": so many decimals, no zero below zero; null, NaN and what has no end are "not measured". */
export const measured = (value: number | null | undefined, decimals = 3): string =>
  isMeasured(value) && Number.isFinite(value) ? value.toFixed(decimals).replace(/^-(0(\.0+)?)$/, '$1') : 'not measured';

/** An e-value or what it must reach: "12 400", "1.2 × 10⁶", "0.003". */
export function evidence(value: number | null): string {
  if (!isMeasured(value)) return 'not measured';
  if (value >= 1e6 || (value > 0 && value < 1e-4)) {
    const [mantissa, exponent] = value.toExponential(1).split('e');
    return `${mantissa} × 10${superscript(Number(exponent))}`;
  }
  if (value >= 1000) return grouped(Math.round(value)).replaceAll(',', '\u202f');
  return minus(plainly(value));
}

/** "1.21 MB": bytes in powers of 1000. */
export function bytesInWords(count: number): string {
  if (count < 1000) return `${count} B`;
  const power = Math.min(Math.floor(Math.log10(count) / 3), 4);
  return `${withDigits(count / 1000 ** power, 3)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

const minus = (text: string) => text.replaceAll('-', '−');
const superscript = (n: number) =>
  String(n).replace(/[-\d]/g, (digit) => (digit === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]));

/** Significant digits that numbers of an answer keep where a tool asks for no others. */
export const answerDigits = 6;

/**
 * A value with its numbers at so many significant digits: what a reader needs and a reader's tokens pay for. Whole numbers stay, and
 * so does what lies before the point of others; what has no end, and what is no number, stays what it is, and becomes null where it
 * is written as JSON. Names, ids and texts are never numbers. What is on record keeps every digit.
 */
export function shortNumbers<Value>(value: Value, digits: number | 'all' = answerDigits): Value {
  if (digits === 'all') return value;
  // SAFETY: every member keeps its name and what it is; numbers alone change, into numbers.
  return shorten(value, digits) as Value;
}

function shorten(value: unknown, digits: number): unknown {
  if (typeof value === 'number') return short(value, digits);
  if (Array.isArray(value)) return value.map((item) => shorten(item, digits));
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shorten(member, digits)]));
  return value;
}

function short(value: number, digits: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  return Math.abs(value) >= 10 ** digits ? Math.round(value) : significant(value, digits);
}
