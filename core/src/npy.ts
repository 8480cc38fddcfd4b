import { type ExactArray, exactArrays } from './contracts/dtypes.ts';
import { BregmaError } from './errors.ts';

/** An array as NumPy keeps it. 64-bit integers are bigint. */
export interface NpyArray {
  /** NumPy's name without byte order: f4, f8, i1 … i8, u1 … u8, b1. */
  dtype: string;
  shape: number[];
  /** Always false: `parseNpy` puts Fortran order into C order. */
  fortranOrder: boolean;
  data: ExactArray;
  /** float16, which JavaScript's arrays do not have: the values are here as f4, which holds each of them exactly. */
  widened?: true;
  /** Bytes of the file behind the array: numpy.load leaves them unread too. */
  behind?: number;
}

const constructors: Record<
  string,
  { new (buffer: ArrayBuffer): ExactArray; new (length: number): ExactArray; BYTES_PER_ELEMENT: number }
> = {
  ...exactArrays,
  b1: Uint8Array,
};

const magic = '\x93NUMPY';
/** Longest header that is read: an honest one has about a hundred characters. */
const headerLimit = 65_536;

/**
 * Reads a .npy file (format 1.0, 2.0 and 3.0, NEP 1). Fortran order comes out in C order, big-endian in the machine's.
 * Throws `bad-input` when it is no NPY file or holds something other than numbers, `corrupt` when it ends early.
 */
export function parseNpy(bytes: Uint8Array, name = 'the NPY file'): NpyArray {
  const { header, start, Constructor, size } = readHead(bytes, name);
  const half = header.type === 'f2';
  const available = bytes.length - start;
  if (available < size) {
    throw new BregmaError(
      'corrupt',
      `${name} ends early: shape [${header.shape}] of ${header.type} takes ${size} bytes, ${available} are there.`,
      { next: 'Copy the file again.' },
    );
  }
  // A copy: `slice` of a Buffer would share, and show, the memory around it.
  const raw = new Uint8Array(bytes.subarray(start, start + size));
  if (header.swapped) swapBytes(raw, Constructor.BYTES_PER_ELEMENT);
  const stored = new Constructor(raw.buffer);
  // SAFETY: half precision is read as u2: the header gave Uint16Array for it.
  const data = half ? Float32Array.from(stored as Uint16Array, fromHalf) : stored;
  return {
    dtype: half ? 'f4' : header.type,
    shape: header.shape,
    fortranOrder: false,
    data: header.fortran ? toCOrder(data, header.shape) : data,
    ...(half ? { widened: true as const } : {}),
    ...(available > size ? { behind: available - size } : {}),
  };
}

/**
 * What the begin of a .npy file says of it. start: where its values begin, bytes: how many they take. Throws as `parseNpy`.
 */
export function npyHead(begin: Uint8Array, name = 'the NPY file') {
  const { header, start, size } = readHead(begin, name);
  return { dtype: header.type, shape: header.shape, start, bytes: size };
}

function readHead(bytes: Uint8Array, name: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== magic) {
    throw new BregmaError('bad-input', `${name} is no NPY file: it does not begin with \\x93NUMPY.`, {
      next: 'Write it with numpy.save.',
    });
  }
  const version = bytes[6];
  if (version < 1 || version > 3)
    throw new BregmaError('bad-input', `${name} is of NPY version ${version}; 1 to 3 are read.`);
  const start = version === 1 ? 10 : 12;
  const length =
    version === 1 ? view.getUint16(8, true) : bytes.length >= 12 ? view.getUint32(8, true) : headerLimit + 1;
  if (length > headerLimit)
    throw new BregmaError('bad-input', `${name} has a header of ${length} bytes; ${headerLimit} are read.`);
  if (start + length > bytes.length)
    throw new BregmaError('corrupt', `${name} ends inside its header.`, { next: 'Copy the file again.' });
  const header = parseHeader(
    Buffer.from(bytes.subarray(start, start + length)).toString(version === 3 ? 'utf8' : 'latin1'),
    name,
  );
  const Constructor = constructors[header.type === 'f2' ? 'u2' : header.type];
  const count = header.shape.reduce((product, size) => product * size, 1);
  const size = count * Constructor.BYTES_PER_ELEMENT;
  if (!Number.isSafeInteger(size) || !header.shape.every(Number.isSafeInteger))
    throw new BregmaError('bad-input', `${name} claims the shape [${header.shape}], which no memory holds.`);
  return { header, start: start + length, Constructor, size };
}

