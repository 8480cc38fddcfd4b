import path from 'node:path';
import { BregmaError } from '../errors.ts';
import { memberOf } from '../members.ts';
import { refusalOf, storageError } from '../storage.ts';

/** True of what SQLite says when another process holds the file: BUSY or LOCKED. */
export const isHeld = (error: unknown): boolean => [5, 6].includes(primaryCode(error) ?? 0);

/** SQLite's number of what went wrong, without its details. https://www.sqlite.org/rescode.html */
export function primaryCode(error: unknown): number | undefined {
  const code = memberOf(error, 'errcode');
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** What SQLite refused, named as what it is. */
const reasons: Record<number, string | undefined> = { 13: 'ENOSPC', 8: 'EROFS', 3: 'EACCES' };

/** SQLITE_IOERR: a quota that is used up looks like a broken disk; SQLite does not say which. */
const ioError = 10;

/** An error of SQLite as one that a person can act on. */
export function asLedgerError(file: string, error: unknown): Error {
  if (error instanceof BregmaError) return error;
  const code = primaryCode(error) ?? 0;
  const reason = reasons[code] ?? (code === ioError ? refusalOf(path.dirname(file)) : undefined);
  // SAFETY: only an Error of SQLite has one of these numbers as `errcode`.
  if (reason) return storageError(file, Object.assign(error as Error, { code: reason }));
  const message = error instanceof Error ? error.message : String(error);
  if (/not a database|malformed|no such table/.test(message)) {
    return new BregmaError('corrupt', `${file} cannot be read: ${message}.`, {
      next: 'Run `bregma verify`; restore the file from a backup.',
    });
  }
  if (isHeld(error)) {
    return new BregmaError('conflict', `${file} is held by another process.`, {
      next: 'Try again when that process is done; nothing was changed.',
      fields: { held: true },
    });
  }
  return new BregmaError('failed', `${file} cannot be opened: ${message}.`, {
    next: 'Check that the folder exists and that you may write to it (`bregma doctor`).',
  });
}
