import type { DatabaseSync } from 'node:sqlite';
import { BregmaError } from '../errors.ts';
import { tableForm, withoutLayout } from './layout.ts';
import { rowOf } from './rows.ts';

/** Version of the file layout, in SQLite's `user_version`. */
export const ledgerVersion = 1;
/** "BRGM": SQLite's `application_id` of a ledger. */
export const ledgerApplication = 0x4252474d;

/** Throws `failed` for a ledger of a newer Bregma, and `corrupt` for a file that is none. */
export function checkForm(file: string, database: DatabaseSync): void {
  const { user_version } = rowOf<{ user_version: number }>(database.prepare('PRAGMA user_version'))!;
  if (user_version > ledgerVersion) {
    throw new BregmaError(
      'failed',
      `${file} was written by a newer Bregma (ledger version ${user_version}, this one reads ${ledgerVersion}).`,
      {
        next: 'Update Bregma; nothing was changed.',
      },
    );
  }
  const { application_id } = rowOf<{ application_id: number }>(database.prepare('PRAGMA application_id'))!;
  if (application_id !== ledgerApplication) {
    throw new BregmaError('corrupt', `${file} is not a Bregma ledger, or its header was changed.`, {
      next: 'Run `bregma verify`; restore the file from a backup.',
    });
  }
  // A foreign file may call a view `records` that never ends, or compute its columns: it is not read.
  // SAFETY: SQLite's own table has these columns, and both are texts of what is called `records`.
  const table = database.prepare("SELECT type, sql FROM sqlite_schema WHERE lower(name) = 'records'").get() as
    | { type: string; sql: string }
    | undefined;
  if (table?.type !== 'table' || withoutLayout(table.sql) !== withoutLayout(`CREATE TABLE records ${tableForm}`)) {
    throw new BregmaError(
      'corrupt',
      `${file} says that it is a ledger of version ${user_version}, and does not hold its records in the table that this version has.`,
      {
        next: 'It was changed, or made by a build between two releases. `bregma verify` says more; restore it from a backup, or open the folder with the build that made it.',
      },
    );
  }
}
