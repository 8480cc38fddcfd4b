import { fileURLToPath } from 'node:url';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import type { Workspace } from '@bregma/core/workspace';
import { type Engine, engineApart, ownEngine } from '@bregma/readers/network-session';
import { readRows } from '@bregma/readers/parquet';
import { arrayOf, tableOf } from '@bregma/readers/release';
import { networkRunner } from '@bregma/readers/run-network';
import { GraphBuilder } from '../onnx/graph.ts';
import { addPart, partOfModel } from '../onnx/part-of-model.ts';
import type { FeatureBand } from './feature-band.ts';
import type { NetworkContract } from './network.ts';
import type { Band } from './ridge.ts';

/** Images, C order [image × y × x × 3], 0–255. */
interface Shown {
  data: Uint8Array;
  count: number;
  height: number;
  width: number;
}

/** A program in which a person's network runs, beside this one or in its source. */
const program = (name: 'onnx-worker' | 'onnx-session-worker') =>
  fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? `../../../../readers/src/${name}.ts` : `./${name}.mjs`, import.meta.url),
  );

/** Whether a twin contains a person's network. */
export const isForeign = ({ summary }: Pick<TwinCard, 'summary'>): boolean => summary.network !== undefined;

/** Where the graphs of these twins run: in a process without files and network if one of them contains a person's network. */
export const engineFor = (twins: readonly TwinCard[], signal: AbortSignal): Engine =>
  twins.some(isForeign) ? engineApart(program('onnx-session-worker'), signal) : ownEngine;

/** Runs a graph (`images` → `responses`) in a process without files and network: NPY in, [image × column] out. */
async function runApart(model: Uint8Array, { data, count, height, width }: Shown, signal: AbortSignal) {
  const images = writeNpy({ data, shape: [count, height, width, 3] });
  const { data: found, shape } = parseNpy(
    await networkRunner(program('onnx-worker'))(model, images, signal),
    'what the network gave',
  );
  const [columns] = shape;
  // SAFETY: the process gives float32 [column × image].
  return { values: found as Float32Array, columns };
}

/** Predictions [neuron × image] of a twin that contains a person's network. */
export const predictApart = async (model: Uint8Array, images: Shown, signal: AbortSignal): Promise<Float32Array> =>
  (await runApart(model, images, signal)).values;

/** Features that a person's network gives, computed in a process of its own. */
export async function foreignFeatures(
  graph: GraphBuilder,
  bands: FeatureBand[],
  images: Shown,
  signal: AbortSignal,
): Promise<Band[]> {
  const joined = graph.node(
    'Concat',
    bands.map(({ value }) => value),
    { axis: 1 },
  );
  const total = bands.reduce((sum, { width }) => sum + width, 0);
  graph.output('responses', joined, 'float', ['image', total]);
  const { values, columns } = await runApart(await graph.bytes('features'), images, signal);
  if (columns !== total)
    throw new BregmaError('bad-input', `The network gives ${columns} features where ${total} were found before.`);
  let at = 0;
  return bands.map(({ name, width, cells }) => {
    const features = new Float32Array(images.count * width);
    for (let k = 0; k < width; k++)
      for (let i = 0; i < images.count; i++) features[i * width + k] = values[(at + k) * images.count + i];
    at += width;
    return { name, width, cells, features };
  });
}

/** Opens a network that was added as a data set. Throws `bad-input` for another data set, and for layers that describe no image. */
export async function openContract(reference: string, { ledger, objects }: Workspace): Promise<NetworkContract> {
  const release = findDataset(ledger, reference);
  if (!release.arrays.some(({ name }) => name === 'network') || !release.tables.some(({ name }) => name === 'layers'))
    throw new BregmaError('bad-input', `${datasetRef(release)} is no network.`, {
      next: 'Add one: add_data with an .onnx file and options size, channels, range, mean, scale, layers.',
    });
  const input = await rowsOf(release, 'input', objects);
  const layers = await rowsOf(release, 'layers', objects);
  const object = arrayOf(release, 'network').object;
  const contract: NetworkContract = {
    title: release.id,
    path: datasetRef(release),
    sha256: object,
    object,
    input: {
      name: String(layers[0].input),
      side: Number(input[0].side),
      mean: input.map(({ mean }) => Number(mean)),
      scale: input.map(({ scale }) => Number(scale)),
      turned: input[0].channel === 'B',
    },
    layers: [],
  };
  const names = layers.map(({ layer }) => String(layer));
  // SAFETY: add_data writes the bytes of a network as u1.
  const model = parseNpy(objects.get(object)).data as Uint8Array;
  return { ...contract, layers: await sizesOf(model, names, contract.input) };
}

const rowsOf = (release: DatasetRelease, name: string, objects: Workspace['objects']) =>
  readRows(objects.get(tableOf(release, name).object));

/** Sizes of layers, as the network itself says them of one grey image in its own process. */
async function sizesOf(
  model: Uint8Array,
  names: string[],
  input: NetworkContract['input'],
): Promise<NetworkContract['layers']> {
  const graph = new GraphBuilder();
  const images = graph.input('images', 'uint8', ['image', 'y', 'x', 3]);
  const planes = graph.node('Transpose', [graph.node('Cast', [images], { to: 1 })], { perm: [0, 3, 1, 2] });
  const named = addPart(graph, await partOfModel(model, names), input.name, planes);
  // Shapes of up to four axes each, as numbers; 0 behind the last.
  const shapes = names.map((name) => {
    const shape = graph.node('Cast', [graph.node('Shape', [named(name)])], { to: 1 });
    const padded = graph.node('Pad', [shape, graph.constant([0, 4], [2])]);
    return graph.node('Slice', [padded, graph.constant([0], [1]), graph.constant([4], [1])]);
  });
  const joined = graph.node('Concat', shapes, { axis: 0 });
  const row = graph.node('Reshape', [joined, graph.constant([1, 4 * names.length], [2])]);
  graph.output('responses', row, 'float', ['image', 4 * names.length]);
  const { side } = input;
  const grey = { data: new Uint8Array(side * side * 3).fill(128), count: 1, height: side, width: side };
  const { values } = await runApart(await graph.bytes('shapes'), grey, AbortSignal.timeout(600_000));
  return names.map((name, i) => {
    const [, channels, height, width] = values.subarray(4 * i, 4 * i + 4);
    if (height === 0 && channels > 0) return { name, channels, side: 0 };
    if (width > 0 && height === width) return { name, channels, side: height };
    const shape = [...values.subarray(4 * i, 4 * i + 4)].filter((size) => size > 0);
    throw new BregmaError('bad-input', `The layer ${name} gives [${shape.join(' × ')}].`, {
      next: 'Layers are [image × channel × y × x] with equal sides, or [image × feature]: name others.',
    });
  });
}
