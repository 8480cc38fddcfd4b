import { type FileMetaData, parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet';

export interface Rows {
  columns: { name: string; type: string }[];
  /** In the order of the columns. Whole numbers beyond 2⁵³ are text. */
  rows: unknown[][];
  /** In the whole file. */
  available: number;
}

/** What a reader of rows can take. */
interface Room {
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
export async function readRows(file: Uint8Array, { rows: most, characters, text: longest }: Room): Promise<Rows> {
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(bytes);
  const available = Number(metadata.num_rows);
  const columns = topColumns(metadata);
  const read = (rowStart: number, rowEnd: number) =>
    parquetReadObjects({ file: bytes, metadata, rowStart, rowEnd, utf8: true });
  const first = await read(0, Math.min(sample, most, available));
  const each = first.reduce((sum, row) => sum + sizeOf(row), 0) / Math.max(first.length, 1);
  const room = characters === undefined ? most : Math.max(1, Math.floor(characters / Math.max(each, 1)));
  const end = Math.min(most, available, room);
  const found = end > first.length ? first.concat(await read(first.length, end)) : first.slice(0, end);
  const wide = columns.map(({ name }) => found.some((row) => isWide(row[name])));
  const cut = (value: unknown) =>
    typeof value === 'string' && longest !== undefined && value.length > longest
      ? `${value.slice(0, longest)}… (${value.length} characters)`
      : value;
  return {
    columns,
    rows: found.map((row) => columns.map(({ name }, i) => cut(plainValue(row[name], wide[i])))),
    available,
  };
}

const sizeOf = (row: Record<string, unknown>): number =>
  Object.values(row).reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0);

const isWide = (value: unknown) => typeof value === 'bigint' && !Number.isSafeInteger(Number(value));

function topColumns({ schema }: FileMetaData): Rows['columns'] {
  const columns: Rows['columns'] = [];
  for (let at = 1; at < schema.length; at = after(schema, at))
    columns.push({ name: schema[at].name, type: typeName(schema[at]) });
  return columns;
}

/** Index of the element after this one and all below it. */
function after(schema: SchemaElement[], at: number): number {
  let next = at + 1;
  for (let child = 0; child < (schema[at].num_children ?? 0); child++) next = after(schema, next);
  return next;
}

function typeName({ type, logical_type, converted_type, num_children }: SchemaElement): string {
  if (num_children) return 'NESTED';
  if (logical_type?.type === 'STRING' || converted_type === 'UTF8') return 'VARCHAR';
  if (logical_type?.type === 'INTEGER') return logical_type.isSigned === false ? 'UBIGINT' : 'BIGINT';
  if (logical_type) return logical_type.type;
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

function plainValue(value: unknown, text: boolean): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return text || isWide(value) ? String(value) : Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value);
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map((item) => plainValue(item, false));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item, false)]));
  return value;
}
