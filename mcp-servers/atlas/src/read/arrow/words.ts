import { BregmaError } from '@bregma/core/errors';
import { type Batch, type DataType, Type } from '@uwdata/flechette';

/** A value that is there, as the text that DuckDB's type reads. */
type Write = (value: unknown, batch: Batch<unknown>, at: number) => string;

/** How values of a type are written as text. */
export function writerOf(type: DataType): Write {
  switch (type.typeId) {
    case Type.Timestamp: {
      const zone = type.timezone && type.unit !== 3 ? '+00' : '';
      return (value) => momentText(wholeOf(value), type.unit) + zone;
    }
    case Type.Date:
      // flechette gives milliseconds of either unit.
      return (value) => momentText(wholeOf(value), 1).slice(0, -13);
    case Type.Time:
      return (value) => timeText(wholeOf(value), type.unit);
    case Type.Decimal:
      return (value) => decimalText(wholeOf(value), type.scale);
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
    case Type.FixedSizeBinary:
      return (value) => blobText(bytesOf(value));
    case Type.Dictionary:
      return writerOf(type.dictionary);
    case Type.RunEndEncoded:
      return writerOf(type.children[1].type);
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
    case Type.Int:
    case Type.Float:
    case Type.Bool:
    case Type.Duration:
      return (value) => (value === undefined ? notThere() : String(value));
    case Type.List:
    case Type.LargeList:
    case Type.ListView:
    case Type.LargeListView:
    case Type.FixedSizeList:
      return listWriter(type.children[0].type);
    default:
      return (value) => JSON.stringify(jsonOf(value));
  }
}

/** Lists of numbers as DuckDB reads them; others as JSON. */
function listWriter(inner: DataType): Write {
  const isNumbers = inner.typeId === Type.Int || inner.typeId === Type.Float || inner.typeId === Type.Duration;
  return (value) => {
    // SAFETY: a list of Arrow is a typed array or an array.
    const list = Array.from(value as Iterable<unknown>);
    if (!isNumbers) return JSON.stringify(list.map(jsonOf));
    return `[${list.map((one) => (one === null ? 'NULL' : String(one))).join(', ')}]`;
  };
}

/** A nested value as JSON has it: whole numbers of 64 bits and bytes are text. */
function jsonOf(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return blobText(value);
  if (value === undefined) return notThere();
  // SAFETY: flechette's views are typed arrays, over which one can go as over arrays.
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return Array.from(value as Iterable<unknown>, jsonOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, jsonOf(one)]));
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** A value that its batch does not hold: an index or an offset leads out of it. */
function notThere(): never {
  throw new BregmaError('corrupt', 'A value lies outside of its batch.', { next: 'Write the file again.' });
}

const wholeOf = (value: unknown): bigint =>
  typeof value === 'bigint' ? value : typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : notThere();
const bytesOf = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : notThere());

/** Nanoseconds of each unit of time (Schema.fbs, TimeUnit). */
const perUnit = [1_000_000_000n, 1_000_000n, 1000n, 1n];
const digits = [0, 3, 6, 9];
const day = 86_400_000_000_000n;

/** A count since 1970 as a moment, with the digits of its unit. */
function momentText(count: bigint, unit: number): string {
  const total = count * perUnit[unit];
  const days = (total - (((total % day) + day) % day)) / day;
  return `${dayText(days)} ${timeText((total - days * day) / perUnit[unit], unit)}`;
}

/** A day of the Gregorian calendar, counted from 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms"). */
function dayText(days: bigint): string {
  const shifted = days + 719_468n;
  const era = (shifted >= 0n ? shifted : shifted - 146_096n) / 146_097n;
  const inEra = shifted - era * 146_097n;
  const yearInEra = (inEra - inEra / 1460n + inEra / 36_524n - inEra / 146_096n) / 365n;
  const inYear = inEra - (365n * yearInEra + yearInEra / 4n - yearInEra / 100n);
  const shiftedMonth = (5n * inYear + 2n) / 153n;
  const month = shiftedMonth < 10n ? shiftedMonth + 3n : shiftedMonth - 9n;
  const year = yearInEra + era * 400n + (month <= 2n ? 1n : 0n);
  const date = inYear - (153n * shiftedMonth + 2n) / 5n + 1n;
  const pad = (value: bigint, width: number) => String(value).padStart(width, '0');
  return year > 0n
    ? `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}`
    : `${pad(1n - year, 4)}-${pad(month, 2)}-${pad(date, 2)} (BC)`;
}

function timeText(count: bigint, unit: number): string {
  const second = 1_000_000_000n / perUnit[unit];
  const seconds = count / second;
  const pad = (value: bigint) => String(value).padStart(2, '0');
  const whole = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map(pad).join(':');
  return unit === 0 ? whole : `${whole}.${String(count % second).padStart(digits[unit], '0')}`;
}

function decimalText(value: bigint, scale: number): string {
  if (scale <= 0) return String(value * 10n ** BigInt(-scale));
  const text = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** Bytes as DuckDB reads a BLOB. */
const blobText = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
