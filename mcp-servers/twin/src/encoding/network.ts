import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { embeddedFolder } from '@bregma/core/embedded';
import { BregmaError } from '@bregma/core/errors';
import { parseNpy } from '@bregma/core/npy';
import type { ObjectStore } from '@bregma/core/objects/objects';
import type { GraphBuilder, ModelPart } from '../onnx/graph.ts';
import { addPart, partOfModel } from '../onnx/part-of-model.ts';
import { type FeatureBand, grid } from './feature-band.ts';

/** A network for images, and what it wants to be shown. */
export interface NetworkContract {
  title: string;
  /** Below the embedded `datasets/` folder and below `BREGMA_MIRROR`; of a network that a person added, `id@release`. */
  path: string;
  sha256: string;
  /** Present in a network that a person added: its bytes are this array of the store, and it runs in a process of its own. */
  object?: string;
  /**
   * Its input [image × 3 × side × side]: (value − mean) / scale of values 0–255. One number for all channels, or one each; `turned`: blue
   * comes first.
   */
  input: { name: string; side: number; mean: number | number[]; scale: number | number[]; turned?: boolean };
  /** Outputs [image × channels × side × side], or [image × channels] of side 0, from the image inwards. */
  layers: { name: string; channels: number; side: number }[];
}

/** As its SOURCE.md says: Tan & Le 2019, arXiv 1905.11946; input and blocks were compared with those of PyTorch. */
export const efficientNetLite0: NetworkContract = {
  title: 'EfficientNet-Lite0 (ImageNet)',
  path: 'network-efficientnet-lite0/efficientnet-lite0-blocks.onnx',
  sha256: '8d0a980e341997f759554dbdf2e1dfd840ef3055007aeb40fafc7b13bbcce797',
  input: { name: 'image', side: 224, mean: 127, scale: 128 },
  layers: [
    { name: 'block1', channels: 24, side: 56 },
    { name: 'block2', channels: 24, side: 56 },
    { name: 'block3', channels: 40, side: 28 },
    { name: 'block4', channels: 40, side: 28 },
    { name: 'block5', channels: 80, side: 14 },
    { name: 'block6', channels: 80, side: 14 },
    { name: 'block7', channels: 80, side: 14 },
    { name: 'block8', channels: 112, side: 14 },
    { name: 'block9', channels: 112, side: 14 },
    { name: 'block10', channels: 112, side: 14 },
    { name: 'block11', channels: 192, side: 7 },
    { name: 'block12', channels: 192, side: 7 },
    { name: 'block13', channels: 192, side: 7 },
    { name: 'block14', channels: 192, side: 7 },
  ],
};

/** Reads the part of a network that its layers need. Throws `missing` where it is not at hand, `corrupt` for other bytes. */
export async function openBody(
  { title, path: file, sha256, object, layers }: NetworkContract,
  objects?: Pick<ObjectStore, 'get'>,
): Promise<ModelPart> {
  const values = layers.map(({ name }) => name);
  if (object !== undefined) {
    if (!objects) throw new RangeError(`${title} lies in a store, which was not given.`);
    // SAFETY: add_data writes the bytes of a network as u1.
    return partOfModel(parseNpy(objects.get(object)).data as Uint8Array, values);
  }
  const folders = [embeddedFolder(), process.env.BREGMA_MIRROR].filter((folder) => folder !== undefined);
  const found = folders.map((folder) => path.join(folder, file)).find((one) => existsSync(one));
  if (!found)
    throw new BregmaError('missing', `${title} is not at hand: ${file} is neither embedded nor in the mirror.`, {
      next: `Set BREGMA_MIRROR to a folder that holds ${file} (it comes with the npm package and the repository), or use encoding-ridge.`,
    });
  const bytes = readFileSync(found);
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== sha256)
    throw new BregmaError('corrupt', `${found} has sha256 ${digest}; the network is pinned to ${sha256}.`, {
      next: 'Replace it by the file that its SOURCE.md names.',
    });
  return partOfModel(bytes, values);
}

/** Adds a network to a graph: each layer averaged over the cells of a 7 × 7 grid. planes: [image × 3 × y × x], 0–255. */
export function addNetwork(
  graph: GraphBuilder,
  planes: string,
  { title, input, layers }: NetworkContract,
  body: ModelPart,
): FeatureBand[] {
  const head = graph.node('Slice', [graph.node('Shape', [planes]), graph.constant([0], [1]), graph.constant([2], [1])]);
  const shape = graph.node('Concat', [head, graph.constant([input.side, input.side], [2])], { axis: 0 });
  const resized = graph.node('Resize', [planes, '', '', shape], {
    mode: 'linear',
    antialias: 1,
    coordinate_transformation_mode: 'half_pixel',
  });
  const ordered = input.turned ? turnedChannels(graph, resized) : resized;
  const perChannel = (values: number | number[]) =>
    Array.isArray(values) ? graph.constant(Float32Array.from(values), [1, 3, 1, 1]) : graph.scalar(values);
  const centred = graph.node('Sub', [ordered, perChannel(input.mean)]);
  const named = addPart(graph, body, input.name, graph.node('Div', [centred, perChannel(input.scale)]));
  return layers.map(({ name, channels, side }) => {
    const band = { name: `${title} ${name}`, width: channels, value: named(name) };
    if (side === 0) return band;
    const value = graph.node('Flatten', [onGrid(graph, named(name), side)], { axis: 1 });
    return { ...band, value, width: channels * grid ** 2, cells: grid ** 2 };
  });
}

/** Blue, green, red. */
function turnedChannels(graph: GraphBuilder, planes: string): string {
  const numbers = (value: number) => graph.constant([value], [1]);
  const channel = (i: number) => graph.node('Slice', [planes, numbers(i), numbers(i + 1), numbers(1)]);
  return graph.node('Concat', [2, 1, 0].map(channel), { axis: 1 });
}

/** A layer averaged over the cells of the grid; where its sides do not divide, a pixel counts to each cell by the part that lies there. */
function onGrid(graph: GraphBuilder, map: string, side: number): string {
  if (side === grid) return map;
  if (side % grid === 0)
    return graph.node('AveragePool', [map], {
      kernel_shape: [side / grid, side / grid],
      strides: [side / grid, side / grid],
    });
  const shares = new Float32Array(grid * side);
  for (let cell = 0; cell < grid; cell++)
    for (let at = 0; at < side; at++) {
      const [low, high] = [Math.max(at, (cell * side) / grid), Math.min(at + 1, ((cell + 1) * side) / grid)];
      shares[cell * side + at] = (Math.max(0, high - low) * grid) / side;
    }
  const rows = graph.constant(shares, [grid, side]);
  const columns = graph.node('Transpose', [rows], { perm: [1, 0] });
  return graph.node('MatMul', [graph.node('MatMul', [rows, map]), columns]);
}
