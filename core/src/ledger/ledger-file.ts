import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { BregmaError } from '../errors.ts';
import { codeOf } from '../storage.ts';
import { primaryCode } from './ledger-errors.ts';
import { rowOf } from './rows.ts';

/** Opens the file of a ledger for writing, and makes it when it is not there. */
export function openToWrite(file: string): DatabaseSync {
  return new (sqlite().DatabaseSync)(file);
}

/**
 * Opens the file of a ledger for reading. Where nothing may be written beside it (a read-only disk, another person's folder) SQLite
 * cannot: a private copy is read then, with what its log holds, as it was at this moment.
 */
export function openToRead(file: string): DatabaseSync {
  const { DatabaseSync } = sqlite();
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    // A reader waits only while another process recovers the log, or holds the whole file.
    database.exec('PRAGMA busy_timeout = 3000');
    rowOf(database.prepare('PRAGMA schema_version'));
    return database;
  } catch (error) {
    database?.close();
    if (!cannotWriteBeside.has(primaryCode(error) ?? 0)) throw error;
    return openCopy(file);
  }
}

/** SQLITE_READONLY, SQLITE_CANTOPEN. */
const cannotWriteBeside = new Set([8, 14]);

function openCopy(file: string): DatabaseSync {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-ledger-'));
  const copy = path.join(folder, path.basename(file));
  try {
    copyFileSync(file, copy);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    const database = new (sqlite().DatabaseSync)(copy);
    // The log becomes part of the file; then the open file alone is needed, and nothing is left when the process ends.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE');
    return database;
  } catch (error) {
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM')
      throw new BregmaError('failed', `Cannot read ${file}: you have no permission.`, {
        next: 'Ask whoever it belongs to, or read it as another user.',
        fields: { path: file },
      });
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Node's SQLite, looked up when it is needed, so that an old Node reaches the line of code that says what is wrong. Node 22
 * prints a notice the first time; stderr of a server belongs to its own messages.
 */
function sqlite(): typeof import('node:sqlite') {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    const found = process.getBuiltinModule?.('node:sqlite');
    if (found) return found;
  } finally {
    process.emitWarning = emitWarning;
  }
  throw new BregmaError('failed', `Bregma needs Node 22.13 or newer; this is ${process.versions.node}.`, {
    next: 'Install Node 22 from https://nodejs.org.',
  });
}
