import { Damaged } from '../packed/lz4.ts';
import { type ArrayMetadata, largestChunk } from './array-metadata.ts';
import { type Named, Unread, unpacked, unpackers } from './codecs.ts';
import { undoDelta } from './delta.ts';
import { type Elements, reordered } from './elements.ts';
import { sizesOf } from './json.ts';
import { objectCodecs } from './objects.ts';
import { type Decoder, shardDecoder } from './shards.ts';
import type { StoredType } from './stored-type.ts';

/** Bytes beyond the elements themselves that a step of packing may add. */
const beyond = 4096;

/** The decoder of an array, or of what lies in its shards. Throws `Unread`, naming the codec. */
export function decoderOf(meta: ArrayMetadata, chunks = meta.chunks): Decoder {
  const { codecs } = meta;
  const count = chunks.reduce((product, size) => product * size, 1);
  if (!(count * Math.max(8, meta.type.size) <= largestChunk * 8) || !(count * meta.type.size <= largestChunk))
    throw new Unread(`its chunks of [${chunks}] take more than ${largestChunk} bytes each`);
  const orders = codecs.filter(({ name }) => name === 'transpose').map((codec) => orderOf(codec, chunks.length));
  if (meta.isFortran) orders.push(chunks.map((_, axis) => chunks.length - 1 - axis));
  if (orders.length > 1) throw new Unread('its axes change places twice, which is not read');
  const [order] = orders;
  const rest = codecs.filter(({ name }) => name !== 'transpose');
  const stored = order ? order.map((axis) => chunks[axis]) : chunks;
  const inner = innerDecoder({ ...meta, codecs: rest }, stored, count);
  if (!order) return inner;
  return { type: inner.type, decode: (packed) => reordered(inner.decode(packed), chunks, order, inner.type.size) };
}

function orderOf({ settings }: Named, axes: number): number[] {
  if (settings.order === 'F') return Array.from({ length: axes }, (_, i) => axes - 1 - i);
  if (settings.order === 'C') return Array.from({ length: axes }, (_, i) => i);
  const order = sizesOf(settings.order);
  if (order?.length === axes && [...order].sort((a, b) => a - b).every((axis, i) => axis === i)) return order;
  throw new Unread('the order of its axes is no order');
}

function innerDecoder(meta: ArrayMetadata, chunks: number[], count: number): Decoder {
  const { type } = meta;
  const [first, ...others] = meta.codecs;
  if (first?.name === 'sharding_indexed') {
    const shard = shardDecoder(first, meta, chunks, decoderOf);
    return { type: shard.type, decode: (packed) => shard.decode(unpacked(packed, unpackers(others), largestChunk)) };
  }
  if (type.kind === 'unread') return { type, decode: () => [] };
  if (type.kind === 'objects') {
    const read = first && Object.hasOwn(objectCodecs, first.name) ? objectCodecs[first.name] : undefined;
    if (!read)
      throw new Unread(`its objects are written by ${first?.name.slice(0, 60) ?? 'nothing'}, which is not read`);
    const steps = unpackers(others);
    return {
      type,
      decode: (packed) => ofLength(read(unpacked(packed, steps, largestChunk)), count),
    };
  }
  const ordered = first?.name === 'bytes' ? withOrder(type, first.settings.endian === 'big') : type;
  const left = first?.name === 'bytes' ? others : meta.codecs;
  const deltas = left.filter(({ name }) => name === 'delta');
  const steps = unpackers(left.filter(({ name }) => name !== 'delta'));
  const bytes = count * type.size;
  return {
    type: ordered,
    decode(packed) {
      const raw = unpacked(packed, steps, bytes + beyond);
      if (raw.length !== bytes) throw new Damaged(`holds ${raw.length} bytes where ${bytes} belong`);
      return deltas.length > 0 ? undoDelta(raw, ordered) : raw;
    },
  };
}

function ofLength(elements: Elements, count: number): Elements {
  if (elements.length !== count) throw new Damaged(`holds ${elements.length} elements where ${count} belong`);
  return elements;
}

/** The type with another order of bytes. */
function withOrder(type: StoredType, bigEndian: boolean): StoredType {
  if (type.kind === 'fields')
    return { ...type, fields: type.fields.map((field) => ({ ...field, type: withOrder(field.type, bigEndian) })) };
  if (type.kind === 'fixed') return { ...type, of: withOrder(type.of, bigEndian) };
  return 'bigEndian' in type ? { ...type, bigEndian } : type;
}
