import { BregmaError } from '../errors.ts';
import { memberOf } from '../members.ts';
import { storageError } from '../storage.ts';

/** What SQLite refused, named as what it is. https://www.sqlite.org/rescode.html */
const sqliteReasons: Record<number, string | undefined> = { 13: 'ENOSPC', 8: 'EROFS', 3: 'EACCES' };

/** What went wrong with a ledger's file, named as what it is, with what to do next. */
export function asLedgerError(file: string, error: unknown): Error {
  if (error instanceof BregmaError) return error;
  const reason = sqliteReasons[Number(memberOf(error, 'errcode')) & 0xff];
  // SAFETY: only an Error of SQLite has one of these numbers as `errcode`.
  if (reason) return storageError(file, Object.assign(error as Error, { code: reason }));
  const message = error instanceof Error ? error.message : String(error);
  if (/not a database|malformed|no such table/.test(message)) {
    return new BregmaError('corrupt', `${file} cannot be read: ${message}.`, {
      next: 'Run `bregma verify`; restore the file from a backup.',
    });
  }
  if (/database is locked/.test(message)) {
    return new BregmaError('conflict', `${file} is held by another process.`, {
      next: 'Try again when that process is done; nothing was changed.',
    });
  }
  return new BregmaError('failed', `${file} cannot be opened: ${message}.`, {
    next: 'Check that the folder exists and that you may write to it (`bregma doctor`).',
  });
}
