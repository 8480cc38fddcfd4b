import { Damaged } from '../packed/lz4.ts';
import { isObject, type Json, parseJson, referenceOf } from './json.ts';
import { unpickleArray } from './pickle.ts';

/** Elements of their own lengths: texts, references, and records of them as lists. */
export type Objects = Json[];

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What turns bytes into elements, by the name of its codec; undefined for one that is not read. */
export const objectCodecs: Record<string, (bytes: Uint8Array) => Objects> = {
  'vlen-utf8': variable,
  'vlen-bytes': variable,
  json2: jsonElements,
  // SAFETY: what a pickle is read as has the types of JSON.
  pickle: (bytes) => unpickleArray(bytes) as Objects,
};

/** numcodecs' VLenUTF8: how many there are, then the length and the bytes of each; 32 bits, little-endian. */
function variable(bytes: Uint8Array): Objects {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw new Damaged('ends early');
  const count = view.getUint32(0, true);
  if (4 + count * 4 > bytes.length) throw new Damaged('ends early');
  const texts: string[] = [];
  let at = 4;
  for (let i = 0; i < count; i++) {
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    if (!(at + 4 + length <= bytes.length)) throw new Damaged('ends early');
    texts.push(textOfBytes(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return texts;
}

function textOfBytes(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Damaged('holds text that is no UTF-8');
  }
}

/** numcodecs' JSON: a list of the elements, behind which the type and the shape stand. */
function jsonElements(bytes: Uint8Array): Objects {
  const list = parseJson(textOfBytes(bytes));
  if (!Array.isArray(list) || list.length < 2) throw new Damaged('is no list of elements');
  const shape = list.at(-1);
  const elements = list.slice(0, -2);
  return Array.isArray(shape) ? flattened(elements, shape.length - 1) : elements;
}

/** Lists of lists as one list, `levels` of them. */
function flattened(list: Json[], levels: number): Json[] {
  if (levels <= 0) return list;
  return list.flatMap((one) => (Array.isArray(one) ? flattened(one, levels - 1) : [one]));
}

/** An element as text: a reference is the path of what it names, and what is neither is JSON. */
export function textOfObject(value: Json | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  return referenceOf(value) ?? (isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value));
}
