import { closeSync, openSync, readSync } from 'node:fs';
import type { DataArray } from '@bregma/core/contracts/dataset';
import { npyHead } from '@bregma/core/npy';
import type { ObjectStore } from '@bregma/core/objects/objects';
import type { KeptNaN } from '@bregma/readers/duck';

const longestHead = 70_000;
/** Bytes that are looked at together: whole elements of four and eight bytes. */
const pieceBytes = 1 << 20;

/**
 * Arrays with what their NaN mean, and a sentence about each that holds some. kept: in which NaN is a value; elsewhere it says "not
 * measured", and is NULL to SQL.
 */
export function tellNaN(
  arrays: DataArray[],
  kept: KeptNaN | undefined,
  objects: ObjectStore,
): { arrays: DataArray[]; said: string[] } {
  const said: string[] = [];
  const told = arrays.map((array): DataArray => {
    if (array.dtype !== 'f4' && array.dtype !== 'f8') return array;
    if (kept === 'all' || kept?.includes(array.name)) return { ...array, nan: 'value' };
    const count = countNaN(objects.pathOf(array.object), array.dtype);
    if (count > 0)
      said.push(
        `Array ${array.name}: ${count} values are NaN, which says "not measured": to SQL they are NULL. Option: nan.`,
      );
    return array;
  });
  return { arrays: told, said };
}

/** How many values of a stored array are NaN. Stored arrays are little endian. */
function countNaN(file: string, dtype: 'f4' | 'f8'): number {
  const piece = Buffer.alloc(pieceBytes);
  const handle = openSync(file, 'r');
  try {
    let count = 0;
    const head = npyHead(piece.subarray(0, readSync(handle, piece, 0, longestHead, 0)));
    for (let at = head.start, end = head.start + head.bytes; at < end; ) {
      const length = readSync(handle, piece, 0, Math.min(pieceBytes, end - at), at);
      if (length === 0) break;
      const { buffer, byteOffset } = piece;
      const values =
        dtype === 'f4'
          ? new Float32Array(buffer, byteOffset, length >> 2)
          : new Float64Array(buffer, byteOffset, length >> 3);
      for (const value of values) if (Number.isNaN(value)) count++;
      at += length;
    }
    return count;
  } finally {
    closeSync(handle);
  }
}