/** The value of a half-precision number (IEEE 754 binary16) given as its bits. */
export function fromHalf(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function parseHeader(
  text: string,
  name: string,
): { type: string; swapped: boolean; fortran: boolean; shape: number[] } {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = readShape(/'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1]);
  if (fortran === undefined || shape === undefined)
    throw new BregmaError('corrupt', `${name} has an unreadable header.`);
  const type = descr?.slice(1) ?? '';
  const known = type === 'f2' || Object.hasOwn(constructors, type);
  if (descr === undefined || !'<>|='.includes(descr[0]) || !known) throw unreadType(descr, text, name);
  return { type, swapped: descr[0] === '>' && !type.endsWith('1'), fortran: fortran === 'True', shape };
}

/** Why elements are not read, and what to write in their place. */
function unreadType(descr: string | undefined, header: string, name: string): BregmaError {
  if (descr === undefined) {
    const fields = [...header.matchAll(/\(\s*'([^']*)'\s*,/g)].map(([, field]) => field);
    const named = fields.slice(0, 12).join(', ');
    return new BregmaError(
      'bad-input',
      `${name} holds records${named ? ` with the fields ${named}${fields.length > 12 ? ', …' : ''}` : ''}; numbers and booleans are read.`,
      { next: `Save each field by itself: numpy.save('${fields[0] ?? 'field'}.npy', a['${fields[0] ?? 'field'}']).` },
    );
  }
  const kind = descr.replace(/^[<>|=]/, '')[0] ?? '';
  const what = typeNames[kind];
  return new BregmaError(
    'bad-input',
    `${name} holds ${what ? `${what} (type '${descr.slice(0, 40)}')` : `elements of type '${descr.slice(0, 40)}'`}; numbers and booleans are read.`,
    {
      next:
        kind === 'O'
          ? 'Load it with numpy.load(…, allow_pickle=True) where you trust it, and save its numbers as arrays, its tables as CSV.'
          : 'Save it as float64, or as integers, without pickle.',
    },
  );
}

const typeNames: Record<string, string> = {
  O: 'pickled Python objects',
  U: 'text',
  S: 'text',
  a: 'text',
  c: 'complex numbers',
  M: 'dates',
  m: 'durations',
  V: 'raw bytes',
};

/** The inside of a Python tuple of lengths; Python 2 wrote `2L`. undefined: it is none. */
function readShape(tuple: string | undefined): number[] | undefined {
  const sizes = tuple?.split(',').map((size) => size.trim());
  if (sizes?.at(-1) === '') sizes.pop();
  return sizes?.every((size) => /^\d+L?$/.test(size)) ? sizes.map((size) => Number.parseInt(size, 10)) : undefined;
}

function swapBytes(raw: Uint8Array, width: number): void {
  for (let at = 0; at < raw.length; at += width) raw.subarray(at, at + width).reverse();
}

/** The numbers of an array as doubles. Whole numbers of 64 bits are refused with a TypeError. */
export function doublesOf(data: ExactArray): Float64Array<ArrayBuffer> {
  // SAFETY: only bigints are no numbers here, and Float64Array itself throws on one.
  return Float64Array.from(data as ArrayLike<number>);
}

function toCOrder(data: ExactArray, shape: number[]): ExactArray {
  // SAFETY: every typed array has its own class as constructor, which takes a length.
  const out = new (data.constructor as { new (length: number): ExactArray })(data.length);
  const index = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i++) {
    out[i] = data[index.reduce((sum, at, axis) => sum + at * strides[axis], 0)];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++;
      if (index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
  return out;
}

/** The head of a .npy file, version 1.0, C order, little-endian; the values follow it. dtype: as in `NpyArray`. */
export function npyHeader(dtype: string, shape: number[]): Uint8Array {
  const order = constructors[dtype].BYTES_PER_ELEMENT === 1 ? '|' : '<';
  const dictionary = `{'descr': '${order}${dtype}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const padded = `${dictionary}${' '.repeat((64 - ((10 + dictionary.length + 1) % 64)) % 64)}\n`;
  const out = new Uint8Array(10 + padded.length);
  out.set(Buffer.from(`${magic}\x01\x00`, 'latin1'));
  new DataView(out.buffer).setUint16(8, padded.length, true);
  out.set(Buffer.from(padded, 'latin1'), 10);
  return out;
}

/**
 * Writes a .npy file, version 1.0, C order, little-endian. dtype: needed only for b1, whose bytes are like those of u1.
 * Throws `bad-input` when the shape does not fit the data.
 */
export function writeNpy({ data, shape, dtype }: { data: ExactArray; shape: number[]; dtype?: string }): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length)
    throw new BregmaError('bad-input', `Shape [${shape}] does not hold ${data.length} values.`);
  const matching = Object.keys(constructors).filter((name) => data instanceof constructors[name]);
  const type = matching.find((name) => name === dtype) ?? matching[0];
  const head = npyHeader(type, shape);
  const out = new Uint8Array(head.length + data.byteLength);
  out.set(head);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), head.length);
  return out;
}
