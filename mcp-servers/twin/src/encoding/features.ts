import { throwIfCancelled } from '@bregma/core/errors';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { openNetwork } from '@bregma/readers/onnx-engine';
import { GraphBuilder, type ModelPart } from '../onnx/graph.ts';
import { type FeatureBand, grid } from './feature-band.ts';
import { foreignFeatures } from './foreign-network.ts';
import { gaborBank } from './gabor.ts';
import { addNetwork, type NetworkContract, openBody } from './network.ts';
import type { Band, RidgeModel } from './ridge.ts';

/** Images, C order [image × y × x × 3], 0–255. */
export interface ImageStack {
  data: Uint8Array;
  count: number;
  height: number;
  width: number;
}

/** What is computed from an image before the readout. */
export interface FeatureOptions {
  /** Gabor energy, by level of the pyramid and orientation; 0 levels: none. */
  levels: number;
  orientations: number;
  /** Energy averaged over each cell of a 7 × 7 grid: what is where. */
  local: boolean;
  /** Energy averaged over the whole image, so that position is lost. */
  pooled: boolean;
  /** The energies as they are, their logarithm, or both. */
  compress: 'root' | 'log' | 'both';
  /** Cells along each side of the low-pass images. */
  lowpass: number[];
  /** Also red–green and blue–yellow opponent channels. */
  colour: boolean;
  /** Also the layers of a network. */
  network?: NetworkContract;
}

/** Images are resampled to this many pixels on each side. A multiple of 7 · 2⁴, so that every level divides into 7 cells. */
const side = 112;
/** Added to an energy before its logarithm: a fiftieth of the contrast range. */
const logFloor = 0.02;
/** Images in one run of the network. */
const batch = 32;

/** Channels as weights on red, green, blue: luminance; red − green; blue − yellow (after Krauskopf 1982). */
const channels = { luminance: [1 / 3, 1 / 3, 1 / 3], 'red–green': [1, -1, 0], 'blue–yellow': [-0.5, -0.5, 1] } as const;

/**
 * Adds the features of `images` to a graph: for each channel the energy of Gabor quadrature pairs (Adelson & Bergen 1985,
 * J Opt Soc Am A 2:284), its root averaged over the cells of a grid (as Kay et al. 2008, Nature 452:352), and the low-pass
 * image. Returns one value [image × width] a band.
 */
function addFeatures(graph: GraphBuilder, images: string, options: FeatureOptions, body?: ModelPart): FeatureBand[] {
  const bands: FeatureBand[] = [];
  const planes = graph.node('Transpose', [graph.node('Cast', [images], { to: 1 })], { perm: [0, 3, 1, 2] });
  const sizes = graph.constant([side, side], [2]);
  const shape = graph.node(
    'Concat',
    [graph.node('Slice', [graph.node('Shape', [planes]), graph.constant([0], [1]), graph.constant([2], [1])]), sizes],
    { axis: 0 },
  );
  const resized = graph.node('Resize', [planes, '', '', shape], {
    mode: 'linear',
    antialias: 1,
    coordinate_transformation_mode: 'half_pixel',
  });
  const scaled = graph.node('Div', [resized, graph.scalar(255)]);
  const bank = gaborBank(options.orientations);
  const filters = graph.constant(bank.weights, [2 * bank.orientations, 1, bank.size, bank.size]);
  const flatten = (value: string) => graph.node('Flatten', [value], { axis: 1 });
  const average = (value: string, cell: number) =>
    cell === 1 ? value : graph.node('AveragePool', [value], { kernel_shape: [cell, cell], strides: [cell, cell] });

  for (const [channel, weights] of Object.entries(channels)) {
    if (channel !== 'luminance' && !options.colour) continue;
    const plane = graph.node('Conv', [scaled, graph.constant(Float32Array.from(weights), [1, 3, 1, 1])], {
      kernel_shape: [1, 1],
    });
    for (const cells of options.lowpass) {
      bands.push({
        name: `${channel} low-pass ${cells} × ${cells}`,
        value: flatten(average(plane, side / cells)),
        width: cells ** 2,
      });
    }
    const energies: { local: string[]; pooled: string[] } = { local: [], pooled: [] };
    let level = graph.node('Sub', [
      plane,
      graph.node('ReduceMean', [plane, graph.constant([2, 3], [2])], { keepdims: 1 }),
    ]);
    for (let k = 0; k < options.levels; k++) {
      const half = (bank.size - 1) / 2;
      const filtered = graph.node('Conv', [level, filters], {
        kernel_shape: [bank.size, bank.size],
        pads: [half, half, half, half],
      });
      const squared = graph.node('Mul', [filtered, filtered]);
      const pairs = graph.node('Reshape', [
        squared,
        graph.constant([0, bank.orientations, 2, side >> k, side >> k], [5]),
      ]);
      const energy = graph.node('Sqrt', [graph.node('ReduceSum', [pairs, graph.constant([2], [1])], { keepdims: 0 })]);
      energies.local.push(flatten(average(energy, (side >> k) / grid)));
      energies.pooled.push(flatten(average(energy, side >> k)));
      level = average(level, 2);
    }
    for (const where of ['local', 'pooled'] as const) {
      if (!options[where] || options.levels === 0) continue;
      const width = options.levels * bank.orientations * (where === 'local' ? grid ** 2 : 1);
      const value = options.levels === 1 ? energies[where][0] : graph.node('Concat', energies[where], { axis: 1 });
      const cells = where === 'local' ? grid ** 2 : undefined;
      if (options.compress !== 'log') bands.push({ name: `${channel} ${where} energy`, value, width, cells });
      if (options.compress !== 'root')
        bands.push({
          name: `${channel} ${where} log energy`,
          value: graph.node('Log', [graph.node('Add', [value, graph.scalar(logFloor)])]),
          width,
          cells,
        });
    }
  }
  if (options.network && body) bands.push(...addNetwork(graph, planes, options.network, body));
  return bands;
}

