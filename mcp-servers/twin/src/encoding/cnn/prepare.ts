import { openNetwork } from '@bregma/readers/onnx-engine';
import { GraphBuilder } from '../../onnx/graph.ts';
import { type ImageStack, pickImages } from '../features.ts';

/** Mean and standard deviation of each colour over training images, grey levels. */
export interface Light {
  mean: number[];
  sd: number[];
}

/** Images at a time. */
const batch = 32;

/** Adds the way from pixels to what the network takes: uint8 or float [image × y × x × 3] → [image × 3 × side × side], 0–255. */
export function addResampling(graph: GraphBuilder, images: string, side: number): string {
  const planes = graph.node('Transpose', [graph.node('Cast', [images], { to: 1 })], { perm: [0, 3, 1, 2] });
  const head = graph.node('Slice', [graph.node('Shape', [planes]), graph.constant([0], [1]), graph.constant([2], [1])]);
  const shape = graph.node('Concat', [head, graph.constant([side, side], [2])], { axis: 0 });
  return graph.node('Resize', [planes, '', '', shape], {
    mode: 'linear',
    antialias: 1,
    coordinate_transformation_mode: 'half_pixel',
  });
}

/** Every image as [3 × side × side], 0–255. */
export async function resample(images: ImageStack, side: number): Promise<Float32Array> {
  const graph = new GraphBuilder();
  const given = graph.input('images', 'uint8', ['image', 'y', 'x', 3]);
  graph.output('planes', addResampling(graph, given, side), 'float', ['image', 3, side, side]);
  const network = await openNetwork(await graph.bytes('resample'));
  const out = new Float32Array(images.count * 3 * side ** 2);
  try {
    for (let start = 0; start < images.count; start += batch) {
      const part = Array.from({ length: Math.min(batch, images.count - start) }, (_, i) => start + i);
      const { data } = pickImages(images, part);
      const { planes } = await network.run({ images: { data, shape: [part.length, images.height, images.width, 3] } });
      out.set(planes.data, start * 3 * side ** 2);
    }
    return out;
  } finally {
    await network.close();
  }
}

/** Light of the training images alone. planes: [image × 3 × side × side]. */
export function lightOf(planes: Float32Array, side: number, rows: ArrayLike<number>): Light {
  const size = side ** 2;
  const light: Light = { mean: [], sd: [] };
  for (let channel = 0; channel < 3; channel++) {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < rows.length; i++)
      for (let at = 0; at < size; at++) {
        const value = planes[(rows[i] * 3 + channel) * size + at];
        sum += value;
        squares += value * value;
      }
    const mean = sum / (rows.length * size);
    light.mean.push(mean);
    light.sd.push(Math.sqrt(Math.max(squares / (rows.length * size) - mean ** 2, 1)));
  }
  return light;
}

/** How a training image is shown: moved a little, and with a little more or less contrast. Nothing turns it: places keep their meaning. */
export interface Showing {
  x: number;
  y: number;
  gain: number;
}

/** Writes one image, standardised, at `at`; what a shift brings in from outside repeats the edge. */
export function showImage(
  planes: Float32Array,
  image: number,
  side: number,
  { mean, sd }: Light,
  { x, y, gain }: Showing,
  out: Float32Array,
  at: number,
): void {
  const within = (place: number) => Math.min(side - 1, Math.max(0, place));
  let to = at;
  for (let channel = 0; channel < 3; channel++) {
    const from = (image * 3 + channel) * side ** 2;
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const value = planes[from + within(row + y) * side + within(column + x)];
        out[to++] = (gain * (value - mean[channel])) / sd[channel];
      }
  }
}
