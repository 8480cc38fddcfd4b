/** One picture of a TIFF: its numbers by tag. */
export type Tags = ReadonlyMap<number, readonly number[]>;

/** The pictures of a TIFF and the text that goes with the first one. */
export interface Directories {
  pages: Tags[];
  description: string;
  little: boolean;
}

/** Bytes of a value by its type, 1 to 18; 0: not read (TIFF 6.0, section 2; BigTIFF). */
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
const mostPages = 200_000;
/** Strips or tiles of one picture. */
const mostValues = 1e7;

/** Whether a file begins as a TIFF or BigTIFF does. */
export const isTiff = (bytes: Uint8Array): boolean =>
  /^(?:II[*+]\0|MM\0[*+])$/.test(Buffer.from(bytes.subarray(0, 4)).toString('latin1'));

/** A stack is opened once for each of its pictures. */
const known = new WeakMap<Uint8Array, Directories>();

/** The directories of a TIFF; small copies of other pictures (NewSubfileType 1) are left out. Throws where one leads out of the file. */
export function directoriesOf(bytes: Uint8Array): Directories {
  const directories = known.get(bytes) ?? readDirectories(bytes);
  known.set(bytes, directories);
  return directories;
}

function readDirectories(bytes: Uint8Array): Directories {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const big = view.getUint16(2, little) === 43;
  const offset = (at: number) => (big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const directories: Directories = { pages: [], description: '', little };
  const seen = new Set<number>();
  try {
    for (let at = offset(big ? 8 : 4); at !== 0; ) {
      if (seen.has(at) || seen.size >= mostPages) throw new Error('its directories go in a circle');
      seen.add(at);
      const entries = big ? Number(view.getBigUint64(at, little)) : view.getUint16(at, little);
      const step = big ? 20 : 12;
      const begin = at + (big ? 8 : 2);
      const tags = new Map<number, number[]>();
      for (let i = 0; i < entries; i++) {
        const entry = begin + i * step;
        const [tag, type] = [view.getUint16(entry, little), view.getUint16(entry + 2, little)];
        const count = offset(entry + 4);
        const room = big ? 8 : 4;
        const value = entry + 4 + room;
        const place = count * (sizes[type] ?? 0) <= room ? value : offset(value);
        if (tag === 270 && directories.pages.length === 0)
          directories.description = Buffer.from(bytes.subarray(place, place + count)).toString('latin1');
        else if (wanted.has(tag)) tags.set(tag, valuesOf(view, type, count, place, little));
      }
      if (((tags.get(254)?.[0] ?? 0) & 1) === 0) directories.pages.push(tags);
      at = offset(begin + entries * step);
    }
  } catch (error) {
    throw error instanceof RangeError ? new Error('it ends early', { cause: error }) : error;
  }
  return directories;
}

const wanted = new Set([
  254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 332, 338, 339, 34675,
]);

function valuesOf(view: DataView, type: number, count: number, place: number, little: boolean): number[] {
  if (count > mostValues) throw new Error('one of its lists has no end');
  const size = sizes[type] ?? 0;
  return Array.from({ length: size === 0 ? 0 : type === 7 ? 1 : count }, (_, i) => {
    const at = place + i * size;
    if (size === 1) return view.getUint8(at);
    if (size === 2) return view.getUint16(at, little);
    return size === 4 ? view.getUint32(at, little) : Number(view.getBigUint64(at, little));
  });
}
