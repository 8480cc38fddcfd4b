import { type NpyArray, parseNpy } from '../npy.ts';
import type { Workspace } from '../workspace.ts';
import { movedPictures } from './moved-pictures.ts';
import { alikeness, grid, type Small, smallOf } from './small-pictures.ts';

type Store = Pick<Workspace, 'objects'>;

/** Correlation of two small pictures from which one is the other, and up to which those of one set must differ for it to say so. */
const same = 0.999;
const different = 0.98;
/** Correlation from which pictures of one set are not divided: different photographs of natural sets reach 0.994. */
const undivided = 0.995;
/** Groups of like pictures in which a set must fall at least: fewer are no set of different ones, but steps of a few. */
const fewestGroups = 15;
/** Pictures of a set beyond which none are compared. */
const mostPictures = 20_000;

/** By both objects. An object's bytes are its name, so that nothing in here can be out of date. */
const found = new Map<string, Int32Array | null>();

/**
 * Which pictures of one stack are pictures of another in disguise: brighter, of another contrast or size, compressed or with noise,
 * moved by a pixel, cut or mirrored. Undefined where that cannot be said, of pictures that are few pixels. A picture that others of
 * its own set nearly look like (gratings in small steps, frames of a film) is no other's disguise: there bytes alone decide.
 * from, to: objects [picture × y × x (× channel)]. Returns for each picture of `to` its place in `from`, −1 where it is none.
 */
export function lookAlikes(from: string, to: string, { objects }: Store): Int32Array | undefined {
  const name = `${from} ${to}`;
  const known = found.get(name);
  if (known !== undefined) return known ?? undefined;
  const [left, right] = [from, to].map((object) => ({ object, stack: parseNpy(objects.get(object)) }));
  const places = compare(left, right);
  found.set(name, places ?? null);
  return places;
}

/** A stack of pictures, and the object that it is. */
interface Stack {
  object: string;
  stack: NpyArray;
}

/** By object and size. An object's bytes are its name, so that nothing in here can be out of date. */
const small = new Map<string, Small>();

function smallOfObject({ object, stack }: Stack, side: number): Small {
  const name = `${object} ${side}`;
  const made = small.get(name) ?? smallOf(stack, side);
  small.set(name, made);
  return made;
}

function compare(from: Stack, to: Stack): Int32Array | undefined {
  const shapes = [from, to].map(({ stack }) => stack.shape);
  const side = Math.min(grid.most, ...shapes.flatMap((shape) => shape.slice(1, 3)));
  if (side < grid.fewest || Math.max(...shapes.map(([count]) => count)) > mostPictures) return undefined;
  const [left, right] = [from, to].map((one) => smallOfObject(one, side));
  const isBetween = (r: number) => r >= different && r < same;
  const tells = left.map((one) => one && !left.some((other) => other && isBetween(alikeness(one, other, different))));
  const places = Int32Array.from(right, (picture) =>
    picture ? left.findIndex((other, i) => other && tells[i] && alikeness(other, picture, same) >= same) : -1,
  );
  if (places.every((place) => place >= 0)) return places;
  const moved = movedPictures(from.stack, to.stack);
  return places.map((place, column) => (place >= 0 ? place : moved[column]));
}

/**
 * Pictures that look the same, by chains of likeness: for each the digest of the first of its group. Groups are no units where a set
 * falls into few of them, as films and gratings in small steps do: undefined there, and of pictures that are few pixels.
 * object: [picture × y × x (× channel)]; digests: one a picture, equal for copies.
 */
export function looksOf(object: string, digests: readonly string[], { objects }: Store): readonly string[] | undefined {
  const found = looks.get(object);
  if (found !== undefined) return found ?? undefined;
  const made = groupLooks(object, digests, { objects });
  looks.set(object, made ?? null);
  return made;
}

/** By object; null where there are no groups. */
const looks = new Map<string, readonly string[] | null>();

function groupLooks(object: string, digests: readonly string[], { objects }: Store): readonly string[] | undefined {
  const stack = parseNpy(objects.get(object));
  const side = Math.min(grid.most, ...stack.shape.slice(1, 3));
  const firsts = [...new Map(digests.map((digest, i) => [digest, i] as const).reverse()).values()].sort(
    (x, y) => x - y,
  );
  if (side < grid.fewest || firsts.length > mostPictures) return undefined;
  const pictures = smallOfObject({ object, stack }, side);
  const group = new Map(firsts.map((first) => [first, first]));
  // SAFETY: every first has a group.
  const rootOf = (at: number): number => (group.get(at) === at ? at : rootOf(group.get(at)!));
  for (const [k, one] of firsts.entries())
    for (const other of firsts.slice(0, k)) {
      const [x, y] = [pictures[one], pictures[other]];
      if (!x || !y || alikeness(x, y, undivided) < undivided) continue;
      const [low, high] = [rootOf(one), rootOf(other)].sort((i, j) => i - j);
      group.set(high, low);
    }
  if (new Set(firsts.map(rootOf)).size < Math.min(fewestGroups, firsts.length)) return undefined;
  const byDigest = new Map(firsts.map((first) => [digests[first], digests[rootOf(first)]]));
  // SAFETY: every digest has a first.
  return digests.map((digest) => byDigest.get(digest)!);
}
