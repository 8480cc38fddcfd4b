export type { onnx } from 'onnx-proto';

/** The reader and writer of ONNX files. */
export async function loadProto(): Promise<typeof import('onnx-proto')> {
  const loaded = await import('onnx-proto');
  // SAFETY: onnx-proto is CommonJS: its exports are the default export under ESM and named ones in a bundle.
  return (loaded as unknown as { default?: typeof import('onnx-proto') }).default ?? loaded;
}
