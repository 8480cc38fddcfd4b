import { exactArrays } from '@bregma/core/contracts/dtypes';
import type { NpyArray } from '@bregma/core/npy';

/** Numbers as NumPy calls them, without their byte order. */
export type ElementName = keyof typeof exactArrays;
/** Numbers of one element type, 64-bit whole ones as bigints. */
export type Numbers = NpyArray['data'];

const makers: Record<ElementName, { new (length: number): Numbers; new (buffer: ArrayBuffer): Numbers }> = exactArrays;

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
