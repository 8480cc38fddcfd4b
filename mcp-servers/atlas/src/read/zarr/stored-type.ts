import { fromHalf } from '@bregma/core/npy';
import type { ElementType, Scalar, Values } from '../container/container.ts';
import { arrayTypes } from '../hdf5/element-type.ts';
import { isObject, type Json } from './json.ts';

/** How the elements of an array are stored, and what they become. */
export type StoredType =
  | { kind: 'number'; scalar: keyof typeof arrayTypes; size: number; half?: true; bigEndian: boolean }
  | { kind: 'complex'; size: number; bigEndian: boolean }
  /** Text of one length: four bytes a letter (utf32), or UTF-8 behind which zeros may stand. */
  | { kind: 'text'; size: number; utf32: boolean; bigEndian: boolean }
  /** Counts of a unit since 1970; the smallest whole number is missing. */
  | { kind: 'moment'; size: 8; unit: string; factor: number; bigEndian: boolean }
  | { kind: 'fields'; size: number; fields: { name: string; at: number; type: StoredType }[] }
  | { kind: 'fixed'; size: number; of: StoredType; shape: number[] }
  /** Elements of their own lengths, which a codec makes: texts, or records with texts in them. */
  | { kind: 'objects'; size: 0; fields?: { name: string; type: StoredType }[] }
  | { kind: 'unread'; size: number; why: string };

const number = (code: string, bigEndian: boolean): StoredType | undefined => {
  if (code === 'f2') return { kind: 'number', scalar: 'f4', size: 2, half: true, bigEndian };
  if (code === 'b1') return { kind: 'number', scalar: 'b1', size: 1, bigEndian };
  if (!Object.hasOwn(arrayTypes, code)) return undefined;
  // SAFETY: the code is one of the names of arrayTypes.
  return { kind: 'number', scalar: code as keyof typeof arrayTypes, size: Number(code.slice(1)), bigEndian };
};

/** A type of version 2: a typestr of NumPy, or a list of fields. */
export function typeOfV2(dtype: Json | undefined): StoredType {
  if (Array.isArray(dtype)) return fieldsOf(dtype, typeOfV2);
  const [, order, kind, digits, unit] = /^([<>|=])([a-zA-Z])(\d*)(?:\[(.*)\])?$/.exec(String(dtype)) ?? [];
  if (!kind) return { kind: 'unread', size: 1, why: `elements of the type ${JSON.stringify(dtype)?.slice(0, 60)}` };
  const bigEndian = order === '>';
  const size = Number(digits);
  if (kind === 'O') return { kind: 'objects', size: 0 };
  if (kind === 'S' || kind === 'a') return { kind: 'text', size, utf32: false, bigEndian };
  if (kind === 'U') return { kind: 'text', size: size * 4, utf32: true, bigEndian };
  if (kind === 'c' && (size === 8 || size === 16)) return { kind: 'complex', size, bigEndian };
  if (kind === 'M') return momentOf(unit, bigEndian);
  const why = kind === 'm' ? 'durations' : kind === 'V' ? 'raw bytes' : `elements of the type ${dtype}`;
  return number(`${kind}${digits}`, bigEndian) ?? { kind: 'unread', size: size || 1, why };
}

const v3Names: Record<string, string> = { bool: 'b1', float16: 'f2', float32: 'f4', float64: 'f8' };

