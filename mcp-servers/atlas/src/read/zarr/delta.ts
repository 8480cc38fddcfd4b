import { arrayTypes } from '../hdf5/element-type.ts';
import { Damaged } from '../packed/lz4.ts';
import type { StoredType } from './stored-type.ts';

/** numcodecs' Delta: every value but the first was stored as its difference from the one before. Whole numbers wrap, as in NumPy. */
export function undoDelta(bytes: Uint8Array, type: StoredType): Uint8Array {
  if (type.kind !== 'number' || type.half || type.bigEndian)
    throw new Damaged('holds differences of elements that are not read');
  const own = bytes.slice();
  const values = new arrayTypes[type.scalar](own.buffer);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array)
    for (let i = 1; i < values.length; i++) values[i] += values[i - 1];
  else for (let i = 1; i < values.length; i++) values[i] += values[i - 1];
  return own;
}
