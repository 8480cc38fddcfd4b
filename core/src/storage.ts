import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { constants as system } from 'node:os';
import path from 'node:path';
import { BregmaError } from './errors.ts';
import { memberOf } from './members.ts';

/**
 * Makes a folder below a trusted one, following no link: a link in the place of a folder would lead every later write out of the
 * workspace. Throws `not-allowed` for a link or a file in its place, and as `storageError` when it cannot be made.
 */
export function ownFolder(folder: string, mode = 0o777): string {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw storageError(folder, error);
  }
  const found = lstatSync(folder);
  if (found.isDirectory()) return folder;
  throw new BregmaError(
    'not-allowed',
    `${folder} is ${found.isSymbolicLink() ? 'a link' : 'no folder'}: nothing was written.`,
    {
      next: 'Bregma writes below .bregma only where no link leads away. Remove it, if you do not know where it comes from.',
      fields: { path: folder },
    },
  );
}

/** Throws `not-allowed` when there is something at `file` that is no regular file of its own: a link, a folder, a device, a pipe. */
export function ownFile(file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found || found.isFile()) return;
  throw new BregmaError(
    'not-allowed',
    `${file} is ${found.isSymbolicLink() ? 'a link' : 'no file'}: nothing was written.`,
    {
      next: 'Remove it, if you do not know where it comes from.',
      fields: { path: file },
    },
  );
}

const noFollow = constants.O_NOFOLLOW ?? 0;

/**
 * Bytes of a file of the store; undefined: there is none. A link is not followed and a pipe is not waited for, wherever the folder comes
 * from. Throws `corrupt` for what is no regular file.
 */
export function readOwnFile(file: string): Buffer | undefined {
  const handle = openOwnToRead(file);
  if (handle === undefined) return undefined;
  try {
    return readFileSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Opens a file of the store for reading; as `readOwnFile`. */
export function openOwnToRead(file: string): number | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
    if (fstatSync(handle).isFile()) return handle;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    // A link, or a socket; what may not be read is told as it is.
    if (!['ELOOP', 'EMLINK', 'ENXIO'].includes(codeOf(error) ?? '')) throw error;
  }
  if (handle !== undefined) closeSync(handle);
  throw new BregmaError('corrupt', `${file} is a link or no regular file: it was not read.`, {
    next: 'Remove it, if you do not know where it comes from; `bregma verify` names what is not as it was written.',
    fields: { path: file },
  });
}

/**
 * Throws `not-allowed` when a file has further names: what is written into it would be written into the file of another folder too.
 * Only for files that are written in place.
 */
export function onlyName(file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found || found.nlink <= 1) return;
  throw new BregmaError('not-allowed', `${file} has ${found.nlink} names (hard links): nothing was written.`, {
    next: 'Two folders with one ledger would mix their records. Put a copy in its place: cp, then mv over it.',
    fields: { path: file },
  });
}

/** Opens a file for writing that may be there already, through no link. Throws as `storageError`. */
export function openOwnFile(file: string): number {
  ownFile(file);
  try {
    return openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | noFollow, 0o666);
  } catch (error) {
    throw storageError(file, error);
  }
}

/** Writes a file whole or not at all: a temporary name beside it, fsync, rename. A link in its place is replaced, never followed. */
export function writeWhole(file: string, content: string | Uint8Array, mode = 0o666): void {
  const temporary = `${file}.${process.pid}.part`;
  try {
    const handle = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow, mode);
    try {
      const bytes = Buffer.from(content);
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
      if (mode !== 0o666) fchmodSync(handle, mode);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw storageError(file, error);
  }
}

const reasons: Record<string, { what: string; next: string } | undefined> = {
  ENOSPC: { what: 'the disk is full', next: 'Free some space, then call again; nothing was half-written.' },
  EDQUOT: {
    what: 'your quota on this disk is used up',
    next: 'Free some space, then call again; nothing was half-written.',
  },
  EFBIG: {
    what: 'the file would be larger than you may write (ulimit -f)',
    next: 'Allow larger files, then call again; nothing was half-written.',
  },
  EROFS: { what: 'the file system is read-only', next: 'Choose a folder that can be written with --workspace DIR.' },
  EACCES: {
    what: 'you have no permission',
    next: 'Choose another folder with --workspace DIR, or change its permissions.',
  },
  EPERM: {
    what: 'you have no permission',
    next: 'Choose another folder with --workspace DIR, or change its permissions.',
  },
};

/** What the file system refused, named as what it is: full, quota, read-only, no permission. place: the path that was used. */
export function storageError(place: string, error: unknown): BregmaError {
  if (error instanceof BregmaError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const known = reasons[codeOf(error) ?? ''];
  return new BregmaError(
    'failed',
    known ? `Cannot write ${place}: ${known.what}.` : `Cannot write ${place}: ${message}.`,
    {
      next: known?.next ?? 'Check the folder with `bregma doctor`.',
      fields: { path: place },
      cause: error,
    },
  );
}

/** How the system, SQLite and DuckDB word what a disk refuses; a permission that is missing may be one to read. */
const spoken: [RegExp, string][] = [
  [/\bENOSPC\b|no space left on device/i, 'ENOSPC'],
  [/\bEDQUOT\b|disk quota exceeded/i, 'EDQUOT'],
  [/\bEROFS\b|read-only file system/i, 'EROFS'],
  [/\bEFBIG\b|file too large/i, 'EFBIG'],
];

/** A full disk, a used-up quota and a read-only disk as `storageError` names them, whoever met them; any other error as it is. */
export function namedStorage(error: unknown): unknown {
  if (!(error instanceof Error) || (error instanceof BregmaError && error.fields.path !== undefined)) return error;
  const said = codeOf(error);
  const code = said === 'EDQUOT' ? said : spoken.find(([words]) => words.test(error.message))?.[1];
  const place = memberOf(error, 'path');
  const met = Object.assign(new Error(error.message, { cause: error }), { code });
  return code ? storageError(typeof place === 'string' ? place : 'what this call makes', met) : error;
}

/** What a folder refuses just now, found by writing a little into it; undefined: nothing. */
export function refusalOf(folder: string): string | undefined {
  const probe = path.join(folder, `probe-${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    const handle = openSync(probe, 'wx');
    try {
      writeSync(handle, new Uint8Array(65_536));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    return undefined;
  } catch (error) {
    return codeOf(error);
  } finally {
    rmSync(probe, { force: true });
  }
}

/**
 * The word of an error that has one, of the system (`ENOSPC`) or of ours (`not-allowed`), or undefined. Node has no word for a quota that is
 * used up, and gives its number alone.
 */
export function codeOf(error: unknown): string | undefined {
  // SAFETY: errors of the system and BregmaErrors have a text as `code`; others have none.
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'UNKNOWN' && errno === -system.errno.EDQUOT ? 'EDQUOT' : code;
}
