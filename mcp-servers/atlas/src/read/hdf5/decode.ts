import type { ExactArray } from '@bregma/core/contracts/dtypes';
import { fromHalf } from '@bregma/core/npy';
import type { Metadata } from 'h5wasm';
import type { Values } from '../container/container.ts';
import { arrayTypes, elementType } from './element-type.ts';

/** The library's memory, in which variable-length elements lie, and what references name. */
export interface Memory {
  /** Bytes at an address. Throws beyond the end of the memory. */
  bytes(at: number, length: number): Uint8Array;
  /** Bytes at an address up to the first zero. */
  untilZero(at: number): Uint8Array;
  /** The path of a referenced object; null when it is none. */
  referenced(reference: Uint8Array): string | null;
}

/**
 * Turns elements, as HDF5 gave them, into values. bytes: count elements, one behind the other. HDF5 makes numbers little-endian
 * except in enumerations and compounds of both orders, which is what `swapped` tells of.
 */
export function decode(bytes: Uint8Array, count: number, meta: Metadata, memory: Memory, swapped = false): Values {
  const type = elementType(meta);
  switch (type.kind) {
    case 'unread':
      throw new Error(`${type.why} are not read`);
    case 'fields':
      return decodeFields(bytes, count, meta, memory, swapped);
    case 'fixed': {
      // SAFETY: elementType gives `fixed` for metadata with an array type alone.
      const inner = meta.array_type as Metadata;
      const each = type.shape.reduce((product, size) => product * size, 1);
      return { kind: 'fixed', shape: type.shape, of: decode(bytes, count * each, inner, memory, swapped) };
    }
    case 'list':
      // SAFETY: elementType gives `list` for metadata with a list type alone.
      return decodeLists(bytes, count, meta.vlen_type as Metadata, memory);
    case 'enum':
      return { kind: 'numbers', scalar: type.scalar, data: numbers(bytes, count, meta, !meta.littleEndian) };
    case 'scalar':
      if (type.scalar === 'text') return { kind: 'texts', data: texts(bytes, count, meta, memory) };
      if (type.scalar === 'reference') {
        const each = (i: number) => memory.referenced(bytes.slice(i * meta.size, (i + 1) * meta.size));
        return { kind: 'texts', data: Array.from({ length: count }, (_, i) => each(i)) };
      }
      return { kind: 'numbers', scalar: type.scalar, data: numbers(bytes, count, meta, swapped) };
  }
}

function numbers(bytes: Uint8Array, count: number, meta: Metadata, swapped: boolean): ExactArray {
  const own = bytes.slice(0, count * meta.size);
  if (swapped && meta.size > 1)
    for (let at = 0; at < own.length; at += meta.size) own.subarray(at, at + meta.size).reverse();
  const type = elementType(meta);
  if (type.kind === 'scalar' && type.widened) return Float32Array.from(new Uint16Array(own.buffer), fromHalf);
  const scalar = type.kind === 'scalar' || type.kind === 'enum' ? type.scalar : 'u1';
  if (scalar === 'text' || scalar === 'reference') throw new Error('text is no number');
  return new arrayTypes[scalar](own.buffer);
}

const utf8 = new TextDecoder();

/** Text is read as UTF-8 whatever it is declared as, as h5py does: many writers call UTF-8 ASCII. */
function texts(bytes: Uint8Array, count: number, meta: Metadata, memory: Memory): (string | null)[] {
  if (meta.vlen) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: count }, (_, i) => {
      const at = view.getUint32(i * 4, true);
      return at === 0 ? '' : utf8.decode(memory.untilZero(at));
    });
  }
  const padded = meta.strpad === 2; // H5T_STR_SPACEPAD
  return Array.from({ length: count }, (_, i) => {
    const cell = bytes.subarray(i * meta.size, (i + 1) * meta.size);
    if (padded) return utf8.decode(cell).replace(/[ \0]+$/, '');
    const end = cell.indexOf(0);
    return utf8.decode(end < 0 ? cell : cell.subarray(0, end));
  });
}

function decodeFields(bytes: Uint8Array, count: number, meta: Metadata, memory: Memory, swapped: boolean): Values {
  const members = meta.compound_type?.members ?? [];
  const mixed = new Set(members.filter(({ size }) => size > 1).map(({ littleEndian }) => littleEndian)).size > 1;
  const fields: Record<string, Values> = {};
  for (const member of members) {
    const column = new Uint8Array(count * member.size);
    for (let i = 0; i < count; i++) {
      const at = i * meta.size + member.offset;
      column.set(bytes.subarray(at, at + member.size), i * member.size);
    }
    fields[member.name] = decode(column, count, member, memory, swapped || (mixed && isBigNumber(member)));
  }
  return { kind: 'fields', fields };
}

/** Text and references have no order of bytes, which the library calls big-endian too. */
const isBigNumber = ({ type, littleEndian }: Metadata) => !littleEndian && (type === 0 || type === 1 || type === 4);

/** hvl_t of a 32-bit library: length, address. */
function decodeLists(bytes: Uint8Array, count: number, inner: Metadata, memory: Memory): Values {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i] + view.getUint32(i * 8, true);
  const all = new Uint8Array(offsets[count] * inner.size);
  for (let i = 0; i < count; i++) {
    const length = view.getUint32(i * 8, true) * inner.size;
    if (length > 0) all.set(memory.bytes(view.getUint32(i * 8 + 4, true), length), offsets[i] * inner.size);
  }
  return { kind: 'lists', offsets, of: decode(all, offsets[count], inner, memory) };
}
