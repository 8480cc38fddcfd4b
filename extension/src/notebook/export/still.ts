import type { ImageModel } from '@bregma/webviews/image/model';
import type { MatrixModel } from '@bregma/webviews/matrix/model';
import type { VolumeModel } from '@bregma/webviews/volume/model';
import type { Picture } from '../draw/draw.ts';
import { pngOf } from './png.ts';
import { bytesOf, numbersOf, unpack, wordsOf } from './unpack.ts';

/** Pictures of pixels that need no program. */
export interface Still {
  images: { label: string; address: string; widthPx: number }[];
  /** What the colours mean. */
  says: string;
}

/** Images, and pixels along one side of a matrix, that a page shows at most. */
const most = { images: 12, side: 400 };
/** Width on the page, px. */
const widthPx = { one: 420, many: 170 };
const unmeasured = [128, 128, 150];

/** A picture of pixels as images, or undefined where its view is none. */
export function stillOf({ view, model }: Picture): Still | undefined {
  if (view === 'image') return images(model as ImageModel);
  if (view === 'matrix') return matrix(model as MatrixModel);
  if (view === 'volume') return volume(model as VolumeModel);
  return undefined;
}

function images({ images: all, low, high, unit }: ImageModel): Still {
  const shown = all.slice(0, most.images);
  const width = all.length === 1 ? widthPx.one : widthPx.many;
  const values = shown.map((image) => image.values && unpack(image.values));
  const range = rangeOf(
    values.flatMap((list) => (list ? [list] : [])),
    low,
    high,
  );
  const drawn = shown.map(({ label, file, values: packed }, i) => {
    if (file)
      return {
        label,
        address: `data:${file.mediaType};base64,${Buffer.from(bytesOf(file.bytes)).toString('base64')}`,
        widthPx: width,
      };
    const [h, w, channels = 1] = packed!.shape;
    const pixels = new Uint8Array(3 * h * w);
    for (let at = 0; at < h * w; at++)
      for (let k = 0; k < 3; k++)
        pixels[3 * at + k] = channels === 1 ? grey(values[i]![at], range, k) : values[i]![at * channels + k];
    return { label, address: address(pixels, w, h), widthPx: width };
  });
  const left = all.length > shown.length ? `The first ${shown.length} of ${all.length} images. ` : '';
  return { images: drawn, says: `${left}${values.some(Boolean) ? scaleText(range, unit) : ''}` };
}

function matrix({ rows, columns, value, dense, sparse }: MatrixModel): Still {
  const [height, width] = [wordsOf(rows.names).length, wordsOf(columns.names).length];
  const [tall, wide] = [Math.max(1, Math.ceil(height / most.side)), Math.max(1, Math.ceil(width / most.side))];
  const [h, w] = [Math.ceil(height / tall), Math.ceil(width / wide)];
  const sums = new Float64Array(h * w);
  const counts = new Float64Array(h * w);
  const add = (row: number, column: number, one: number) => {
    if (Number.isNaN(one)) return;
    const at = Math.floor(row / tall) * w + Math.floor(column / wide);
    sums[at] += one;
    counts[at]++;
  };
  if (dense) {
    const values = unpack(dense);
    for (let i = 0; i < values.length; i++) add(Math.floor(i / width), i % width, values[i]);
  } else if (sparse) {
    const [row, column, values] = [sparse.row, sparse.column, sparse.values].map(numbersOf);
    for (let i = 0; i < values.length; i++) add(row[i], column[i], values[i]);
    if (sparse.absent === 'zero') counts.fill(tall * wide);
  }
  const means = sums.map((sum, i) => (counts[i] > 0 ? sum / counts[i] : Number.NaN));
  const range = rangeOf([means]);
  const pixels = new Uint8Array(3 * h * w);
  for (let at = 0; at < h * w; at++) for (let k = 0; k < 3; k++) pixels[3 * at + k] = grey(means[at], range, k);
  const blocks = tall * wide > 1 ? ` One pixel is the mean of ${tall} × ${wide} pairs.` : '';
  const label = `${height} × ${width}: a row is a ${rows.of}, a column a ${columns.of}`;
  return {
    images: [{ label, address: address(pixels, w, h), widthPx: widthPx.one }],
    says: `${value.label}: ${scaleText(range, value.unit)}${blocks}`,
  };
}

/** The middle slice across each axis, in the colours of the regions. */
function volume({ labels, values, regions = [], space, at }: VolumeModel): Still {
  const packed = (labels ?? values)!;
  const voxels = unpack(packed);
  const [a, b, c] = packed.shape;
  const range = labels ? undefined : rangeOf([voxels]);
  const colours = regions.map(({ colour }) =>
    [0, 2, 4].map((k) => Number.parseInt((colour ?? '808080').slice(k, k + 2), 16)),
  );
  const slice = (label: string, height: number, width: number, voxel: (y: number, x: number) => number) => {
    const pixels = new Uint8Array(3 * height * width);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let k = 0; k < 3; k++) {
          const value = voxels[voxel(y, x)];
          pixels[3 * (y * width + x) + k] = range
            ? grey(value, range, k)
            : value === 0
              ? 0
              : (colours[value - 1]?.[k] ?? 128);
        }
    return { label, address: address(pixels, width, height), widthPx: widthPx.many * 1.4 };
  };
  const [i, j, k] = at ?? [a >> 1, b >> 1, c >> 1];
  return {
    images: [
      slice(`coronal, slice ${i + 1} of ${a}`, b, c, (y, x) => (i * b + y) * c + x),
      slice(`horizontal, slice ${j + 1} of ${b}`, a, c, (y, x) => (y * b + j) * c + x),
      slice(`sagittal, slice ${k + 1} of ${c}`, b, a, (y, x) => (x * b + y) * c + k),
    ],
    says: range ? scaleText(range, undefined) : `Regions of ${space} in their own colours.`,
  };
}

const address = (pixels: Uint8Array, width: number, height: number) =>
  `data:image/png;base64,${pngOf(pixels, width, height).toString('base64')}`;

function rangeOf(lists: ArrayLike<number>[], low?: number, high?: number): [number, number] {
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists)
    for (let i = 0; i < list.length; i++) {
      if (list[i] < least) least = list[i];
      if (list[i] > largest) largest = list[i];
    }
  return [low ?? least, high ?? largest];
}

function grey(value: number, [low, high]: [number, number], channel: number): number {
  if (Number.isNaN(value)) return unmeasured[channel];
  return Math.round(255 * Math.min(1, Math.max(0, high > low ? (value - low) / (high - low) : 0.5)));
}

const scaleText = ([low, high]: [number, number], unit: string | undefined) =>
  Number.isFinite(low)
    ? `black is ${Number(low.toPrecision(4))}, white ${Number(high.toPrecision(4))}${unit ? ` ${unit}` : ''}; bluish grey is not measured.`
    : 'nothing was measured.';
