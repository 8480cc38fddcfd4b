// As a whole: an older Node has no zstd, and would not load what names it.
import zlib from 'node:zlib';
import { Damaged } from './lz4.ts';

/** Unpacks with Node's own libraries, into at most `most` bytes. Throws `Damaged` beyond it, and for what is no such stream. */
function unpacker(unpack: ((bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array) | undefined) {
  return (packed: Uint8Array, most: number): Uint8Array => {
    if (!unpack) throw new Damaged(`is packed with zstd, which needs Node 22.15; this is ${process.versions.node}`);
    try {
      return unpack(packed, { maxOutputLength: Math.max(1, most) });
    } catch (error) {
      // SAFETY: zlib throws Errors, with a code where the bound was met.
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ERR_BUFFER_TOO_LARGE') throw new Damaged('holds more bytes than it says');
      throw new Damaged(`cannot be unpacked (${message})`);
    }
  };
}

export const unpackGzip = unpacker(zlib.gunzipSync);
export const unpackZlib = unpacker(zlib.inflateSync);
export const unpackZstd = unpacker(zlib.zstdDecompressSync);
