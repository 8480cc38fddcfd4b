import { parquetReadObjects } from 'hyparquet';

/** Some columns of a Parquet file, one list each. Whole numbers of 64 bits are bigint. rowEnd: rows that are read at most. */
export async function readColumns(file: Uint8Array, columns: string[], rowEnd?: number): Promise<unknown[][]> {
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  const rows = await parquetReadObjects({ file: bytes, columns: [...new Set(columns)], rowEnd, utf8: true });
  return columns.map((name) => rows.map((row) => row[name]));
}
