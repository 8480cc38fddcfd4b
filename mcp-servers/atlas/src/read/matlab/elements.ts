import type { ExactArray } from '@bregma/core/contracts/dtypes';
import { DamagedMat, type MatBytes } from './bytes.ts';

/** Data types of elements ("MAT-File Format", R2019b, table 1-1). */
export const dataTypes = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  int64: 12,
  uint64: 13,
  matrix: 14,
  compressed: 15,
  utf8: 16,
  utf16: 17,
  utf32: 18,
} as const;

/** An element of a file: where its data lie. next: where what follows it begins. */
export interface Element {
  bytes: MatBytes;
  type: number;
  at: number;
  size: number;
  next: number;
}

/** The element at a place. A small one has its data in the second half of its tag. Data are padded to 8 bytes, what is deflated is not. */
export function elementAt(bytes: MatBytes, at: number, isBig: boolean): Element {
  const tag = bytes.read(at, 8);
  const first = isBig ? tag.readUInt32BE(0) : tag.readUInt32LE(0);
  const small = first >>> 16;
  if (small > 0) {
    if (small > 4) throw new DamagedMat('an element claims more bytes than its tag has room for');
    return { bytes, type: first & 0xffff, at: at + 4, size: small, next: at + 8 };
  }
  const size = isBig ? tag.readUInt32BE(4) : tag.readUInt32LE(4);
  if (at + 8 + size > bytes.size) throw new DamagedMat('it ends early, or an element claims more than is there');
  const padded = first === dataTypes.compressed ? size : Math.ceil(size / 8) * 8;
  return { bytes, type: first, at: at + 8, size, next: at + 8 + padded };
}

const stored: Record<number, { size: number; make: (buffer: ArrayBuffer) => ExactArray }> = {
  [dataTypes.int8]: { size: 1, make: (buffer) => new Int8Array(buffer) },
  [dataTypes.uint8]: { size: 1, make: (buffer) => new Uint8Array(buffer) },
  [dataTypes.utf8]: { size: 1, make: (buffer) => new Uint8Array(buffer) },
  [dataTypes.int16]: { size: 2, make: (buffer) => new Int16Array(buffer) },
  [dataTypes.uint16]: { size: 2, make: (buffer) => new Uint16Array(buffer) },
  [dataTypes.utf16]: { size: 2, make: (buffer) => new Uint16Array(buffer) },
  [dataTypes.int32]: { size: 4, make: (buffer) => new Int32Array(buffer) },
  [dataTypes.uint32]: { size: 4, make: (buffer) => new Uint32Array(buffer) },
  [dataTypes.utf32]: { size: 4, make: (buffer) => new Uint32Array(buffer) },
  [dataTypes.single]: { size: 4, make: (buffer) => new Float32Array(buffer) },
  [dataTypes.double]: { size: 8, make: (buffer) => new Float64Array(buffer) },
  [dataTypes.int64]: { size: 8, make: (buffer) => new BigInt64Array(buffer) },
  [dataTypes.uint64]: { size: 8, make: (buffer) => new BigUint64Array(buffer) },
};

/** How many numbers an element holds. Throws `DamagedMat` when it holds none. */
export function lengthOf({ type, size }: Element): number {
  const kind = stored[type];
  if (!kind) throw new DamagedMat(`an element of numbers has the type ${type}`);
  return Math.floor(size / kind.size);
}

/** Numbers [start, start + count) of an element, as they are stored: MATLAB keeps doubles in the smallest type that holds them. */
export function numbersAt(element: Element, isBig: boolean, start: number, count: number): ExactArray {
  if (start + count > lengthOf(element)) throw new DamagedMat('an array has fewer values than its size says');
  const { size, make } = stored[element.type];
  const raw = Uint8Array.from(element.bytes.read(element.at + start * size, count * size));
  if (isBig && size > 1) for (let at = 0; at < raw.length; at += size) raw.subarray(at, at + size).reverse();
  return make(raw.buffer);
}

/** All numbers of an element, as numbers. most: more are damage. */
export function smallNumbers(element: Element, isBig: boolean, most: number): number[] {
  const length = lengthOf(element);
  if (length > most) throw new DamagedMat(`an element has ${length} numbers where ${most} are the most`);
  return Array.from(numbersAt(element, isBig, 0, length), Number);
}
