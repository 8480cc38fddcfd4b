const dtypes = {
  Int32Array: 'i4',
  Float32Array: 'f4',
  Float64Array: 'f8',
  Uint16Array: 'u2',
  Uint8Array: 'u1',
} as const;

/** A list of numbers as models carry them. */
export function packed(
  data: Int32Array | Float32Array | Float64Array | Uint16Array | Uint8Array,
  shape = [data.length],
) {
  // SAFETY: the classes of `data` are those that `dtypes` names.
  const name = data.constructor.name as keyof typeof dtypes;
  return { dtype: dtypes[name], shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
