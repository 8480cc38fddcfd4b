import type { Objects } from './objects.ts';

/** Elements in C order: bytes of one length each, or objects. */
export type Elements = Uint8Array | Objects;

/** Room for elements, each of them `fill`. size: bytes of one; 0: objects. */
export function roomFor(count: number, size: number, fill: Uint8Array | Objects): Elements {
  // SAFETY: of size 0 they are objects, as said above; of any other bytes.
  if (size === 0) return new Array(count).fill((fill as Objects)[0] ?? null);
  const room = new Uint8Array(count * size);
  // SAFETY: as above.
  const one = fill as Uint8Array;
  if (one.some((byte) => byte !== 0)) for (let at = 0; at < room.length; at += size) room.set(one, at);
  return room;
}

/** Copies `count` elements that lie one behind the other. */
function copyRun(from: Elements, at: number, to: Elements, place: number, count: number, size: number): void {
  if (from instanceof Uint8Array && to instanceof Uint8Array)
    to.set(from.subarray(at * size, (at + count) * size), place * size);
  else if (Array.isArray(from) && Array.isArray(to)) for (let i = 0; i < count; i++) to[place + i] = from[at + i];
}

const stridesOf = (shape: number[]) =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));

/** A box inside of an array: where it begins, and its lengths. */
export interface Box {
  start: number[];
  sizes: number[];
}

/** Copies a box of one array into another, row by row. */
export function copyBox(
  from: { elements: Elements; shape: number[]; start: number[] },
  to: { elements: Elements; shape: number[]; start: number[] },
  sizes: number[],
  size: number,
): void {
  if (sizes.some((length) => length <= 0)) return;
  const [steps, places] = [stridesOf(from.shape), stridesOf(to.shape)];
  const last = sizes.length - 1;
  const index = sizes.map(() => 0);
  const offset = (start: number[], strides: number[]) =>
    start.reduce((sum, first, axis) => sum + (first + index[axis]) * strides[axis], 0);
  for (;;) {
    copyRun(from.elements, offset(from.start, steps), to.elements, offset(to.start, places), sizes[last] ?? 1, size);
    let axis = last - 1;
    for (; axis >= 0; axis--) {
      index[axis]++;
      if (index[axis] < sizes[axis]) break;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}

/** Elements that were stored with their axes in another order, in C order. order: the axis of the array that each stored axis is. */
export function reordered(elements: Elements, shape: number[], order: number[], size: number): Elements {
  if (order.every((axis, i) => axis === i)) return elements;
  const count = shape.reduce((product, length) => product * length, 1);
  const strides = stridesOf(shape);
  const out = roomFor(count, size, size === 0 ? [] : new Uint8Array(size));
  const index = order.map(() => 0);
  for (let at = 0, to = 0; at < count; at++) {
    copyRun(elements, at, out, to, 1, size);
    for (let i = order.length - 1; i >= 0; i--) {
      const axis = order[i];
      to += strides[axis];
      if (++index[i] < shape[axis]) break;
      to -= strides[axis] * shape[axis];
      index[i] = 0;
    }
  }
  return out;
}
