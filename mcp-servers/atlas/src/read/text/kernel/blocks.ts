import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { bytesOf, isGzip } from '../source.ts';

/** Whole rows in the first bytes of a buffer. */
export interface Rows {
  bytes: Uint8Array<ArrayBuffer>;
  length: number;
}

interface Cutting {
  /** Bytes of a block at most. */
  size: number;
  /** Lines before the first row. */
  skip: number;
  /** The character code of the quotation mark, -1 for none. */
  quote: number;
  returns: boolean;
  /** The length of the whole rows with which bytes begin that have quotes in them. */
  wholeRows(bytes: Uint8Array, length: number): number;
  /** A buffer of `size` and `endOfLine` bytes. */
  buffer(): Uint8Array<ArrayBuffer>;
}

const [lineFeed, carriageReturn] = [10, 13];
/** What a buffer needs beyond its block, for the end of a last line that has none. */
export const endOfLine = 2;

/**
 * A file in blocks of whole rows, its last line ended. Ends in `false` where the bytes are no UTF-8, hold a NUL, or a row is longer than a
 * block: then nothing that came before counts.
 */
export async function* blocksOf(file: string, cutting: Cutting): AsyncGenerator<Rows, boolean> {
  const { size, quote, returns } = cutting;
  const source = isGzip(file) ? unpacked(file) : stored(file);
  let { skip } = cutting;
  let bytes = cutting.buffer();
  let have = 0;
  try {
    for (let ended = false; !ended; ) {
      const got = await source.fill(bytes.subarray(have, size));
      have += got;
      if (viewOf(bytes, have).includes(0, have - got)) return false;
      ended = have < size;
      const begin = pastLines(viewOf(bytes, have), skip);
      if (begin < 0) return false;
      skip = 0;
      bytes.copyWithin(0, begin, have);
      have -= begin;
      if (ended && have > 0 && bytes[have - 1] !== lineFeed) {
        if (returns) bytes[have++] = carriageReturn;
        bytes[have++] = lineFeed;
      }
      const view = viewOf(bytes, have);
      const quoted = !ended && quote >= 0 && view.includes(quote);
      const length = ended ? have : quoted ? cutting.wholeRows(bytes, have) : view.lastIndexOf(lineFeed) + 1;
      if ((length === 0 && !ended) || !isUtf8(view.subarray(0, length))) return false;
      const next = cutting.buffer();
      next.set(bytes.subarray(length, have));
      if (length > 0) yield { bytes, length };
      bytes = next;
      have -= length;
    }
    return true;
  } finally {
    source.close();
  }
}

const viewOf = ({ buffer }: Uint8Array<ArrayBuffer>, length: number) => Buffer.from(buffer, 0, length);

/** The place behind so many lines, -1 where there are fewer. */
function pastLines(bytes: Buffer, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const end = bytes.indexOf(lineFeed, at);
    if (end < 0) return -1;
    at = end + 1;
  }
  return at;
}

interface Source {
  /** Fills as much of the bytes as there is; less than all at the end. */
  fill(bytes: Uint8Array): Promise<number>;
  close(): void;
}

function stored(file: string): Source {
  const opened = openSync(file, 'r');
  return {
    async fill(bytes) {
      let have = 0;
      for (let got = 1; got > 0 && have < bytes.length; have += got)
        got = readSync(opened, bytes, have, bytes.length - have, null);
      return have;
    },
    close: () => closeSync(opened),
  };
}

function unpacked(file: string): Source {
  const pieces = bytesOf(file);
  let rest: Buffer = Buffer.alloc(0);
  return {
    async fill(bytes) {
      let have = 0;
      while (have < bytes.length) {
        if (rest.length === 0) {
          const { value, done } = await pieces.next();
          if (done) break;
          rest = value;
        }
        const part = rest.subarray(0, bytes.length - have);
        bytes.set(part, have);
        have += part.length;
        rest = rest.subarray(part.length);
      }
      return have;
    },
    close: () => void pieces.return(undefined),
  };
}
