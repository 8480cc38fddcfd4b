import { BregmaError } from '@bregma/core/errors';
import type { NpyArray } from '@bregma/core/npy';

/** Bytes of an NPY file that are read: it is one array in memory. */
export const largestNpy = 1e9;

const words = ['image', 'y', 'x', 'channel'] as const;
type Axis = (typeof words)[number];

/**
 * An NPY array as a stack of images [image × y × x × 3], bytes. axes: what its axes are, where a person says it; otherwise they are
 * found by their lengths, and asked for where these fit more than one way. images: how many there must be.
 */
export function imageStack(
  array: NpyArray,
  name: string,
  images: number,
  axes: unknown,
): { stack: { data: Uint8Array; shape: number[] }; decided: string[] } {
  const { dtype, shape } = array;
  if (dtype !== 'u1' || shape.length < 3 || shape.length > 4)
    throw new BregmaError(
      'bad-input',
      `${name} is ${dtype} [${shape}]; an image stack is uint8 [image × y × x] or [image × y × x × 3].`,
      { next: 'Save it as numpy.uint8, 0 for black and 255 for white.' },
    );
  const order = axes === undefined ? foundAxes(shape, images, name) : saidAxes(axes, shape, name);
  const channels = shape[order.indexOf('channel')] ?? 1;
  if (channels !== 1 && channels !== 3)
    throw new BregmaError('bad-input', `${name} has ${channels} channels; 1 (grey) or 3 (RGB) are read.`, {
      next: 'Leave transparency out, or say in options.axes which axis is the channel.',
    });
  const usual = order.join() === words.slice(0, order.length).join();
  return {
    // SAFETY: only arrays of u1 come here.
    stack: arranged(array.data as Uint8Array, shape, order, channels),
    decided: usual ? [] : [`Axes of ${name} were taken as [${order.join(' × ')}].`],
  };
}

/** The one way in which the lengths fit. Throws `bad-input`, with the ways that fit, when there are several. */
function foundAxes(shape: number[], images: number, name: string): Axis[] {
  const channel = (at: number) => shape[at] === 1 || shape[at] === 3;
  const ways: Axis[][] =
    shape.length === 3
      ? [
          ['image', 'y', 'x'],
          ['y', 'x', 'image'],
        ]
      : [
          ['image', 'y', 'x', 'channel'],
          ['image', 'channel', 'y', 'x'],
          ['y', 'x', 'channel', 'image'],
        ];
  const fit = ways.filter(
    (way) => shape[way.indexOf('image')] === images && (shape.length === 3 || channel(way.indexOf('channel'))),
  );
  if (fit.length === 1) return fit[0];
  if (fit.length === 0) return ways[0];
  throw new BregmaError(
    'bad-input',
    `${name} has the shape [${shape}], which can be ${fit.map((way) => `[${way.join(' × ')}]`).join(' or ')}.`,
    { next: `Say it: options.axes ${JSON.stringify(fit[0])}.` },
  );
}

function saidAxes(axes: unknown, shape: number[], name: string): Axis[] {
  const said = Array.isArray(axes) ? axes.map((axis) => (axis === 'stimulus' ? 'image' : axis)) : [];
  const wanted = words.slice(0, shape.length);
  const order = said.filter((axis): axis is Axis => wanted.includes(axis));
  if (order.length === shape.length && said.length === shape.length && new Set(order).size === shape.length)
    return order;
  throw new BregmaError('bad-input', `options.axes does not name the ${shape.length} axes of ${name}.`, {
    next: `Name each once: ${wanted.join(', ')}, in the order of the array.`,
  });
}

/** Brings the axes into the order [image × y × x × channel] and grey to three equal channels. */
function arranged(
  data: Uint8Array,
  shape: number[],
  order: Axis[],
  channels: number,
): { data: Uint8Array; shape: number[] } {
  const at = words.map((axis) => order.indexOf(axis));
  const stride = (axis: number) => (axis < 0 ? 0 : shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const [n, height, width] = at.map((axis) => shape[axis]);
  const [byImage, byRow, byColumn, byChannel] = at.map(stride);
  const out = new Uint8Array(n * height * width * 3);
  let to = 0;
  for (let i = 0; i < n; i++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const from = i * byImage + y * byRow + x * byColumn;
        for (let c = 0; c < 3; c++) out[to++] = data[from + (channels === 3 ? c * byChannel : 0)];
      }
  return { data: out, shape: [n, height, width, 3] };
}
