import { BregmaError } from '@bregma/core/errors';
import { withDigits } from '@bregma/core/numbers';
import { type ElementName, type Numbers, numbersOf, roomFor, widthOf } from './elements.ts';

/** Bytes of an array that is kept at most: it is one array in memory, and nothing else of its file is. */
export const largestVolume = 1e9;

/** How numbers lie in a file. */
export interface VoxelLayout {
  element: ElementName;
  bigEndian: boolean;
  /** Lengths of the axes as the file has them, the fastest first: also the shape of the array that is made. */
  sizes: number[];
  /** Numbers of one voxel (colours, real and imaginary part), faster than the first axis in the file; the last axis of the array. */
  components?: number;
  /** value = slope · stored + inter, in doubles. */
  scale?: { slope: number; inter: number };
}

/** An array that was read, in C order; dtype: f8 when it was scaled. */
export interface Voxels {
  data: Numbers;
  dtype: ElementName;
  shape: number[];
}

/**
 * Looks at what a header claims before any room is made for it. most: bytes that the file can hold behind its header. Throws
 * `bad-input` for axes that are no lengths, `too-large` beyond `largestVolume`, `corrupt` when the file cannot hold it. Returns its bytes.
 */
export function checkLayout(layout: VoxelLayout, most: number, name: string): number {
  const { element, sizes, components = 1, scale } = layout;
  const told = [...sizes, ...(components > 1 ? [components] : [])].join(' × ');
  if (sizes.length === 0 || !sizes.every((size) => Number.isSafeInteger(size) && size > 0))
    throw new BregmaError(
      'bad-input',
      `${name} claims ${told || 'no'} voxels; every axis needs a length of at least 1.`,
      {
        next: 'Write the file again with the program that made it; nothing was added.',
      },
    );
  const count = sizes.reduce((product, size) => product * size, components);
  const kept = count * (scale ? 8 : widthOf(element));
  if (!(kept <= largestVolume))
    throw new BregmaError(
      'too-large',
      `${name} claims ${told} voxels, ${withDigits(kept / 1e9, 3)} GB as an array; ${largestVolume / 1e9} GB are read.`,
      { next: 'Cut or resample it first; nothing was added.' },
    );
  const bytes = count * widthOf(element);
  if (bytes > most) throw endsEarly(name, told, bytes, most);
  return bytes;
}

/** Reads voxels from a stream that begins with the first of them, and not a byte more, into C order. Throws as `checkLayout`. */
export async function fillVoxels(layout: VoxelLayout, chunks: AsyncGenerator<Buffer>, name: string): Promise<Voxels> {
  const { element, bigEndian, sizes, components = 1, scale } = layout;
  const needed = checkLayout(layout, Number.POSITIVE_INFINITY, name);
  const width = widthOf(element);
  const count = needed / width;
  const data = roomFor(scale ? 'f8' : element, count);
  const place = placer(sizes, components, data, scale);
  let done = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    const whole = Math.min(Math.floor(bytes.length / width), count - done);
    place(numbersOf(bytes.subarray(0, whole * width), element, bigEndian));
    done += whole;
    if (done === count) break;
    rest = bytes.subarray(whole * width);
  }
  if (done < count) throw endsEarly(name, sizes.join(' × '), needed, done * width + rest.length);
  const shape = components > 1 ? [...sizes, components] : sizes;
  return { data, dtype: scale ? 'f8' : element, shape };
}

/** Puts numbers in the order of the file where C order has them. */
function placer(
  sizes: number[],
  components: number,
  data: Numbers,
  scale: VoxelLayout['scale'],
): (values: Numbers) => void {
  const lengths = [components, ...sizes];
  // Component is the last axis of the array, whatever it is in the file.
  const strides = [
    1,
    ...sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, components)),
  ];
  const index = lengths.map(() => 0);
  // SAFETY: of one element there are numbers alone or bigints alone, here as there; a scaled one is a double.
  const room = data as unknown as (number | bigint)[];
  let to = 0;
  return (values) => {
    for (let at = 0; at < values.length; at++) {
      room[to] = scale ? Number(values[at]) * scale.slope + scale.inter : values[at];
      for (let axis = 0; axis < lengths.length; axis++) {
        to += strides[axis];
        if (++index[axis] < lengths[axis]) break;
        to -= strides[axis] * lengths[axis];
        index[axis] = 0;
      }
    }
  };
}

const endsEarly = (name: string, told: string, needed: number, there: number) =>
  new BregmaError('corrupt', `${name} ends early: ${told} voxels take ${needed} bytes, at most ${there} are there.`, {
    next: 'Copy the file again; nothing was added.',
  });
