import { isUtf8 } from 'node:buffer';
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { BregmaError } from '@bregma/core/errors';

/** Bytes of a file that are looked at before anything is decided. */
const headBytes = 1 << 20;

/** How the bytes of a text file are characters. label: as `TextDecoder` knows it. */
export interface Encoding {
  label: string;
  /** Bytes of the byte order mark. */
  mark: number;
}

/**
 * Whether a file is gzip, by its first bytes (RFC 1952, 2.3.1), whatever it is called. Throws `corrupt` when only its name says so;
 * what cannot be opened is left to who reads it.
 */
export function isGzip(file: string): boolean {
  const first = Buffer.alloc(2);
  let opened: number | undefined;
  try {
    opened = openSync(file, 'r');
    readSync(opened, first, 0, 2, 0);
  } catch {
    return false;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
  if (first[0] === 0x1f && first[1] === 0x8b) return true;
  if (/\.gz$/i.test(file))
    throw new BregmaError('corrupt', `${path.basename(file)} cannot be read: it is no gzip, by its first bytes.`, {
      next: 'Copy the file again; if it is text, take .gz off its name.',
    });
  return false;
}

/** A gzip may unpack to this much, or to so many times its size: rows of data stay below, a bomb (up to 1,032 times) does not. */
const mostUnpacked = 4e8;
const mostRatio = 100;

/**
 * The bytes of a file, unpacked when it is gzip. Throws `corrupt` when it, or the gzip around it, ends early, `too-large` when it
 * unpacks without end.
 */
export async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const raw = createReadStream(file, { highWaterMark: 1 << 20 });
  const packed = isGzip(file);
  const bytes = packed ? raw.pipe(createGunzip({ chunkSize: 1 << 18 })) : raw;
  const most = packed ? Math.max(mostUnpacked, mostRatio * statSync(file).size) : Number.POSITIVE_INFINITY;
  let unpacked = 0;
  // A pipe does not hand on that its source failed.
  raw.on('error', (error) => bytes.destroy(error));
  try {
    // SAFETY: without an encoding streams of files and of zlib give Buffers.
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      unpacked += chunk.length;
      if (unpacked > most) throw unpacksWithoutEnd(file, most);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof BregmaError) throw error;
    throw new BregmaError(
      'corrupt',
      `${path.basename(file)} cannot be read: ${error instanceof Error ? error.message : error}.`,
      { next: 'Copy the file again.' },
    );
  } finally {
    raw.destroy();
  }
}

/** Unpacks a gzip once and keeps nothing: one without end is refused before its rows are read, which takes much longer. */
export async function refuseEndless(file: string): Promise<void> {
  if (!isGzip(file)) return;
  for await (const _ of bytesOf(file));
}

const unpacksWithoutEnd = (file: string, most: number) =>
  new BregmaError('too-large', `${path.basename(file)} unpacks to more than ${Math.round(most / 1e6)} MB.`, {
    next: 'If you trust it, unpack it and add the file that comes out.',
  });

/** The first megabyte, and whether that is all. */
export async function headOf(file: string): Promise<{ head: Buffer; whole: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytesOf(file)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > headBytes) return { head: Buffer.concat(chunks).subarray(0, headBytes), whole: false };
  }
  return { head: Buffer.concat(chunks), whole: true };
}

/** Whether the first line of a file ends in a carriage return and a line feed. */
export async function endsInReturn(file: string): Promise<boolean> {
  for await (const chunk of bytesOf(file)) {
    const end = chunk.indexOf(10);
    return end > 0 && chunk[end - 1] === 13;
  }
  return false;
}

/** Bytes that are not characters of the encoding in which they were read. */
export class WrongEncoding extends BregmaError {}

/** The file's text in pieces, without its byte order mark. Throws `WrongEncoding` where bytes are no characters. */
export async function* textOf(file: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding.label, { fatal: true });
  let line = 1;
  try {
    for await (const chunk of bytesOf(file)) {
      const text = decoder.decode(chunk, { stream: true });
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line++;
      yield text;
    }
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new WrongEncoding(
      'bad-input',
      `${path.basename(file)} is not ${encoding.label} (at or after line ${line}).`,
      {
        next: 'Name its encoding with options.encoding, such as "windows-1252", "utf-16le", "shift_jis".',
      },
    );
  }
}

/** The lines from..to of a text that comes in pieces, counted from 1, `to` among them. */
export async function* linesOf(pieces: AsyncIterable<string>, from: number, to: number): AsyncGenerator<string> {
  let line = 1;
  let returned = false;
  for await (const piece of pieces) {
    let begin = line >= from ? 0 : -1;
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (code === 10 && returned) returned = false;
      else if (code === 10 || code === 13) {
        returned = code === 13;
        line++;
        if (line === from) begin = at + 1;
        if (line > to) {
          yield piece.slice(Math.max(0, begin), at + 1);
          return;
        }
      } else returned = false;
    }
    if (begin >= 0) yield piece.slice(begin);
  }
}

