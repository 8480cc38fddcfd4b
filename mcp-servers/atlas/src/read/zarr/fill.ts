import { arrayTypes } from '../hdf5/element-type.ts';
import type { Elements } from './elements.ts';
import type { Json } from './json.ts';
import type { StoredType } from './stored-type.ts';

/** The element that a chunk which is not there is full of: its bytes as they would be stored, or an object. null: zeros, or nothing. */
export function fillOf(fill: Json, type: StoredType): Elements {
  if (type.kind === 'objects') return [type.fields ? null : typeof fill === 'number' ? String(fill) : fill];
  const bytes = new Uint8Array(type.size);
  if (fill === null) return bytes;
  switch (type.kind) {
    case 'number':
      writeNumber(bytes, fill, type);
      break;
    case 'moment':
      writeNumber(bytes, fill, { ...type, scalar: 'i8' });
      break;
    case 'complex': {
      const half = type.size / 2;
      const parts = Array.isArray(fill) ? fill : [fill, 0];
      for (const [i, part] of parts.slice(0, 2).entries())
        writeNumber(bytes.subarray(i * half, (i + 1) * half), part, {
          ...type,
          size: half,
          scalar: half === 4 ? 'f4' : 'f8',
        });
      break;
    }
    default:
      writeBytes(bytes, fill, type);
  }
  return bytes;
}

/** What lies in base64: version 2 keeps the bytes of records and texts so. */
function writeBytes(bytes: Uint8Array, fill: Json, type: StoredType): void {
  if (typeof fill !== 'string' || fill === '') return;
  const raw = Buffer.from(fill, 'base64');
  if (raw.length === bytes.length) bytes.set(raw);
  else if (type.kind === 'text' && !type.utf32) bytes.set(Buffer.from(fill).subarray(0, bytes.length));
  else if (type.kind === 'text')
    for (const [i, letter] of [...fill].slice(0, bytes.length / 4).entries())
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(i * 4, letter.codePointAt(0) ?? 0, !type.bigEndian);
}

function writeNumber(
  bytes: Uint8Array,
  fill: Json,
  { scalar, size, half, bigEndian }: { scalar: keyof typeof arrayTypes; size: number; half?: true; bigEndian: boolean },
): void {
  const one = half ? Uint16Array.of(halfOf(fill)) : new arrayTypes[scalar](1);
  if (one instanceof BigInt64Array || one instanceof BigUint64Array) one[0] = wholeOf(fill);
  else if (!half) one[0] = numberOf(fill, size, scalar);
  const raw = new Uint8Array(one.buffer);
  bytes.set(bigEndian ? raw.reverse() : raw);
}

const wholeOf = (fill: Json): bigint => (/^-?\d+$/.test(String(fill)) ? BigInt(String(fill)) : 0n);

/** A number; NaN and infinities are words, and version 3 may give the bits of a float in hexadecimal. */
function numberOf(fill: Json, size: number, scalar: string): number {
  if (typeof fill === 'string' && /^0x[0-9a-f]+$/i.test(fill) && scalar.startsWith('f')) {
    const view = new DataView(new ArrayBuffer(8));
    if (size === 4) view.setUint32(0, Number(fill));
    else view.setBigUint64(0, BigInt(fill));
    return size === 4 ? view.getFloat32(0) : view.getFloat64(0);
  }
  return Number(fill);
}

/** Half precision has no array of its own: the values that fill chunks in practice are zero, NaN, infinities and small numbers. */
function halfOf(fill: Json): number {
  if (typeof fill === 'string' && /^0x[0-9a-f]{4}$/i.test(fill)) return Number(fill);
  const value = Number(fill);
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === 0) return sign;
  if (size >= 65_520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const steps = Math.round(size * 2 ** (10 - exponent));
  return sign | (exponent === -14 && steps < 1024 ? steps : ((exponent + 15) << 10) + (steps - 1024));
}
