import { type NpyArray, parseNpy } from '../npy.ts';
import { dot } from '../statistics/least-squares.ts';
import type { Workspace } from '../workspace.ts';

type Store = Pick<Workspace, 'objects'>;

/** Pixels along each side of the small grey pictures that are compared, and fewest that tell pictures apart. */
const grid = { most: 8, fewest: 6 };
/** Correlation of two small pictures from which one is the other, and up to which those of one set must differ for it to say so. */
const same = 0.999;
const different = 0.98;
/** Correlation from which pictures of one set are not divided: different photographs of natural sets reach 0.994. */
const undivided = 0.995;
/** Groups of like pictures in which a set must fall at least: fewer are no set of different ones, but steps of a few. */
const fewestGroups = 15;
/** Pictures of a set beyond which none are compared. */
const mostPictures = 4000;

/** Small grey pictures with mean 0 and squares that add up to 1, [picture]; undefined for one that does not vary. */
type Small = (Float64Array | undefined)[];

/** By object and size. An object's bytes are its name, so that nothing in here can be out of date. */
const known = new Map<string, Small>();

/**
 * Which pictures of one stack are pictures of another in disguise: brighter, of another contrast or size, compressed or with noise.
 * Undefined where that cannot be said, of pictures that are few pixels. A picture that others of its own set nearly look like
 * (gratings in small steps, frames of a film) is no other's disguise: there bytes alone decide.
 * from, to: objects [picture × y × x (× channel)]. Returns for each picture of `to` its place in `from`, −1 where it is none.
 */
export function lookAlikes(from: string, to: string, { objects }: Store): Int32Array | undefined {
  const [a, b] = [from, to].map((object) => parseNpy(objects.get(object)));
  const side = Math.min(grid.most, ...[a, b].flatMap(({ shape }) => shape.slice(1, 3)));
  if (side < grid.fewest || Math.max(a.shape[0], b.shape[0]) > mostPictures) return undefined;
  const [left, right] = [smallOf(from, a, side), smallOf(to, b, side)];
  const tells = left.map((one) => one && !left.some((other) => other && isBetween(dot(one, other))));
  return Int32Array.from(right, (picture) =>
    picture ? left.findIndex((other, i) => other && tells[i] && dot(other, picture) >= same) : -1,
  );
}

const isBetween = (r: number) => r >= different && r < same;

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
  const pictures = smallOf(object, stack, side);
  const group = new Map(firsts.map((first) => [first, first]));
  // SAFETY: every first has a group.
  const rootOf = (at: number): number => (group.get(at) === at ? at : rootOf(group.get(at)!));
  for (const [k, one] of firsts.entries())
    for (const other of firsts.slice(0, k)) {
      const [x, y] = [pictures[one], pictures[other]];
      if (!x || !y || dot(x, y) < undivided) continue;
      const [low, high] = [rootOf(one), rootOf(other)].sort((i, j) => i - j);
      group.set(high, low);
    }
  if (new Set(firsts.map(rootOf)).size < Math.min(fewestGroups, firsts.length)) return undefined;
  const byDigest = new Map(firsts.map((first) => [digests[first], digests[rootOf(first)]]));
  // SAFETY: every digest has a first.
  return digests.map((digest) => byDigest.get(digest)!);
}

function smallOf(object: string, stack: NpyArray, side: number): Small {
  const name = `${object} ${side}`;
  const found = known.get(name) ?? Array.from({ length: stack.shape[0] }, (_, i) => small(stack, i, side));
  known.set(name, found);
  return found;
}

/** One picture: the mean of all channels over each field of the grid. */
function small({ data, shape }: NpyArray, picture: number, side: number): Float64Array | undefined {
  const [, height, width, channels = 1] = shape;
  const sums = new Float64Array(side * side);
  const counts = new Float64Array(side * side);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const field = Math.floor((y * side) / height) * side + Math.floor((x * side) / width);
      for (let c = 0; c < channels; c++)
        sums[field] += Number(data[((picture * height + y) * width + x) * channels + c]);
      counts[field] += channels;
    }
  const values = sums.map((sum, field) => sum / counts[field]);
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0));
  // A grey level, root mean square: what varies less is one flat field.
  return length > side ? values.map((value) => (value - centre) / length) : undefined;
}
