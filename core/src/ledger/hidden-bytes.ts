import type { DatabaseSync } from 'node:sqlite';
import { rowsOf } from './rows.ts';

/**
 * Numbers of the records that hold a NUL: SQLite keeps what stands behind one, and nothing that reads the text sees it, so that the hash
 * is right all the same. No record is written with one.
 */
export function recordsWithNul(database: DatabaseSync): number[] {
  const holds = ['kind', 'subject', 'at', 'body', 'previous', 'hash']
    .map((column) => `instr(CAST(${column} AS BLOB), x'00') > 0`)
    .join(' OR ');
  return rowsOf<{ seq: number }>(database.prepare(`SELECT seq FROM records WHERE ${holds}`)).map(({ seq }) => seq);
}
