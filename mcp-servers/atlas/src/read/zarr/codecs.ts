import { crc32 } from 'node:zlib';
import { bloscSize, unpackBlosc, unshuffle } from '../packed/blosc.ts';
import { Damaged, lz4Block } from '../packed/lz4.ts';
import { unpackGzip, unpackZlib, unpackZstd } from '../packed/zlib.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

/** Why an array cannot be read, in words that follow its path and "was left out:". */
export class Unread extends Error {}

/** Turns packed bytes into at most `most` bytes. Throws `Damaged`. */
export type Unpack = (packed: Uint8Array, most: number) => Uint8Array;

/** A codec as metadata name it: `id` in version 2, `name` with a `configuration` in version 3. */
export interface Named {
  name: string;
  settings: JsonObject;
}

/** A codec by its name and settings, of either version. */
export function namedCodec(given: Json): Named {
  if (typeof given === 'string') return { name: given, settings: {} };
  if (!isObject(given)) return { name: JSON.stringify(given).slice(0, 40), settings: {} };
  const configuration = isObject(given.configuration) ? given.configuration : {};
  // zarr-python names the codecs of version 2 `numcodecs.NAME` in version 3.
  const name = String(given.id ?? given.name).replace(/^numcodecs\./, '');
  return { name, settings: 'id' in given ? given : configuration };
}

/** The codecs of a list in metadata. */
export const codecsIn = (given: Json | undefined): Named[] => (Array.isArray(given) ? given.map(namedCodec) : []);

/** What undoes the codecs, the last of them first. Throws `Unread`, naming one that is not read. */
export function unpackers(codecs: Named[]): Unpack[] {
  return [...codecs].reverse().map((codec) => {
    const unpack = unpackOf(codec);
    if (!unpack) throw new Unread(`it is packed by ${codec.name.slice(0, 60)}, which is not read`);
    return unpack;
  });
}

/** Bytes of a chunk after each step in turn. most: bytes that a step may give. */
export const unpacked = (packed: Uint8Array, steps: Unpack[], most: number): Uint8Array =>
  steps.reduce((bytes, unpack) => unpack(bytes, most), packed);

/** What unpacks a codec from bytes to bytes, or undefined for one that is not read. */
function unpackOf({ name, settings }: Named): Unpack | undefined {
  switch (name) {
    case 'blosc':
      return (packed, most) => {
        if (bloscSize(packed) > most) throw new Damaged('holds more bytes than it says');
        return unpackBlosc(packed, bloscSize(packed));
      };
    case 'gzip':
      return unpackGzip;
    case 'zlib':
      return unpackZlib;
    case 'zstd':
      return unpackZstd;
    case 'lz4':
      return unpackLz4;
    case 'shuffle':
      return (packed) => unshuffle(packed, Number(settings.elementsize ?? 4));
    case 'crc32':
    case 'crc32c':
    case 'adler32':
      return checked(name, settings);
    case 'bitround':
      return (packed) => packed; // some digits were set to zero: nothing is packed
  }
  return undefined;
}

/** numcodecs' LZ4: the length of what it holds, in 32 bits, and one block. */
const unpackLz4: Unpack = (packed, most) => {
  if (packed.length < 4) throw new Damaged('ends early');
  const size = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  if (size > most) throw new Damaged('holds more bytes than it says');
  return lz4Block(packed.subarray(4), size);
};

/** A checksum of 32 bits, little-endian, behind the bytes (crc32c; where it says so) or before them. */
function checked(name: 'crc32' | 'crc32c' | 'adler32', { location }: JsonObject): Unpack {
  const isBehind = location === undefined ? name === 'crc32c' : location === 'end';
  const sum = { crc32, crc32c, adler32 }[name];
  return (packed) => {
    if (packed.length < 4) throw new Damaged('ends early');
    const at = isBehind ? packed.length - 4 : 0;
    const bytes = isBehind ? packed.subarray(0, at) : packed.subarray(4);
    if (new DataView(packed.buffer, packed.byteOffset).getUint32(at, true) !== sum(bytes))
      throw new Damaged('does not have its checksum');
    return bytes;
  };
}

/** CRC-32C (Castagnoli; RFC 3720, B.4), reflected. */
const castagnoli = Uint32Array.from({ length: 256 }, (_, i) => {
  let sum = i;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1;
  return sum;
});

function crc32c(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ castagnoli[(sum ^ byte) & 255];
  return (sum ^ 0xffffffff) >>> 0;
}

/** Adler-32 (RFC 1950, 8.2). */
function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return ((high << 16) | low) >>> 0;
}
