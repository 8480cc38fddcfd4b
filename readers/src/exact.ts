// Values of a store as text, with all of their digits, in the form in which query_data previews them.

/** Nanoseconds since 1970 as ISO 8601 without a zone; times that no calendar has as DuckDB's ±infinity. */
export function isoTime(nanos: bigint): string {
  const seconds = floorDivide(nanos, 1_000_000_000n);
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return nanos < 0n ? '-infinity' : 'infinity';
  return `${date.toISOString().slice(0, -5)}${fraction(nanos - seconds * 1_000_000_000n)}`;
}

/** Nanoseconds since midnight as hh:mm:ss. */
export function timeText(nanos: bigint): string {
  const seconds = nanos / 1_000_000_000n;
  const two = (value: bigint) => String(value).padStart(2, '0');
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction(nanos % 1_000_000_000n)}`;
}

const fraction = (nanos: bigint) => (nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`);

const floorDivide = (a: bigint, b: bigint) => (a < 0n && a % b !== 0n ? a / b - 1n : a / b);

/** Months, days and milliseconds, 32 bits each, little-endian: as Parquet keeps an interval. */
export function intervalText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [months, days, ms] = [view.getInt32(0, true), view.getInt32(4, true), view.getUint32(8, true)];
  const part = (value: number, of: string) =>
    value === 0 ? [] : [`${value} ${of}${Math.abs(value) === 1 ? '' : 's'}`];
  const parts = [...part(Math.trunc(months / 12), 'year'), ...part(months % 12, 'month'), ...part(days, 'day')];
  if (ms > 0 || parts.length === 0) parts.push(timeText(BigInt(ms) * 1_000_000n));
  return parts.join(' ');
}

/** A decimal from its digits: a whole number, or big-endian two's complement. */
export function decimalText(value: number | bigint | Uint8Array, scale: number): string {
  const whole = value instanceof Uint8Array ? bigEndian(value) : BigInt(value);
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${whole < 0n ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ''}`;
}

function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

/** Bytes as text: 0x and two digits each. */
export const bytesText = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

/** A value as JSON has it: whole numbers beyond 2⁵³ as text, NaN as null, infinities as text, bytes as 0x…. */
export function jsonValue(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value);
  if (value instanceof Uint8Array) return bytesText(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonValue(item)]));
  return value;
}
