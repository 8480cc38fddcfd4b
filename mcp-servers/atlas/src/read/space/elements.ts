import type { NpyArray } from '@bregma/core/npy';

/** Numbers as NumPy calls them, without their byte order. */
export const elementNames = ['u1', 'i1', 'u2', 'i2', 'u4', 'i4', 'u8', 'i8', 'f4', 'f8'] as const;
export type ElementName = (typeof elementNames)[number];
export type Numbers = NpyArray['data'];

const makers: Record<ElementName, { new (length: number): Numbers; new (buffer: ArrayBuffer): Numbers }> = {
  u1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  u8: BigUint64Array,
  i8: BigInt64Array,
  f4: Float32Array,
  f8: Float64Array,
};

/** Bytes of one number. */
export const widthOf = (element: ElementName): number => Number(element.slice(1));

/** Room for `length` numbers. */
export const roomFor = (element: ElementName, length: number): Numbers => new makers[element](length);

/** Bytes of a file as numbers; a copy. bytes: a whole number of elements. */
export function numbersOf(bytes: Uint8Array, element: ElementName, bigEndian: boolean): Numbers {
  const raw = new Uint8Array(bytes);
  if (bigEndian) swapBytes(raw, widthOf(element));
  return new makers[element](raw.buffer);
}

function swapBytes(raw: Uint8Array, width: number): void {
  const view = Buffer.from(raw.buffer);
  if (width === 2) view.swap16();
  else if (width === 4) view.swap32();
  else if (width === 8) view.swap64();
}