/** A type of version 3, core or of the registered extensions that zarr-python writes. The order of bytes is the codec's to say. */
export function typeOfV3(given: Json | undefined): StoredType {
  const name = isObject(given) ? String(given.name) : String(given);
  const configuration = isObject(given) && isObject(given.configuration) ? given.configuration : {};
  const size = Number(configuration.length_bytes ?? 0);
  const whole = /^(u?)int(8|16|32|64)$/.exec(name);
  const code = v3Names[name] ?? (whole ? `${whole[1] || 'i'}${Number(whole[2]) / 8}` : '');
  const plain = number(code, false);
  if (plain) return plain;
  switch (name.replace(/^numpy\./, '')) {
    case 'complex64':
    case 'complex128':
      return { kind: 'complex', size: name.endsWith('64') ? 8 : 16, bigEndian: false };
    case 'string':
    case 'variable_length_utf8':
      return { kind: 'objects', size: 0 };
    case 'fixed_length_utf32':
      return { kind: 'text', size, utf32: true, bigEndian: false };
    case 'null_terminated_bytes':
    case 'fixed_length_ascii':
      return { kind: 'text', size, utf32: false, bigEndian: false };
    case 'datetime64':
      return momentOf(`${Number(configuration.scale_factor ?? 1)}${String(configuration.unit)}`, false);
    case 'structured':
      return fieldsOf(Array.isArray(configuration.fields) ? configuration.fields : [], typeOfV3);
  }
  return { kind: 'unread', size: size || 1, why: `elements of the type ${name.slice(0, 60)}` };
}

function fieldsOf(list: Json[], typeOf: (dtype: Json | undefined) => StoredType): StoredType {
  let at = 0;
  const all = list.map((entry) => {
    const [name, dtype, shape] = Array.isArray(entry)
      ? entry
      : isObject(entry)
        ? [entry.name, entry.data_type ?? null, null]
        : [null, null, null];
    const one = typeOf(dtype);
    const sizes = Array.isArray(shape) ? shape.map(Number) : typeof shape === 'number' ? [shape] : [];
    const count = sizes.reduce((product, size) => product * size, 1);
    const type: StoredType = sizes.length > 0 ? { kind: 'fixed', size: one.size * count, of: one, shape: sizes } : one;
    const field = { name: String(name), at, type };
    at += type.size;
    return field;
  });
  // NumPy pads aligned records with raw bytes that have no name.
  const fields = all.filter(({ name, type }) => name !== '' || type.kind !== 'unread');
  const unread = fields.find(({ type }) => type.kind === 'unread');
  if (unread?.type.kind === 'unread') return { kind: 'unread', size: at || 1, why: `records with ${unread.type.why}` };
  // NumPy keeps records with objects in them as objects.
  return fields.some(({ type }) => type.kind === 'objects')
    ? { kind: 'objects', size: 0, fields }
    : { kind: 'fields', size: at, fields };
}

const units = ['W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns'];

function momentOf(unit = '', bigEndian: boolean): StoredType {
  const [, count, name] = /^(\d*)(\w+)$/.exec(unit.replace('μ', 'u')) ?? [];
  if (!units.includes(name)) return { kind: 'unread', size: 8, why: `moments counted in ${unit || 'no unit'}` };
  return { kind: 'moment', size: 8, unit: name, factor: Number(count || 1), bigEndian };
}

/** What the elements become in a container. */
export function elementTypeOf(type: StoredType): ElementType {
  const scalar = (one: Scalar): ElementType => ({ kind: 'scalar', scalar: one });
  switch (type.kind) {
    case 'number':
      return type.half ? { kind: 'scalar', scalar: 'f4', widened: true } : scalar(type.scalar);
    case 'complex': {
      const part = scalar(type.size === 8 ? 'f4' : 'f8');
      return { kind: 'fields', fields: ['r', 'i'].map((name) => ({ name, type: part })) };
    }
    case 'text':
    case 'moment':
      return scalar('text');
    case 'fixed':
      return { kind: 'fixed', of: elementTypeOf(type.of), shape: type.shape };
    case 'fields':
      return fieldTypes(type.fields);
    case 'objects':
      return type.fields ? fieldTypes(type.fields) : scalar('text');
    case 'unread':
      return { kind: 'unread', why: type.why };
  }
}

const fieldTypes = (fields: { name: string; type: StoredType }[]): ElementType => ({
  kind: 'fields',
  fields: fields.map((field) => ({ name: field.name, type: elementTypeOf(field.type) })),
});

