import { exactArrays } from '@bregma/core/contracts/dtypes';
import type { Metadata } from 'h5wasm';
import type { ElementType, Scalar } from '../container/container.ts';

/** HDF5's numbers of its type classes (H5Tpublic.h). */
const classes = {
  integer: 0,
  float: 1,
  string: 3,
  bitfield: 4,
  opaque: 5,
  compound: 6,
  reference: 7,
  enum: 8,
  vlen: 9,
  array: 10,
};

/** What the elements of an HDF5 type become. */
export function elementType(meta: Metadata): ElementType {
  switch (meta.type) {
    case classes.integer:
    case classes.bitfield:
      return integer(meta, meta.type === classes.integer && meta.signed);
    case classes.float:
      if (meta.size === 2) return { kind: 'scalar', scalar: 'f4', widened: true };
      if (meta.size === 4 || meta.size === 8) return { kind: 'scalar', scalar: `f${meta.size}` };
      return { kind: 'unread', why: `floating point numbers of ${meta.size} bytes` };
    case classes.string:
      return { kind: 'scalar', scalar: 'text' };
    case classes.reference:
      return meta.ref_type === 'object'
        ? { kind: 'scalar', scalar: 'reference' }
        : { kind: 'unread', why: 'references to regions' };
    case classes.enum:
      return enumeration(meta);
    case classes.compound:
      return {
        kind: 'fields',
        fields: (meta.compound_type?.members ?? []).map((member) => ({
          name: member.name,
          type: elementType(member),
        })),
      };
    case classes.array:
      return meta.array_type
        ? { kind: 'fixed', of: elementType(meta.array_type), shape: meta.array_type.shape ?? [] }
        : { kind: 'unread', why: 'arrays of an unknown type' };
    case classes.vlen:
      return meta.vlen_type
        ? { kind: 'list', of: elementType(meta.vlen_type) }
        : { kind: 'unread', why: 'lists of an unknown type' };
    default:
      return { kind: 'unread', why: meta.type === classes.opaque ? 'raw bytes' : `type class ${meta.type}` };
  }
}

function integer(meta: Metadata, signed: boolean): ElementType {
  if (![1, 2, 4, 8].includes(meta.size)) return { kind: 'unread', why: `whole numbers of ${meta.size} bytes` };
  // SAFETY: the size is one of those of NumPy's whole numbers.
  return { kind: 'scalar', scalar: `${signed ? 'i' : 'u'}${meta.size}` as Scalar };
}

/** h5py's truth values are an enumeration of FALSE and TRUE. */
function enumeration(meta: Metadata): ElementType {
  const members = meta.enum_type?.members ?? {};
  const base = integer(meta, meta.signed);
  if (base.kind !== 'scalar') return base;
  const names = Object.keys(members).sort();
  if (names.join() === 'FALSE,TRUE' && members.FALSE === 0 && members.TRUE === 1 && meta.size === 1)
    return { kind: 'scalar', scalar: 'b1' };
  return {
    kind: 'enum',
    scalar: base.scalar,
    names: Object.fromEntries(Object.entries(members).map(([name, value]) => [String(value), name])),
  };
}

/** The type of a scalar's typed array, or undefined for text. */
export const arrayTypes = { ...exactArrays, b1: Uint8Array } as const;
