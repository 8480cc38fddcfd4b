import { type FileMetaData, parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { decimalText, intervalText, isoTime, timeText } from './exact.ts';

/** A Parquet file that can be read row by row. */
export interface ParquetTable {
  /** type: DuckDB's name, as far as the file tells it. */
  columns: { name: string; type: string }[];
  /** Rows in the file. */
  available: number;
  /**
   * Values of some columns (default: all), row by row, exact: 64-bit whole numbers are bigint; decimals, dates, times and
   * intervals are text; bytes are Uint8Array; lists, structs and maps are arrays and objects.
   */
  read(rowStart: number, rowEnd: number, names?: string[]): Promise<Record<string, unknown>[]>;
}

/** Times as text: the reader's own would cut microseconds. JSON stays text: parsing it would cut 64-bit ids. */
const parsers = {
  timestampFromMilliseconds: (value: bigint) => isoTime(BigInt(value) * 1_000_000n),
  timestampFromMicroseconds: (value: bigint) => isoTime(BigInt(value) * 1000n),
  timestampFromNanoseconds: (value: bigint) => isoTime(BigInt(value)),
  dateFromDays: (value: number) => isoTime(BigInt(value) * 86_400_000_000_000n).slice(0, -9),
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes),
};

/** A Parquet file. Throws when it is none. */
export function openParquet(file: Uint8Array): ParquetTable {
  // SAFETY: files are read into an ArrayBuffer, never into a shared one.
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(bytes);
  const elements = topElements(metadata);
  const columns = elements.map((element) => ({ name: element.name, type: typeName(element) }));
  const exactly = elements.flatMap((element) => {
    const exact = reader(element);
    return exact ? [[element.name, exact] as const] : [];
  });
  // Read as they are stored: the reader makes doubles of decimals, and refuses intervals.
  for (const element of metadata.schema) {
    const top = elements.includes(element);
    if (element.converted_type === 'INTERVAL' || (top && isDecimal(element))) {
      element.converted_type = undefined;
      element.logical_type = undefined;
    }
  }
  return {
    columns,
    available: Number(metadata.num_rows),
    async read(rowStart, rowEnd, names) {
      const rows = await parquetReadObjects({
        file: bytes,
        metadata,
        rowStart,
        rowEnd,
        columns: names && [...new Set(names)],
        utf8: false,
        parsers,
        geoparquet: false,
      });
      for (const [name, exact] of exactly) {
        if (names && !names.includes(name)) continue;
        // SAFETY: each of `exactly` was chosen by the type of its column, whose values it takes.
        for (const row of rows)
          if (row[name] !== null && row[name] !== undefined) row[name] = exact(row[name] as never);
      }
      return rows;
    },
  };
}

/** What the end of a Parquet file says of it: rows, and names of columns. footer: the last bytes, all of the footer among them. */
export function parquetSize(footer: Uint8Array): { rows: number; columns: string[] } {
  const bytes = Uint8Array.from(footer).buffer;
  const metadata = parquetMetadata(bytes);
  return { rows: Number(metadata.num_rows), columns: topElements(metadata).map(({ name }) => name) };
}

/** All rows of a Parquet file as objects, values exact. Throws when it is none. */
export async function readRows(file: Uint8Array): Promise<Record<string, unknown>[]> {
  const table = openParquet(file);
  return table.read(0, table.available);
}

/** Some columns of a Parquet file, one list each, values exact; columns that repeat are given each time. rowEnd: rows that are read at most. */
export async function readColumns(file: Uint8Array, names: string[], rowEnd?: number): Promise<unknown[][]> {
  const table = openParquet(file);
  const rows = await table.read(0, Math.min(rowEnd ?? table.available, table.available), names);
  return names.map((name) => rows.map((row) => row[name]));
}

function topElements({ schema }: FileMetaData): SchemaElement[] {
  const found: SchemaElement[] = [];
  for (let at = 1; at < schema.length; at = after(schema, at)) found.push(schema[at]);
  return found;
}

/** Index of the element after this one and all below it. */
function after(schema: SchemaElement[], at: number): number {
  let next = at + 1;
  for (let child = 0; child < (schema[at].num_children ?? 0); child++) next = after(schema, next);
  return next;
}

const isDecimal = ({ converted_type, logical_type }: SchemaElement) =>
  converted_type === 'DECIMAL' || logical_type?.type === 'DECIMAL';

/** What makes the exact value of what is stored; undefined where nothing needs to be done. */
function reader(element: SchemaElement): ((value: never) => unknown) | undefined {
  const { type, scale = 0, converted_type, logical_type } = element;
  if (element.num_children) return undefined;
  if (isDecimal(element)) return (value: number | bigint | Uint8Array) => decimalText(value, scale);
  if (converted_type === 'INTERVAL') return intervalText;
  if (logical_type?.type === 'TIMESTAMP' && logical_type.isAdjustedToUTC) return (text: string) => `${text}Z`;
  if (logical_type?.type === 'TIME' || converted_type?.startsWith('TIME_')) {
    const nanos = { MILLIS: 1_000_000n, MICROS: 1000n, NANOS: 1n };
    const unit =
      logical_type?.type === 'TIME' ? logical_type.unit : converted_type === 'TIME_MILLIS' ? 'MILLIS' : 'MICROS';
    return (value: number | bigint) => timeText(BigInt(value) * nanos[unit]);
  }
  if (type === 'BYTE_ARRAY' && converted_type === 'ENUM')
    return (value: Uint8Array | string) => (typeof value === 'string' ? value : new TextDecoder().decode(value));
  return undefined;
}

function typeName({ type, logical_type, converted_type, num_children, precision, scale }: SchemaElement): string {
  if (num_children) return 'NESTED';
  if (converted_type === 'DECIMAL') return `DECIMAL(${precision},${scale ?? 0})`;
  if (logical_type?.type === 'STRING' || converted_type === 'UTF8' || converted_type === 'ENUM') return 'VARCHAR';
  if (logical_type?.type === 'INTEGER') return integerName(logical_type.bitWidth, logical_type.isSigned !== false);
  const [, unsigned, bits] = /^(U?)INT_(\d+)$/.exec(converted_type ?? '') ?? [];
  if (bits) return integerName(Number(bits), unsigned === '');
  if (logical_type) return logical_type.type;
  if (converted_type) return converted_type.replace(/_.*/, '');
  const names: Partial<Record<string, string>> = {
    INT64: 'BIGINT',
    INT32: 'INTEGER',
    DOUBLE: 'DOUBLE',
    FLOAT: 'FLOAT',
    BOOLEAN: 'BOOLEAN',
    BYTE_ARRAY: 'BLOB',
  };
  return names[type ?? ''] ?? type ?? '';
}

const integerName = (bits: number, signed: boolean) =>
  `${signed ? '' : 'U'}${{ 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' }[bits] ?? 'BIGINT'}`;
