import type { NpyArray } from '../npy.ts';
import { alikeness, type Frame, greyOf, grid, type Small, smallOf } from './small-pictures.ts';

/** What is done to the pictures of a set, all alike: which part of each is compared, and how the fields of the small one are laid. */
interface Move {
  left: Frame;
  right: Frame;
  /** Field of the left one that lies at each of the right one. */
  field: (y: number, x: number, last: number) => readonly [number, number];
}

/** Pictures that one move must find again, at least: what one or two look like may be chance. */
const fewest = 3;
/** Part of what parts different pictures by which a picture may differ from the one that it is. */
const share = 0.25;
/** Correlation below which nothing is found again. */
const least = 0.8;
/** Pairs of pictures, and pictures at least, with which a move is tried. */
const mostPairs = 1e5;
/** Pictures of a stack beyond which none are compared under moves. */
const mostPictures = 4000;
const fewestTried = 20;
/** Correlation from which one picture is another, moved; share of a set that may be so for moves to prove anything; and how many are asked. */
const moving = 0.95;
const mostMoving = 0.25;
const fewestAsked = 40;
/** Share of a picture's side by which it may be moved or cut, once and twice, in whole pixels. */
const step = 1 / 64;

/**
 * Pictures of one stack as they lie in another, all moved in one way: by a pixel or two, cut, padded, mirrored, turned, and
 * compressed or with noise beside. For each picture of `to` its place in `from`, −1 where it is none. A move is believed where it
 * finds several pictures, each much nearer to one of `from` than to any other, and nearer than any two different ones of `from` are
 * under the same move: what drifts, shades or mirrors itself within its own set proves nothing.
 */
export function movedPictures(from: NpyArray, to: NpyArray): Int32Array {
  const found = new Int32Array(to.shape[0]).fill(-1);
  if (Math.max(from.shape[0], to.shape[0]) > mostPictures) return found;
  const tried = Math.max(fewestTried, Math.floor(mostPairs / from.shape[0]));
  const [a, b] = [from, to].map(greyOf);
  const [left, right] = [a, b].map(partsOf);
  const [own, asked] = [a, b].map((stack) => spread([...Array(stack.shape[0]).keys()], tried));
  const [ownParts, askedParts] = [partsOf(some(a, own)), partsOf(some(b, asked))];
  const [inPlace, ...others] = movesBetween(from, to);
  const side = Math.min(grid.most, ...from.shape.slice(1, 3));
  for (const move of isMoving(left(inPlace.left, side), side) ? [inPlace] : [inPlace, ...others]) {
    const near = nearest(smallUnder(move, left, askedParts)).flatMap((one) => one ?? []);
    if (near.filter(({ r }) => r >= least).length < fewest) continue;
    const bound = Math.max(least, 1 - share * (1 - likest(smallUnder(move, left, ownParts), own)));
    if (near.filter(({ r }) => r >= bound).length < fewest) continue;
    for (const [column, only] of nearest(smallUnder(move, left, right)).entries())
      if (found[column] < 0 && only && only.r >= bound) found[column] = only.at;
  }
  return found;
}

/** These pictures of a stack of grey ones. */
function some({ data, shape: [, height, width], ...rest }: NpyArray, at: number[]): NpyArray {
  const size = height * width;
  const chosen = Float32Array.from({ length: at.length * size }, (_, i) =>
    Number(data[at[Math.floor(i / size)] * size + (i % size)]),
  );
  return { ...rest, shape: [at.length, height, width], data: chosen };
}

const straight: Move['field'] = (y, x) => [y, x];
/** The mirrored and turned forms of a square. */
const turns: Move['field'][] = [
  straight,
  (y, x, last) => [y, last - x],
  (y, x, last) => [last - y, x],
  (y, x, last) => [last - y, last - x],
  (y, x) => [x, y],
  (y, x, last) => [x, last - y],
  (y, x, last) => [last - x, y],
  (y, x, last) => [last - x, last - y],
];

function movesBetween(from: NpyArray, to: NpyArray): Move[] {
  const [left, right] = [from, to].map(insets);
  const whole = turns.map((field) => ({ left: left(0), right: right(0), field }));
  const cut = [1, 2].flatMap((by) => [
    { left: left(by), right: right(0), field: straight },
    { left: left(0), right: right(by), field: straight },
  ]);
  const steps = [-2, -1, 0, 1, 2];
  const moved = steps.flatMap((y) => steps.map((x) => ({ left: left(2), right: right(2, y, x), field: straight })));
  return [...whole, ...cut, ...moved].filter((move) =>
    [move.left, move.right].every(({ width, height }) => Math.min(width, height) >= grid.fewest),
  );
}

