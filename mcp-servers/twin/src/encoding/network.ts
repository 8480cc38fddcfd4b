import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { embeddedFolder } from '@bregma/core/embedded';
import { BregmaError } from '@bregma/core/errors';
import type { GraphBuilder, ModelPart } from '../onnx/graph.ts';
import { addPart, partOfModel } from '../onnx/part-of-model.ts';
import { type FeatureBand, grid } from './feature-band.ts';

/** A network for images, and what it wants to be shown. */
export interface NetworkContract {
  title: string;
  /** Below the embedded `datasets/` folder and below `BREGMA_MIRROR`. */
  path: string;
  sha256: string;
  /** Its input [image × 3 × side × side], red, green, blue: (value − mean) / scale of values 0–255. */
  input: { name: string; side: number; mean: number; scale: number };
  /** Outputs [image × channels × side × side], from the image inwards; sides are multiples of 7. */
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
export async function openBody({ title, path: file, sha256, layers }: NetworkContract): Promise<ModelPart> {
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
  return partOfModel(
    bytes,
    layers.map(({ name }) => name),
  );
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
  const scaled = graph.node('Div', [graph.node('Sub', [resized, graph.scalar(input.mean)]), graph.scalar(input.scale)]);
  const named = addPart(graph, body, input.name, scaled);
  return layers.map(({ name, channels, side }) => {
    const cell = side / grid;
    const map = named(name);
    const pooled =
      cell === 1 ? map : graph.node('AveragePool', [map], { kernel_shape: [cell, cell], strides: [cell, cell] });
    return {
      name: `${title} ${name}`,
      value: graph.node('Flatten', [pooled], { axis: 1 }),
      width: channels * grid ** 2,
      cells: grid ** 2,
    };
  });
}
