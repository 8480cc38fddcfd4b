import { type NumberArray, numberArrays } from '@bregma/core/contracts/dtypes';
import { gunzipSync } from 'fflate';
import type { Bytes, Numbers, Packed, Words } from './packed.ts';

export type { NumberArray };

/** Base64 or bytes as bytes. */
export function bytesOf(bytes: Bytes): Uint8Array {
  if (typeof bytes !== 'string') return bytes;
  return Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
}

/** A packed array, unpacked. Throws when its bytes are not as many as its shape says. */
export function unpack({ dtype, shape, bytes, encoding }: Packed): NumberArray {
  const raw = encoding === 'gzip' ? gunzipSync(bytesOf(bytes)) : bytesOf(bytes);
  const Type = numberArrays[dtype];
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
