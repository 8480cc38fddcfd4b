import { BregmaError } from '@bregma/core/errors';
import { type Block, type Network, openNetwork } from '@bregma/readers/onnx-engine';
import { addGradients } from './differentiate.ts';
import { GraphBuilder } from './graph.ts';
import { addPart, partOfModel } from './part-of-model.ts';
import { probeShapes } from './probe-shapes.ts';

/** Size of a stack of images [image × y × x × 3]. */
export interface StackSize {
  count: number;
  height: number;
  width: number;
}

/** Responses to images of any brightness, and what a change of each pixel does to a weighted sum of them. */
export interface ImageGradient {
  neurons: number;
  /**
   * images: [image × y × x × 3], 0–255. weights: [image × neuron]. Returns responses [image × neuron] and the gradient of
   * Σ weights · responses by pixel, in response units a grey level.
   */
  at(images: Float32Array, weights: Float32Array): Promise<{ responses: Float32Array; gradient: Float32Array }>;
  close(): Promise<void>;
}

/** Names of a twin's input and output, as all networks here have them. */
const [input, output] = ['images', 'responses'];

/**
 * A twin's network (`images` uint8 → `responses`) together with its gradient, for stacks of one size. Its images are read as numbers,
 * so that they may lie between two grey levels. Throws `bad-input` for a network with an operator that has no gradient here.
 */
export async function openImageGradient(
  model: Uint8Array,
  { count, height, width }: StackSize,
): Promise<ImageGradient> {
  const part = await partOfModel(model, [output]);
  const graph = new GraphBuilder();
  const size = [count, height, width, 3];
  const named = addPart(graph, part, input, graph.input(input, 'float', size));
  const responses = named(output);
  const grey: Block = { data: new Float32Array(count * height * width * 3).fill(128), shape: size };
  const shapes = await probeShapes(graph, { [input]: grey });
  const shape = shapes.get(responses);
  if (shape?.length !== 2 || shape[0] !== count)
    throw new BregmaError('corrupt', `The network gives responses [${shape}] to ${count} images.`);
  const neurons = shape[1];
  const weights = graph.input('weights', 'float', shape);
  const [gradient] = addGradients(graph, shapes, new Map([[responses, weights]]), [input]);
  graph.output('of', responses, 'float', shape);
  graph.output('gradient', gradient, 'float', size);
  const network: Network = await openNetwork(await graph.bytes('gradient by image'));
  return {
    neurons,
    async at(images, chosen) {
      const results = await network.run({
        [input]: { data: images, shape: size },
        weights: { data: chosen, shape },
      });
      // SAFETY: both outputs are declared float.
      return { responses: results.of.data as Float32Array, gradient: results.gradient.data as Float32Array };
    },
    close: () => network.close(),
  };
}
