/** NumPy's names of element types, without byte order, whose elements are JavaScript numbers: name → the array that holds them. */
export const numberArrays = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
} as const;

/** The same with 64-bit integers, whose elements are bigint. */
export const exactArrays = { ...numberArrays, i8: BigInt64Array, u8: BigUint64Array } as const;

/** Name of an element type whose elements are JavaScript numbers; no 64-bit integers. */
export type NumberType = keyof typeof numberArrays;

/** Typed arrays whose elements are JavaScript numbers. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** Typed arrays of any number: elements of 64-bit integers are bigint. */
export type ExactArray = NumberArray | BigInt64Array | BigUint64Array;
