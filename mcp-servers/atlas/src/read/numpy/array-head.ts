import { BregmaError } from '@bregma/core/errors';
import { isObject } from '../zarr/json.ts';
import { type StoredType, typeOfV2 } from '../zarr/stored-type.ts';
import { pythonLiteral } from './python-literal.ts';

/** Longest head of an array: records of thousands of fields have long ones. */
export const longestHead = 1 << 18;

/** What the begin of an array that NumPy saved says of it. */
export interface ArrayHead {
  type: StoredType;
  shape: number[];
  isFortran: boolean;
  /** Where its elements begin. */
  start: number;
  /** Bytes of all elements. */
  bytes: number;
}

/**
 * Reads the head of an array of any type that NumPy saves (NEP 1): numbers, text, moments, complex numbers, records. Objects, which it
 * pickles, are `unread`. Throws `bad-input` when it is no such array, `corrupt` when its head is damaged.
 */
export function arrayHead(begin: Uint8Array, name: string): ArrayHead {
  const damaged = (why: string) => new BregmaError('corrupt', `${name} ${why}.`, { next: 'Copy the file again.' });
  if (begin.length < 10 || Buffer.from(begin.subarray(0, 6)).toString('latin1') !== '\x93NUMPY')
    throw new BregmaError('bad-input', `${name} is no array of NumPy: it does not begin with \\x93NUMPY.`, {
      next: 'Write it with numpy.savez.',
    });
  const version = begin[6];
  if (version < 1 || version > 3) throw damaged(`is of NPY version ${version}; 1 to 3 are read`);
  const view = new DataView(begin.buffer, begin.byteOffset, begin.byteLength);
  const at = version === 1 ? 10 : 12;
  if (begin.length < at) throw damaged('ends inside its head');
  const start = at + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > Math.min(begin.length, longestHead)) throw damaged('ends inside its head, or has one that is too long');
  const said = pythonLiteral(Buffer.from(begin.subarray(at, start)).toString(version === 3 ? 'utf8' : 'latin1'));
  const { descr, fortran_order: isFortran, shape } = isObject(said) ? said : {};
  if (
    !Array.isArray(shape) ||
    !shape.every((size) => Number.isSafeInteger(size) && Number(size) >= 0) ||
    typeof isFortran !== 'boolean'
  )
    throw damaged('has an unreadable head');
  const sizes = shape.map(Number);
  const stored = typeOfV2(descr);
  const type: StoredType =
    stored.kind === 'objects' ? { kind: 'unread', size: 1, why: 'pickled Python objects' } : stored;
  const bytes = sizes.reduce((product, size) => product * size, type.size);
  if (!Number.isSafeInteger(bytes)) throw damaged(`claims the shape [${sizes}], which no memory holds`);
  return { type, shape: sizes, isFortran: isFortran && sizes.length > 1, start, bytes };
}
