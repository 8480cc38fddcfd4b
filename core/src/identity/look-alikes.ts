import { type NpyArray, parseNpy } from '../npy.ts';
import { dot } from '../statistics/least-squares.ts';
import type { Workspace } from '../workspace.ts';

/** Pixels along each side of the small grey pictures that are compared, and fewest that tell pictures apart. */
const grid = { most: 8, fewest: 6 };
/** Correlation of two small pictures from which one is the other, and up to which those of one set must differ for it to say so. */
const same = 0.999;
const different = 0.98;
/** Pictures of a set beyond which none are compared. */
const mostPictures = 4000;

/** Small grey pictures with mean 0 and squares that add up to 1, [picture]; undefined for one that does not vary. */
type Small = (Float64Array | undefined)[];

/** By object and size. An object's bytes are its name, so that nothing in here can be out of date. */
const known = new Map<string, Small>();

/**
 * Which pictures of one stack are pictures of another in disguise: brighter, of another contrast or size, compressed or with noise.
 * Undefined where that cannot be said: of pictures that are few pixels, or where those of the first set are so much alike
 * themselves (gratings in small steps, frames of a film) that likeness proves nothing; then bytes alone decide.
 * from, to: objects [picture × y × x (× channel)]. Returns for each picture of `to` its place in `from`, −1 where it is none.
 */
export function lookAlikes(from: string, to: string, { objects }: Pick<Workspace, 'objects'>): Int32Array | undefined {
  const [a, b] = [from, to].map((object) => parseNpy(objects.get(object)));
  const side = Math.min(grid.most, ...[a, b].flatMap(({ shape }) => shape.slice(1, 3)));
  if (side < grid.fewest || Math.max(a.shape[0], b.shape[0]) > mostPictures) return undefined;
  const [left, right] = [smallOf(from, a, side), smallOf(to, b, side)];
  if (areAlike(left)) return undefined;
  return Int32Array.from(right, (picture) =>
    picture ? left.findIndex((other) => other !== undefined && dot(other, picture) >= same) : -1,
  );
}

/** Whether two pictures that are not the same look the same all the same. */
function areAlike(pictures: Small): boolean {
  return pictures.some(
    (one, i) =>
      one !== undefined &&
      pictures.some((other, j) => {
        if (j <= i || other === undefined) return false;
        const r = dot(one, other);
        return r >= different && r < 1 - 1e-12;
      }),
  );
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
