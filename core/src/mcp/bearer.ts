import { randomBytes, timingSafeEqual } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { sha256 } from '../canonical.ts';
import { BregmaError } from '../errors.ts';
import { codeOf } from '../storage.ts';

/** Characters of a token at least: 16 of base64url are 96 bits. */
const shortest = 16;

/**
 * The token that HTTP clients must send: from `BREGMA_TOKEN`, else kept in `http-token` of the folder, readable by its owner alone.
 * Throws `bad-input` for one that is short or empty, and for a file that another user owns or may read.
 */
export function bearerToken(folder: string): string {
  const given = process.env.BREGMA_TOKEN;
  if (given !== undefined && given !== '')
    return strong(given.trim(), 'BREGMA_TOKEN', `Give it ${shortest} or more letters and digits, drawn at random.`);
  const file = path.join(folder, 'http-token');
  return kept(file) ?? made(file);
}

/** True when the Authorization header carries the token. Takes the same time whatever the header holds; no token lets nobody in. */
export function isAuthorised(header: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/.exec(header ?? '')?.[1] ?? '';
  return timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(token))) && token !== '';
}

const again = 'Remove that file and start again: a new one is made.';

/** The token of a file, undefined when there is none. */
function kept(file: string): string | undefined {
  let handle: number;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return undefined;
    throw new BregmaError('bad-input', `http-token of this workspace cannot be read (${code}).`, {
      next: again,
    });
  }
  try {
    const { uid, mode, size } = fstatSync(handle);
    const refuse = (why: string) =>
      new BregmaError('bad-input', `http-token of this workspace ${why}.`, { next: again });
    if (!fstatSync(handle).isFile() || size > 1000) throw refuse('is no file of one token');
    if (process.getuid && uid !== process.getuid()) throw refuse('belongs to another user');
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw refuse('can be read or written by other users');
    return strong(readFileSync(handle, 'utf8').trim(), 'http-token of this workspace', again);
  } finally {
    closeSync(handle);
  }
}

function strong(token: string, what: string, next: string): string {
  if (token.length >= shortest && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new BregmaError('bad-input', `${what} ${token === '' ? 'is empty' : 'is too short or no plain text'}.`, {
    next,
  });
}

/** Makes a token, whole or not at all. Of two servers that start at once the first one's stays. */
function made(file: string): string {
  const token = randomBytes(24).toString('base64url');
  const temporary = `${file}.${process.pid}-${randomBytes(6).toString('hex')}`;
  try {
    writeWhole(temporary, `${token}\n`);
    place(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
  return kept(file) ?? token;
}

function writeWhole(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Gives a finished file its name, unless another one has it. A file system without links renames. */
function place(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') renameSync(from, to);
  }
}
