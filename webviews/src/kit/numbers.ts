import { gunzipSync } from 'fflate';
import type { Bytes, Numbers, Packed, Words } from './packed.ts';

/** Typed arrays whose elements are JavaScript numbers; no 64-bit integers. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

const arrays = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
};

/** Base64 or bytes as bytes. */
export function bytesOf(bytes: Bytes): Uint8Array {
  if (typeof bytes !== 'string') return bytes;
  return Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
}

/** A packed array, unpacked. Throws when its bytes are not as many as its shape says. */
export function unpack({ dtype, shape, bytes, encoding }: Packed): NumberArray {
  const raw = encoding === 'gzip' ? gunzipSync(bytesOf(bytes)) : bytesOf(bytes);
  const Type = arrays[dtype];
  const count = shape.reduce((product, side) => product * side, 1);
  if (raw.byteLength !== count * Type.BYTES_PER_ELEMENT)
    throw new Error(`An array of shape ${shape.join(' × ')} (${dtype}) came with ${raw.byteLength} bytes.`);
  const aligned = raw.byteOffset % Type.BYTES_PER_ELEMENT === 0 ? raw : raw.slice();
  // SAFETY: the constructor and the byte order are those of the dtype; typed arrays are little-endian wherever browsers run.
  return new Type(aligned.buffer as ArrayBuffer, aligned.byteOffset, count);
}

/** A list of numbers; null becomes NaN. */
export function numbersOf(numbers: Numbers): NumberArray {
  return Array.isArray(numbers) ? Float64Array.from(numbers, (value) => value ?? Number.NaN) : unpack(numbers);
}

/** Words of a model, which travel as a list or as one text of lines. */
export function wordsOf(words: Words): string[] {
  return Array.isArray(words) ? words : words.lines.split('\n');
}
