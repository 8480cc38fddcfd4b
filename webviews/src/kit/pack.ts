import { type NumberArray, type NumberType, numberArrays } from '@bregma/core/contracts/dtypes';

// SAFETY: the keys of the table are its names.
const names = new Map(Object.entries(numberArrays).map(([name, Type]) => [Type.name, name as NumberType]));

/** An array of numbers as models carry it. Throws when its elements are of no type that models know. */
export function packed(data: NumberArray, shape = [data.length]) {
  const dtype = names.get(data.constructor.name);
  if (!dtype) throw new Error(`Models carry no ${data.constructor.name}.`);
  return { dtype, shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
