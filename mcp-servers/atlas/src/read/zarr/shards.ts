import { Damaged } from '../packed/lz4.ts';
import type { ArrayMetadata } from './array-metadata.ts';
import { codecsIn, type Named, Unread, unpacked, unpackers } from './codecs.ts';
import { copyBox, type Elements, roomFor } from './elements.ts';
import { fillOf } from './fill.ts';
import { sizesOf } from './json.ts';
import type { StoredType } from './stored-type.ts';

/** How the chunks of one array become elements in C order. */
export interface Decoder {
  /** With the order of bytes that the codecs give. */
  type: StoredType;
  /** Throws `Damaged` unless the chunk holds exactly its elements. */
  decode(packed: Uint8Array): Elements;
}

/** An inner chunk that is not there (Zarr 3, sharding codec, "empty chunks"). */
const absent = 2n ** 64n - 1n;

/**
 * Chunks that lie in one file, behind or before an index of where each is (Zarr 3, sharding codec 1.0). decoderOf: makes the decoder of
 * what lies in it.
 */
export function shardDecoder(
  { settings }: Named,
  meta: ArrayMetadata,
  shape: number[],
  decoderOf: (meta: ArrayMetadata, chunks: number[]) => Decoder,
): Decoder {
  const inner = sizesOf(settings.chunk_shape);
  if (inner?.length !== shape.length || inner.some((size, axis) => size === 0 || shape[axis] % size !== 0))
    throw new Unread(`its shards of [${shape}] hold chunks of [${inner}], which do not fit`);
  const decoder = decoderOf({ ...meta, codecs: codecsIn(settings.codecs), isFortran: false }, inner);
  const indexCodecs = codecsIn(settings.index_codecs).filter(({ name }) => name !== 'bytes');
  const indexSteps = unpackers(indexCodecs);
  const grid = shape.map((size, axis) => size / inner[axis]);
  const chunks = grid.reduce((product, size) => product * size, 1);
  const indexBytes = chunks * 16 + 4 * indexCodecs.length;
  const count = shape.reduce((product, size) => product * size, 1);
  const { size } = decoder.type;
  return {
    type: decoder.type,
    decode(packed) {
      const at = settings.index_location === 'start' ? 0 : packed.length - indexBytes;
      if (at < 0 || indexBytes > packed.length) throw new Damaged('ends inside its index');
      const index = unpacked(packed.subarray(at, at + indexBytes), indexSteps, indexBytes);
      if (index.length !== chunks * 16) throw new Damaged('has an index that is packed, which is not read');
      const view = new DataView(index.buffer, index.byteOffset, index.byteLength);
      const elements = roomFor(count, size, fillOf(meta.fill, decoder.type));
      for (let i = 0; i < chunks; i++) {
        const [from, length] = [view.getBigUint64(i * 16, true), view.getBigUint64(i * 16 + 8, true)];
        if (from === absent && length === absent) continue;
        if (from + length > BigInt(packed.length)) throw new Damaged('has an index that leads out of it');
        const bytes = packed.subarray(Number(from), Number(from + length));
        const start = grid.map((_, axis) => {
          const below = grid.slice(axis + 1).reduce((product, one) => product * one, 1);
          return (Math.floor(i / below) % grid[axis]) * inner[axis];
        });
        const chunk = { elements: decoder.decode(bytes), shape: inner, start: inner.map(() => 0) };
        copyBox(chunk, { elements, shape, start }, inner, size);
      }
      return elements;
    },
  };
}
