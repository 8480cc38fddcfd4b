import path from 'node:path';
import { Damaged } from '../packed/lz4.ts';
import { readRegular } from '../regular-file.ts';
import { isMade, type Made, unpickle } from '../zarr/pickle.ts';

/** Larger ones are none that a person's ROIs need. */
const largestPickle = 1e9;

/** An array of numbers inside a pickle, in C order. */
export interface PickledArray {
  shape: number[];
  values: Float64Array;
}

/** What a pickle of NumPy holds: plain values, and arrays of numbers; undefined: something of a class that is not known. */
export type Pickled = PickledArray | Map<string, Pickled> | Pickled[] | string | number | boolean | null | undefined;

/**
 * The objects of a file that numpy.save pickled: the elements of its array, one where it has no axis. They are read as data: nothing
 * that the pickle names is looked up, and nothing runs. Throws `Damaged`, which says why the file cannot be read so.
 */
export function pickledObjects(file: string): Pickled[] {
  const bytes = readRegular(file, largestPickle);
  if (bytes.length < 12 || bytes.toString('latin1', 0, 6) !== '\x93NUMPY')
    throw new Damaged(`${path.basename(file)} is no NPY file`);
  const start = bytes[6] === 1 ? 10 + bytes.readUInt16LE(8) : 12 + bytes.readUInt32LE(8);
  const found = pickledValue(unpickle(bytes.subarray(start)), 0);
  return Array.isArray(found) ? found : [found];
}

const mostLevels = 40;

function pickledValue(given: unknown, level: number): Pickled {
  if (level > mostLevels) throw new Damaged('is a pickle of too many levels');
  if (isMade(given)) return madeOf(given, level);
  if (Array.isArray(given)) return given.map((one) => pickledValue(one, level + 1));
  if (given instanceof Map)
    return new Map([...given].map(([name, one]): [string, Pickled] => [String(name), pickledValue(one, level + 1)]));
  if (given === null || typeof given === 'number' || typeof given === 'boolean' || typeof given === 'string')
    return given;
  return undefined;
}

/** An array or a number of NumPy (numpy/_core/src/multiarray/methods.c, array_reduce); of other classes nothing is known. */
function madeOf({ global, args, state }: Made, level: number): Pickled {
  if (/multiarray:_reconstruct$/.test(global) && Array.isArray(state)) {
    const [, shape, type, isFortran, data] = state;
    if (Array.isArray(data)) return data.map((one) => pickledValue(one, level + 1));
    return arrayOf(shape, type, isFortran === true, data);
  }
  if (/multiarray:scalar$/.test(global) && Array.isArray(args)) return arrayOf([], args[0], false, args[1])?.values[0];
  return undefined;
}

function arrayOf(shape: unknown, type: unknown, isFortran: boolean, data: unknown): PickledArray | undefined {
  const read = readerOf(type);
  if (!read || !(data instanceof Uint8Array) || !isShape(shape)) return undefined;
  const count = shape.reduce((product, size) => product * size, 1);
  if (data.length !== count * read.size)
    throw new Damaged(`is a pickle in which an array of [${shape}] has ${data.length} bytes`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const stored = Float64Array.from({ length: count }, (_, at) => read.at(view, at * read.size));
  if (!isFortran || shape.length !== 2) return isFortran && shape.length > 2 ? undefined : { shape, values: stored };
  const [rows, columns] = shape;
  return { shape, values: stored.map((_, at) => stored[(at % columns) * rows + Math.floor(at / columns)]) };
}

const isShape = (given: unknown): given is number[] =>
  Array.isArray(given) && given.every((size) => Number.isSafeInteger(size) && size >= 0);

/** How a number of a dtype is read: its code ("f4"), and the order of its bytes, which its state says. */
function readerOf(type: unknown): { size: number; at(view: DataView, place: number): number } | undefined {
  if (!isMade(type) || !/^numpy:dtype$/.test(type.global) || !Array.isArray(type.args)) return undefined;
  const code = String(type.args[0]);
  const isLittle = !(Array.isArray(type.state) && type.state[1] === '>');
  const readers: Record<string, (view: DataView, place: number) => number> = {
    b1: (view, place) => view.getUint8(place),
    u1: (view, place) => view.getUint8(place),
    i1: (view, place) => view.getInt8(place),
    u2: (view, place) => view.getUint16(place, isLittle),
    i2: (view, place) => view.getInt16(place, isLittle),
    u4: (view, place) => view.getUint32(place, isLittle),
    i4: (view, place) => view.getInt32(place, isLittle),
    u8: (view, place) => Number(view.getBigUint64(place, isLittle)),
    i8: (view, place) => Number(view.getBigInt64(place, isLittle)),
    f4: (view, place) => view.getFloat32(place, isLittle),
    f8: (view, place) => view.getFloat64(place, isLittle),
  };
  const at = Object.hasOwn(readers, code) ? readers[code] : undefined;
  return at && { size: Number(code.slice(1)), at };
}
