import * as z from 'zod/mini';

/**
 * Raw bytes: base64 where the model travels as JSON (notebooks, MCP), a Uint8Array where it is cloned (panels of the editor; not
 * a Node Buffer, which VS Code does not clone).
 */
export const Bytes = z.union([z.string(), z.custom<Uint8Array>((value) => value instanceof Uint8Array)]);
export type Bytes = z.infer<typeof Bytes>;

/** An array in C order, little-endian. NaN is "not measured"; integer types have no such value. */
export const Packed = z.object({
  dtype: z.enum(['f4', 'f8', 'i1', 'u1', 'i2', 'u2', 'i4', 'u4']),
  shape: z.array(z.number()),
  bytes: Bytes,
  /** The bytes are compressed. */
  encoding: z.optional(z.literal('gzip')),
});
export type Packed = z.infer<typeof Packed>;

/** A list of numbers: short ones as JSON with null for "not measured", long ones packed. */
export const Numbers = z.union([z.array(z.nullable(z.number())), Packed]);
export type Numbers = z.infer<typeof Numbers>;

/** A list of words (ids, names): short ones as JSON, long ones as one text with a line each. */
export const Words = z.union([z.array(z.string()), z.object({ lines: z.string() })]);
export type Words = z.infer<typeof Words>;

/** What a number on an axis is. */
export const Quantity = z.object({ label: z.string(), unit: z.optional(z.string()) });
export type Quantity = z.infer<typeof Quantity>;