/**
 * The encoding that the first bytes show: a byte order mark, the zeros of UTF-16 without one, else UTF-8 where the bytes are,
 * and Windows-1252, which has Latin-1's letters, where they are not. Throws `bad-input` when the bytes are no text, naming the line.
 */
export function encodingOf(head: Buffer, whole: boolean, file: string, given?: string): Encoding {
  const mark = markOf(head);
  if (given !== undefined) {
    const label = knownLabel(given, file);
    return { label, mark: mark?.label === label ? mark.mark : 0 };
  }
  if (mark) return mark;
  const wide = wideOf(head);
  if (wide) return { label: wide, mark: 0 };
  const at = head.indexOf(0);
  if (at >= 0) throw notText(file, countLines(head.subarray(0, at)) + 1);
  // The last character may be cut.
  const cut = whole ? 0 : ([0, 1, 2, 3].find((n) => isUtf8(head.subarray(0, head.length - n))) ?? 0);
  return { label: isUtf8(head.subarray(0, head.length - cut)) ? 'utf-8' : 'windows-1252', mark: 0 };
}

/** The first bytes as text, without their byte order mark. */
export function decodeHead(head: Buffer, encoding: Encoding): string {
  return new TextDecoder(encoding.label).decode(head, { stream: true });
}

/**
 * The first line that holds UTF-8 of more than one byte and the first that is no UTF-8, where a file has both: pieces of two
 * encodings, of which any one reading is wrong.
 */
export async function mixedLines(file: string): Promise<{ utf8: number; other: number } | undefined> {
  let [line, utf8, other] = [0, 0, 0];
  let rest = Buffer.alloc(0);
  const look = (bytes: Buffer) => {
    line++;
    if (!bytes.some((byte) => byte >= 0x80)) return;
    if (!isUtf8(bytes)) other ||= line;
    if (holdsUtf8(bytes)) utf8 ||= line;
  };
  for await (const chunk of bytesOf(file)) {
    let from = 0;
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      look(bytes.subarray(from, end));
      from = end + 1;
    }
    if (utf8 > 0 && other > 0) return { utf8, other };
    rest = Buffer.from(bytes.subarray(from));
  }
  if (rest.length > 0) look(rest);
  return utf8 > 0 && other > 0 ? { utf8, other } : undefined;
}

/** Characters that people write with more than one byte of UTF-8: letters of living alphabets, signs of print and of mathematics. */
const written =
  /[\u00a0-\u017f\u0384-\u03ce\u0400-\u045f\u05d0-\u05ea\u0621-\u064a\u0900-\u0d7f\u0e01-\u0e4f\u1e00-\u1fff\u2010-\u2027\u2030-\u203a\u2070-\u20bf\u2100-\u22ff\u3001-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff01-\uffee]|\p{Extended_Pictographic}/u;

/**
 * Whether bytes hold UTF-8 of more than one byte that says something: `É»` and `ß€` of Windows-1252 are such bytes too, of letters
 * that nobody writes.
 */
function holdsUtf8(bytes: Buffer): boolean {
  const sequences = bytes
    .toString('latin1')
    .matchAll(/[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g);
  for (const [sequence] of sequences) if (written.test(Buffer.from(sequence, 'latin1').toString('utf8'))) return true;
  return false;
}

/** An error that says where the bytes stop to be text. */
export function notText(file: string, line: number): BregmaError {
  return new BregmaError('bad-input', `${path.basename(file)} is no text: there is a NUL byte in line ${line}.`, {
    next: 'Name the format with format, or its encoding with options.encoding, such as "utf-16le".',
  });
}

function markOf(head: Buffer): Encoding | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { label: 'utf-8', mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { label: 'utf-16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { label: 'utf-16be', mark: 2 };
  return undefined;
}

/** UTF-16 without a mark: Latin text has a zero in every second byte, and in no other. */
function wideOf(head: Buffer): string | undefined {
  const zeros = [0, 0];
  const length = Math.min(head.length, 4096);
  for (let i = 0; i < length; i++) if (head[i] === 0) zeros[i % 2]++;
  const half = length / 2;
  if (zeros[1] > 0.6 * half && zeros[0] === 0) return 'utf-16le';
  if (zeros[0] > 0.6 * half && zeros[1] === 0) return 'utf-16be';
  return undefined;
}

function knownLabel(given: string, file: string): string {
  try {
    return new TextDecoder(
      given
        .trim()
        .toLowerCase()
        .replace(/^latin-1$/, 'latin1'),
    ).encoding;
  } catch {
    throw new BregmaError('bad-input', `options.encoding of ${path.basename(file)} is '${given.slice(0, 40)}'.`, {
      next: 'Choose an encoding of the WHATWG list: utf-8, utf-16le, windows-1252, macintosh, shift_jis, gb18030.',
    });
  }
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (const byte of bytes) if (byte === 10) lines++;
  return lines;
}
