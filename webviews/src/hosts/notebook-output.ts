import * as z from 'zod/mini';

/** MIME type of an output of a notebook cell: `packOutput`. */
export const notebookOutputType = 'application/vnd.bregma.result';

/** What a notebook cell shows: one or several pictures of an answer, or how far the call is, or what went wrong. */
export const NotebookOutput = z.object({
  /** Names this output in messages about its freshness: 16 hexadecimal digits, drawn at random. */
  key: z.string().check(z.regex(/^[0-9a-f]{16}$/)),
  pictures: z.array(z.object({ view: z.string(), model: z.unknown() })),
  /** Said above the pictures, a sentence each. */
  said: z.array(z.string()),
  progress: z.optional(z.object({ done: z.number(), total: z.optional(z.number()), message: z.optional(z.string()) })),
  error: z.optional(z.object({ message: z.string(), next: z.optional(z.string()) })),
});
export type NotebookOutput = z.infer<typeof NotebookOutput>;

/** What the editor tells all outputs of a notebook: why each is stale; an empty list: it is fresh. */
export const ToNotebookOutputs = z.object({
  type: z.literal('freshness'),
  stale: z.record(z.string(), z.array(z.string())),
});
export type ToNotebookOutputs = z.infer<typeof ToNotebookOutputs>;

const keyLength = 16;
const headLength = keyLength + 4;
const align = (length: number) => Math.ceil(length / 8) * 8;

/**
 * An output as bytes: its key, the length of a JSON text (32 bits, little-endian), the text, and the byte arrays of the models one
 * after the other, each at a multiple of eight. In the text an array is `{KEY: [from, length]}`: no data can know the key.
 */
export function packOutput(output: NotebookOutput): Uint8Array {
  const parts: { from: number; bytes: Uint8Array }[] = [];
  let end = 0;
  const text = JSON.stringify(output, (_, value) => {
    if (!(value instanceof Uint8Array)) return value;
    parts.push({ from: end, bytes: value });
    end = align(end + value.byteLength);
    return { [output.key]: [parts[parts.length - 1].from, value.byteLength] };
  });
  const encoder = new TextEncoder();
  const json = encoder.encode(text);
  const start = align(headLength + json.byteLength);
  const packed = new Uint8Array(start + end);
  packed.set(encoder.encode(output.key));
  new DataView(packed.buffer).setUint32(keyLength, json.byteLength, true);
  packed.set(json, headLength);
  for (const { from, bytes } of parts) packed.set(bytes, start + from);
  return packed;
}

/** What `packOutput` packed, yet unchecked. Throws when the bytes are not such, or are not all there. */
export function unpackOutput(packed: Uint8Array): unknown {
  const cut = () => new Error(`The output of ${packed.byteLength} bytes is damaged or cut off. Run the cell again.`);
  if (packed.byteLength < headLength) throw cut();
  const decoder = new TextDecoder();
  const key = decoder.decode(packed.subarray(0, keyLength));
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(keyLength, true);
  const start = align(headLength + length);
  if (!/^[0-9a-f]{16}$/.test(key) || headLength + length > packed.byteLength) throw cut();
  return JSON.parse(decoder.decode(packed.subarray(headLength, headLength + length)), (_, value) => {
    const place = typeof value === 'object' && value !== null ? value[key] : undefined;
    if (!Array.isArray(place)) return value;
    // SAFETY: only `packOutput` writes this key, which it draws at random, with a place and a size behind it.
    const [from, size] = place as [number, number];
    if (start + from + size > packed.byteLength) throw cut();
    return packed.slice(start + from, start + from + size);
  });
}