/** Parts of the pictures of a stack: without so many steps on each side, and moved by so many. */
function insets({ shape: [, height, width] }: NpyArray): (by: number, down?: number, right?: number) => Frame {
  const [dy, dx] = [height, width].map((size) => Math.max(1, Math.round(size * step)));
  return (by, down = 0, right = 0) => ({
    x: (by + right) * dx,
    y: (by + down) * dy,
    width: width - 2 * by * dx,
    height: height - 2 * by * dy,
  });
}

/** The small pictures of a part of a stack, each made once. */
type Parts = (frame: Frame, side: number) => Small;

function partsOf(stack: NpyArray): Parts {
  const made = new Map<string, Small>();
  return (frame, side) => {
    const name = `${side} ${Object.values(frame).join(' ')}`;
    const parts = made.get(name) ?? smallOf(stack, side, frame);
    made.set(name, parts);
    return parts;
  };
}

function smallUnder({ left, right, field }: Move, from: Parts, to: Parts): { left: Small; right: Small } {
  const side = Math.min(grid.most, left.width, left.height, right.width, right.height);
  const moved = to(right, side);
  const asRight = field === straight ? moved : moved.map((picture) => picture && laid(picture, side, field));
  return { left: from(left, side), right: asRight };
}

function laid(picture: Float64Array, side: number, field: Move['field']): Float64Array {
  return picture.map((_, i) => {
    const [y, x] = field(Math.floor(i / side), i % side, side - 1);
    return picture[y * side + x];
  });
}

/** For each picture the one that it is nearest to, where every other is four times as far. */
function nearest({ left, right }: { left: Small; right: Small }): ({ at: number; r: number } | undefined)[] {
  return right.map((picture) => picture && onlyOne(picture, left));
}

function onlyOne(picture: Float64Array, left: Small): { at: number; r: number } | undefined {
  let [best, second, at] = [-1, -1, -1];
  for (const [i, other] of left.entries()) {
    if (!other) continue;
    const r = alikeness(other, picture, second);
    if (r > best) [best, second, at] = [r, best, i];
    else if (r > second) second = r;
  }
  return at >= 0 && 1 - best < share * (1 - second) ? { at, r: best } : undefined;
}

/** Whether many pictures of a set are others of it, moved: gratings in several phases, frames of a film. */
function isMoving(pictures: Small, side: number): boolean {
  const asked = spread(
    [...pictures.keys()].filter((i) => pictures[i]),
    fewestAsked,
  );
  const steps = [-2, -1, 0, 1, 2];
  const isMoved = (i: number) =>
    pictures.some(
      (other, j) =>
        other && j !== i && steps.some((y) => steps.some((x) => overlap(pictures[i], other, side, y, x) >= moving)),
    );
  return asked.filter(isMoved).length > mostMoving * asked.length;
}

/** Correlation of two small pictures where they overlap, one moved by some fields. */
function overlap(a: Float64Array | undefined, b: Float64Array, side: number, down: number, right: number): number {
  if (!a) return -1;
  let [n, ma, mb, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let y = Math.max(0, -down); y < Math.min(side, side - down); y++)
    for (let x = Math.max(0, -right); x < Math.min(side, side - right); x++) {
      const [p, q] = [a[(y + down) * side + x + right], b[y * side + x]];
      n++;
      ma += p;
      mb += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  const [va, vb] = [aa - (ma * ma) / n, bb - (mb * mb) / n];
  return va > 0 && vb > 0 ? (ab - (ma * mb) / n) / Math.sqrt(va * vb) : -1;
}

/** Largest correlation of pictures that were moved with others of their set. own: place of each in `left`. */
function likest({ left, right }: { left: Small; right: Small }, own: number[]): number {
  let most = -1;
  for (const [j, moved] of right.entries())
    for (const [i, other] of left.entries())
      if (i !== own[j] && other && moved) most = Math.max(most, alikeness(other, moved, most));
  return most;
}

/** So many of some things at even steps, those that are there. */
function spread<Item>(items: readonly (Item | undefined)[], count: number): Item[] {
  const every = Math.max(1, Math.ceil(items.length / count));
  return items.filter((item, i): item is Item => i % every === 0 && item !== undefined);
}
