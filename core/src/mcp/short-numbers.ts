/** Significant digits that numbers of an answer keep where a tool asks for no others. */
export const answerDigits = 6;

/**
 * A value with its numbers at so many significant digits: what a reader needs and a reader's tokens pay for. Whole numbers stay, and
 * so does what lies before the point of others. Names, ids and texts are never numbers. What is on record keeps every digit.
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
  return Math.abs(value) >= 10 ** digits ? Math.round(value) : Number(value.toPrecision(digits));
}