/** Turns count elements, one behind the other, into values. */
export function valuesOf(bytes: Uint8Array, count: number, type: StoredType): Values {
  switch (type.kind) {
    case 'number':
      return { kind: 'numbers', scalar: type.scalar, data: numbersOf(bytes, type) };
    case 'complex': {
      const half = type.size / 2;
      const scalar = half === 4 ? 'f4' : 'f8';
      const part = (at: number): Values => ({
        kind: 'numbers',
        scalar,
        data: numbersOf(strided(bytes, count, type.size, at, half), { scalar, size: half, bigEndian: type.bigEndian }),
      });
      return { kind: 'fields', fields: { r: part(0), i: part(half) } };
    }
    case 'text':
      return { kind: 'texts', data: textsOf(bytes, count, type) };
    case 'moment':
      return { kind: 'texts', data: momentsOf(bytes, type) };
    case 'fixed': {
      const each = type.shape.reduce((product, size) => product * size, 1);
      return { kind: 'fixed', shape: type.shape, of: valuesOf(bytes, count * each, type.of) };
    }
    case 'fields': {
      const fields: Record<string, Values> = {};
      for (const field of type.fields)
        fields[field.name] = valuesOf(strided(bytes, count, type.size, field.at, field.type.size), count, field.type);
      return { kind: 'fields', fields };
    }
    default:
      throw new Error('it holds no elements of one length');
  }
}

/** Bytes [at, at + width) of every element. */
function strided(bytes: Uint8Array, count: number, size: number, at: number, width: number): Uint8Array {
  const out = new Uint8Array(count * width);
  for (let i = 0; i < count; i++) out.set(bytes.subarray(i * size + at, i * size + at + width), i * width);
  return out;
}

function numbersOf(
  bytes: Uint8Array,
  { scalar, size, half, bigEndian }: { scalar: keyof typeof arrayTypes; size: number; half?: true; bigEndian: boolean },
) {
  const own = bytes.slice();
  if (bigEndian && size > 1) for (let at = 0; at < own.length; at += size) own.subarray(at, at + size).reverse();
  if (half) return Float32Array.from(new Uint16Array(own.buffer), fromHalf);
  return new arrayTypes[scalar](own.buffer);
}

const utf8 = new TextDecoder();

function textsOf(
  bytes: Uint8Array,
  count: number,
  { size, utf32, bigEndian }: { size: number; utf32: boolean; bigEndian: boolean },
) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, i) => {
    if (!utf32) {
      let end = (i + 1) * size;
      while (end > i * size && bytes[end - 1] === 0) end--;
      return utf8.decode(bytes.subarray(i * size, end));
    }
    const letters: string[] = [];
    for (let at = i * size; at < (i + 1) * size; at += 4) {
      const code = view.getUint32(at, !bigEndian);
      letters.push(code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd');
    }
    return letters.join('').replace(/\0+$/, '');
  });
}

/** Nanoseconds of each unit. */
const nanoseconds: Record<string, bigint> = {
  W: 604_800_000_000_000n,
  D: 86_400_000_000_000n,
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  ns: 1n,
};

/** Moments as NumPy writes them, with as many digits as their unit has. */
function momentsOf(
  bytes: Uint8Array,
  { unit, factor, bigEndian }: { unit: string; factor: number; bigEndian: boolean },
) {
  const data = numbersOf(bytes, { scalar: 'i8', size: 8, bigEndian });
  return Array.from({ length: data.length }, (_, i) => {
    const count = BigInt(data[i]);
    if (count === -(2n ** 63n)) return null;
    const total = count * BigInt(factor) * nanoseconds[unit];
    const second = 1_000_000_000n;
    const seconds = (total - (((total % second) + second) % second)) / second;
    const rest = String(total - seconds * second).padStart(9, '0');
    const moment = new Date(Number(seconds) * 1000);
    if (Number.isNaN(moment.getTime())) return `${count} ${unit}`;
    const digits = { ms: 3, us: 6, ns: 9 }[unit] ?? 0;
    const whole = moment.toISOString().slice(0, unit === 'D' || unit === 'W' ? 10 : 19);
    return digits > 0 ? `${whole}.${rest.slice(0, digits)}` : whole;
  });
}
