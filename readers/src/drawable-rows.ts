import { type Room, readRows } from './rows.ts';

/**
 * Rows of a Parquet file as a chart takes them: records by column; decimals are numbers, and a time without a zone is one of UTC,
 * or a browser would take it for its own. available: rows in the whole file.
 */
export async function drawableRows(
  file: Uint8Array,
  room: Room,
): Promise<{ columns: string[]; rows: Record<string, unknown>[]; available: number }> {
  const { columns, rows, available } = await readRows(file, room);
  return {
    columns: columns.map(({ name }) => name),
    rows: rows.map((row) => Object.fromEntries(columns.map(({ name, type }, i) => [name, drawable(row[i], type)]))),
    available,
  };
}

function drawable(value: unknown, type: string): unknown {
  if (typeof value !== 'string') return value;
  if (type.startsWith('DECIMAL')) return Number(value);
  return type === 'TIMESTAMP' && value.includes('T') && !value.endsWith('Z') ? `${value}Z` : value;
}
