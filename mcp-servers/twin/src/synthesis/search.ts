import { type Engine, ownEngine } from '@bregma/readers/network-session';
import { addGradients } from '../onnx/differentiate.ts';
import { GraphBuilder } from '../onnx/graph.ts';
import { addPart, partOfModel } from '../onnx/part-of-model.ts';
import { probeShapes } from '../onnx/probe-shapes.ts';
import { cosines, frequenciesOf, type ImageLimits } from './limits.ts';

/** Adds what is to become large: one value an image, of the responses [image × neuron] of each twin and of weights [image × neuron]. */
export type Objective = (graph: GraphBuilder, responses: string[], weights: string) => string;

/** Images as coefficients, what they are worth, and how that changes with each coefficient. */
export interface Search {
  /** Coefficients [image × 3 × y × x] → worth of each image, its gradient, and the images [image × y × x × 3] before rounding. */
  at(
    coefficients: Float32Array,
    weights: Float32Array,
  ): Promise<{ worth: Float32Array; gradient: Float32Array; images: Float32Array }>;
  close(): Promise<void>;
}

/** Joins cosines, range, the twins and an objective to one graph, with its gradient. engine: where it runs. Throws `bad-input` where it has none. */
export async function openSearch(
  models: Uint8Array[],
  limits: ImageLimits,
  [count, neurons]: [number, number],
  objective: Objective,
  engine: Engine = ownEngine,
): Promise<Search> {
  const { height, width, mean } = limits;
  const [rows, columns] = frequenciesOf(limits);
  const shape = [count, 3, rows, columns];
  const graph = new GraphBuilder();
  const coefficients = graph.input('coefficients', 'float', shape);
  const vertical = graph.node('Transpose', [graph.constant(cosines(height, rows), [rows, height])], { perm: [1, 0] });
  const horizontal = graph.constant(cosines(width, columns), [columns, width]);
  const waves = graph.node('MatMul', [graph.node('MatMul', [vertical, coefficients]), horizontal]);
  const planes = graph.node('Clip', [
    graph.node('Add', [waves, graph.scalar(mean)]),
    graph.scalar(0),
    graph.scalar(255),
  ]);
  const images = graph.node('Transpose', [planes], { perm: [0, 2, 3, 1] });
  const responses: string[] = [];
  for (const [i, model] of models.entries())
    responses.push(addPart(graph, await partOfModel(model, ['responses']), 'images', images, `twin${i}`)('responses'));
  const weights = graph.input('weights', 'float', [count, neurons]);
  const worth = objective(graph, responses, weights);
  const nothing = {
    coefficients: { data: new Float32Array(count * 3 * rows * columns), shape },
    weights: { data: new Float32Array(count * neurons), shape: [count, neurons] },
  };
  const shapes = await probeShapes(graph, nothing, engine);
  const ones = graph.constant(new Float32Array(count).fill(1), [count]);
  const [gradient] = addGradients(graph, shapes, new Map([[worth, ones]]), [coefficients]);
  graph.output('worth', worth, 'float', [count]);
  graph.output('gradient', gradient, 'float', shape);
  graph.output('images', images, 'float', [count, height, width, 3]);
  const network = await engine.open(await graph.bytes('search'));
  return {
    async at(data, weighing) {
      const found = await network.run({
        coefficients: { data, shape },
        weights: { data: weighing, shape: [count, neurons] },
      });
      // SAFETY: all outputs are declared float.
      const [value, slope, pixels] = ['worth', 'gradient', 'images'].map((name) => found[name].data as Float32Array);
      return { worth: value, gradient: slope, images: pixels };
    },
    close: () => network.close(),
  };
}

/** The weighted sum of the first twin's responses. */
export const weighted: Objective = (graph, [responses], weights) =>
  graph.node('ReduceSum', [graph.node('Mul', [responses, weights]), graph.constant([1], [1])], { keepdims: 0 });

/**
 * How far two twins are apart for some neurons: mean over neurons of 1 − exp(−d² / 8), d in standard deviations of a trial: one minus the
 * Bhattacharyya coefficient of two Gaussians (Bhattacharyya 1943), which no single neuron can make large without end. The weights are the
 * share of each neuron; variance: one a neuron.
 */
export const apart =
  (variance: ArrayLike<number>): Objective =>
  (graph, [first, second], weights) => {
    // A neuron whose scatter is not known has no share.
    const inverse = Float32Array.from(variance, (one) => (one > 0 ? -1 / (8 * one) : 0));
    const difference = graph.node('Sub', [first, second]);
    const squared = graph.node('Mul', [difference, difference]);
    const overlap = graph.node('Exp', [graph.node('Mul', [squared, graph.constant(inverse, [inverse.length])])]);
    const told = graph.node('Mul', [graph.node('Sub', [graph.scalar(1), overlap]), weights]);
    return graph.node('ReduceSum', [told, graph.constant([1], [1])], { keepdims: 0 });
  };
