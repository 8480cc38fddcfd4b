import { jsonValue } from './exact.ts';
import { openParquet } from './parquet.ts';

/** The first rows of a table. */
export interface Rows {
  columns: { name: string; type: string }[];
  /** In the order of the columns. Whole numbers beyond 2⁵³ are text. */
  rows: unknown[][];
  /** In the whole file. */
  available: number;
}

/** What a reader of rows can take. */
export interface Room {
  rows: number;
  /** Characters of all texts together, about. */
  characters?: number;
  /** Characters of one text; longer ones are cut and say how long they are. */
  text?: number;
}

/** Rows from which the size of the others is guessed. */
const sample = 200;

/**
 * Reads the first rows of a Parquet file, as many as there is room for. A column of 64-bit whole numbers in which one does not
 * fit a double is text throughout.
 */
export async function readRows(file: Uint8Array, room: Room): Promise<Rows> {
  const { columns, records, available } = await readRecords(file, room);
  const wide = columns.map(({ name }) => records.some((row) => isWide(row[name])));
  // A decimal of at most 15 digits is the same decimal as a double.
  const narrow = columns.map(({ type }) => Number(/^DECIMAL\((\d+)/.exec(type)?.[1] ?? 99) <= 15);
  return {
    columns,
    rows: records.map((row) =>
      columns.map(({ name }, i) => {
        const value = row[name];
        if (wide[i] && typeof value === 'bigint') return String(value);
        return cutText(narrow[i] && typeof value === 'string' ? Number(value) : jsonValue(value), room.text);
      }),
    ),
    available,
  };
}

const isWide = (value: unknown) => typeof value === 'bigint' && !Number.isSafeInteger(Number(value));

/** The first rows of a Parquet file with exact values, as many as there is room for. */
export async function readRecords(
  file: Uint8Array,
  { rows: most, characters }: Room,
): Promise<{ columns: Rows['columns']; records: Record<string, unknown>[]; available: number }> {
  const { columns, available, read } = openParquet(file);
  const first = await read(0, Math.min(sample, most, available));
  const each = first.reduce((sum, row) => sum + sizeOf(row), 0) / Math.max(first.length, 1);
  const room = characters === undefined ? most : Math.max(1, Math.floor(characters / Math.max(each, 1)));
  const end = Math.min(most, available, room);
  const records = end > first.length ? first.concat(await read(first.length, end)) : first.slice(0, end);
  return { columns, records, available };
}

const sizeOf = (row: Record<string, unknown>): number =>
  Object.values(row).reduce<number>(
    (sum, value) =>
      sum + (typeof value === 'string' ? value.length : value instanceof Uint8Array ? 2 * value.length : 8),
    0,
  );

/** A text cut to `longest` characters, which then says how long it was; other values as they are. */
export const cutText = (value: unknown, longest: number | undefined): unknown =>
  typeof value === 'string' && longest !== undefined && value.length > longest
    ? `${value.slice(0, longest)}… (${value.length} characters)`
    : value;
