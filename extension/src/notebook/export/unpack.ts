import { gunzipSync } from 'node:zlib';
import type { Bytes, Numbers, Packed, Words } from '@bregma/webviews/kit/packed';

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

export const bytesOf = (bytes: Bytes): Uint8Array => (typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes);

/** The numbers of a packed array, in C order. */
export function unpack({ dtype, bytes, encoding }: Packed): ArrayLike<number> {
  // A copy begins where any type can be read.
  const raw = new Uint8Array(encoding === 'gzip' ? gunzipSync(bytesOf(bytes)) : bytesOf(bytes));
  return new arrays[dtype](raw.buffer);
}

export const numbersOf = (numbers: Numbers): ArrayLike<number> =>
  Array.isArray(numbers) ? numbers.map((value) => value ?? Number.NaN) : unpack(numbers);

export const wordsOf = (words: Words): string[] => (Array.isArray(words) ? words : words.lines.split('\n'));
