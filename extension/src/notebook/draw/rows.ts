import { type FileMetaData, parquetMetadata, parquetReadObjects, type SchemaElement } from 'hyparquet';

export interface Rows {
  columns: { name: string; type: string }[];
  /** In the order of the columns. Whole numbers beyond 2⁵³ are text. */
  rows: unknown[][];
  /** In the whole file. */
  available: number;
}

/** Reads the first rows of a Parquet file. A column of 64-bit whole numbers in which one does not fit a double is text throughout. */
export async function readRows(file: Uint8Array, most: number): Promise<Rows> {
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(bytes);
  const available = Number(metadata.num_rows);
  const columns = topColumns(metadata);
  const found = await parquetReadObjects({ file: bytes, metadata, rowEnd: Math.min(most, available), utf8: true });
  const text = columns.map(({ name }) => found.some((row) => isWide(row[name])));
  return {
    columns,
    rows: found.map((row) => columns.map(({ name }, i) => plainValue(row[name], text[i]))),
    available,
  };
}

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