const imageShape = ['image', 'y', 'x', 3];

/** Where the bytes of a network lie that a person added. */
type Objects = Pick<ObjectStore, 'get'>;

const bodyOf = async ({ network }: FeatureOptions, objects?: Objects) => network && openBody(network, objects);

/** Features of every image. progress: images done so far. */
export async function computeFeatures(
  images: ImageStack,
  options: FeatureOptions,
  signal: AbortSignal,
  progress: (done: number) => void,
  objects?: Objects,
): Promise<Band[]> {
  const graph = new GraphBuilder();
  const body = await bodyOf(options, objects);
  const added = addFeatures(graph, graph.input('images', 'uint8', imageShape), options, body);
  if (options.network?.object) return foreignFeatures(graph, added, images, signal);
  added.forEach(({ value, width }, i) => graph.output(`band${i}`, value, 'float', ['image', width]));
  const network = await openNetwork(await graph.bytes('features'));
  const bands: Band[] = added.map(({ name, width, cells }) => ({
    name,
    width,
    cells,
    features: new Float32Array(images.count * width),
  }));
  try {
    for (let start = 0; start < images.count; start += batch) {
      throwIfCancelled(signal);
      const results = await network.run({ images: batchOf(images, start) });
      // SAFETY: the network gives its bands as float32.
      bands.forEach(({ features, width }, i) => features.set(results[`band${i}`].data as Float32Array, start * width));
      progress(Math.min(start + batch, images.count));
    }
  } finally {
    await network.close();
  }
  return bands;
}

/** The whole twin as one network: `images` uint8 [image × y × x × 3] → `responses` float32 [image × neuron]. */
export async function encodingNetwork(
  options: FeatureOptions,
  readout: RidgeModel,
  objects?: Objects,
): Promise<Uint8Array> {
  const graph = new GraphBuilder();
  const body = await bodyOf(options, objects);
  const added = addFeatures(graph, graph.input('images', 'uint8', imageShape), options, body);
  const neurons = readout.intercept.length;
  const features = readout.mean.length;
  const joined =
    added.length === 1
      ? added[0].value
      : graph.node(
          'Concat',
          added.map(({ value }) => value),
          { axis: 1 },
        );
  const centred = graph.node('Sub', [joined, graph.constant(Float32Array.from(readout.mean), [features])]);
  const standard = graph.node('Mul', [
    centred,
    graph.constant(
      Float32Array.from(readout.scale, (scale) => 1 / scale),
      [features],
    ),
  ]);
  const weights = graph.constant(Float32Array.from(readout.weights), [features, neurons]);
  const responses = graph.node('Gemm', [
    standard,
    weights,
    graph.constant(Float32Array.from(readout.intercept), [neurons]),
  ]);
  graph.output('responses', responses, 'float', ['image', neurons]);
  return graph.bytes('encoding twin');
}

/** Runs an encoding network; predictions [neuron × image]. */
export async function runEncodingNetwork(
  model: Uint8Array,
  images: ImageStack,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<Float32Array> {
  const network = await openNetwork(model);
  try {
    let out: Float32Array | undefined;
    for (let start = 0; start < images.count; start += batch) {
      throwIfCancelled(signal);
      const { responses } = await network.run({ images: batchOf(images, start) });
      const [count, neurons] = responses.shape;
      out ??= new Float32Array(neurons * images.count);
      for (let i = 0; i < count; i++)
        for (let neuron = 0; neuron < neurons; neuron++)
          out[neuron * images.count + start + i] = responses.data[i * neurons + neuron];
      progress(Math.min(start + batch, images.count));
    }
    return out ?? new Float32Array(0);
  } finally {
    await network.close();
  }
}

function batchOf({ data, count, height, width }: ImageStack, start: number): { data: Uint8Array; shape: number[] } {
  const size = height * width * 3;
  const end = Math.min(start + batch, count);
  return { data: data.subarray(start * size, end * size), shape: [end - start, height, width, 3] };
}

/** A stack with the images at these positions. */
export function pickImages(images: ImageStack, indices: ArrayLike<number>): ImageStack {
  const size = images.height * images.width * 3;
  const data = new Uint8Array(indices.length * size);
  for (let i = 0; i < indices.length; i++)
    data.set(images.data.subarray(indices[i] * size, (indices[i] + 1) * size), i * size);
  return { ...images, data, count: indices.length };
}
