import { bytesText, jsonValue } from '@bregma/readers/exact';
import { cutText, type Rows } from '@bregma/readers/rows';
import {
  bool,
  type Column,
  columnFromArray,
  type DataType,
  float32,
  float64,
  int32,
  int64,
  tableFromColumns,
  tableToIPC,
  uint32,
  uint64,
  utf8,
} from '@uwdata/flechette';

/** Arrow types of DuckDB's; what is not among them travels as text, which keeps all of its digits. */
const types: Partial<Record<string, () => DataType>> = {
  BOOLEAN: bool,
  TINYINT: int32,
  SMALLINT: int32,
  INTEGER: int32,
  UTINYINT: int32,
  USMALLINT: int32,
  UINTEGER: uint32,
  BIGINT: int64,
  UBIGINT: uint64,
  FLOAT: float32,
  DOUBLE: float64,
};

/** A table as an Arrow IPC stream. Dates, times, decimals, bytes and nested values (as JSON) are text. longest: characters of one text. */
export function arrowOf(columns: Rows['columns'], records: Record<string, unknown>[], longest: number): Uint8Array {
  const built = columns.map(({ name, type }): [string, Column<unknown>] => {
    const values = records.map((row) => row[name] ?? null);
    const arrow = types[type];
    if (arrow && values.every((value) => value === null || typeof value !== 'object'))
      return [name, columnFromArray(values, arrow())];
    return [
      name,
      columnFromArray(
        values.map((value) => cutText(textOf(value), longest)),
        utf8(),
      ),
    ];
  });
  // SAFETY: without a sink it gives the bytes back.
  return tableToIPC(tableFromColumns(built), { format: 'stream' }) as Uint8Array;
}

function textOf(value: unknown): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return bytesText(value);
  return typeof value === 'object' ? JSON.stringify(jsonValue(value)) : String(value);
}
