import { brotliDecompressSync } from 'node:zlib';

/** What makes the bytes of a module that travels packed in the source. base64: of its bytes in brotli; unpacked when first asked for. */
export function unpacked(base64: string): () => Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  return () => (bytes ??= Uint8Array.from(brotliDecompressSync(Buffer.from(base64, 'base64'))));
}
