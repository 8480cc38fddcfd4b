import { type Block, type Network, openNetwork } from '@bregma/readers/onnx-engine';
import { addGradients } from '../../onnx/differentiate.ts';
import { GraphBuilder } from '../../onnx/graph.ts';
import { probeShapes } from '../../onnx/probe-shapes.ts';
import { type Architecture, addCnn, type Weights } from './architecture.ts';
import { addResampling, type Light } from './prepare.ts';

const blocks = (weights: Weights): Record<string, Block> => Object.fromEntries(weights);

/** One step of training: images and targets in; loss, gradients and the statistics of the batch out. */
export interface Trainer {
  step(
    weights: Weights,
    batch: { images: Float32Array; targets: Float32Array; counted: Float32Array },
  ): Promise<{ loss: number; gradients: Map<string, Float32Array>; statistics: Map<string, Float32Array> }>;
  close(): Promise<void>;
}

/**
 * Opens the graph of a step: mean squared error over what was measured, forward and backward. targets: [image × neuron], standardised;
 * counted: 1 where a response was measured, else 0.
 */
export async function openTrainer(architecture: Architecture, first: Weights, count: number): Promise<Trainer> {
  const { side, neurons } = architecture;
  const graph = new GraphBuilder();
  const images = graph.input('images', 'float', [count, 3, side, side]);
  const targets = graph.input('targets', 'float', [count, neurons]);
  const counted = graph.input('counted', 'float', [count, neurons]);
  for (const [name, { shape }] of first) graph.input(name, 'float', shape);
  const { responses, statistics } = addCnn({ graph, weight: (name) => name }, images, architecture);
  const missed = graph.node('Mul', [graph.node('Sub', [responses, targets]), counted]);
  const total = graph.node('ReduceSum', [graph.node('Mul', [missed, missed])], { keepdims: 0 });
  const measured = graph.node('Max', [graph.node('ReduceSum', [counted], { keepdims: 0 }), graph.scalar(1)]);
  const loss = graph.node('Div', [total, measured]);
  const names = [...first.keys()];
  const zeros = (shape: number[]): Block => ({ data: new Float32Array(shape.reduce((a, b) => a * b, 1)), shape });
  const shapes = await probeShapes(graph, {
    images: zeros([count, 3, side, side]),
    targets: zeros([count, neurons]),
    counted: zeros([count, neurons]),
    ...blocks(first),
  });
  const gradients = addGradients(graph, shapes, new Map([[loss, graph.scalar(1)]]), names);
  graph.output('loss', loss, 'float', []);
  for (const [name, value] of statistics) graph.output(`batch ${name}`, value, 'float', shapes.get(value) ?? []);
  names.forEach((name, i) => graph.output(`slope ${name}`, gradients[i], 'float', first.get(name)?.shape ?? []));
  const network = await openNetwork(await graph.bytes('training step'));
  return {
    async step(weights, batch) {
      const found = await network.run({
        images: { data: batch.images, shape: [count, 3, side, side] },
        targets: { data: batch.targets, shape: [count, neurons] },
        counted: { data: batch.counted, shape: [count, neurons] },
        ...blocks(weights),
      });
      // SAFETY: all outputs are declared float.
      const numbers = (name: string) => found[name].data as Float32Array;
      return {
        loss: found.loss.data[0],
        gradients: new Map(names.map((name) => [name, numbers(`slope ${name}`)])),
        statistics: new Map([...statistics.keys()].map((name) => [name, numbers(`batch ${name}`)])),
      };
    },
    close: () => network.close(),
  };
}

/** A trained network, and what its numbers mean. */
export interface Trained {
  architecture: Architecture;
  light: Light;
  weights: Weights;
  statistics: Weights;
}

/** Opens a network for predictions: standardised images in, standardised responses out; weights and statistics may change. */
export async function openPredictor(architecture: Architecture, first: { weights: Weights; statistics: Weights }) {
  const { side, neurons } = architecture;
  const graph = new GraphBuilder();
  const images = graph.input('images', 'float', ['image', 3, side, side]);
  for (const [name, { shape }] of [...first.weights, ...first.statistics]) graph.input(name, 'float', shape);
  const itself = (name: string) => name;
  const { responses } = addCnn({ graph, weight: itself, statistic: itself }, images, architecture);
  graph.output('responses', responses, 'float', ['image', neurons]);
  const network: Network = await openNetwork(await graph.bytes('prediction'));
  return {
    async predict(weights: Weights, statistics: Weights, data: Float32Array): Promise<Float32Array> {
      const shape = [data.length / (3 * side ** 2), 3, side, side];
      const found = await network.run({ images: { data, shape }, ...blocks(weights), ...blocks(statistics) });
      // SAFETY: the output is declared float.
      return found.responses.data as Float32Array;
    },
    close: () => network.close(),
  };
}

/**
 * The twin as one network: `images` uint8 [image × y × x × 3] → `responses` float32 [image × neuron], the mean of its members in the unit
 * of the data. mean, sd: of each neuron's responses; NaN for a neuron that was not fitted, whose predictions are NaN.
 */
export async function exportCnn(members: Trained[], mean: Float64Array, sd: Float64Array): Promise<Uint8Array> {
  const graph = new GraphBuilder();
  const images = graph.input('images', 'uint8', ['image', 'y', 'x', 3]);
  const outputs = members.map((member) => {
    const { architecture, light, weights, statistics } = firstNeurons(member, mean.length);
    const planes = addResampling(graph, images, architecture.side);
    const column = (values: number[]) => graph.constant(Float32Array.from(values), [1, 3, 1, 1]);
    const standard = graph.node('Div', [graph.node('Sub', [planes, column(light.mean)]), column(light.sd)]);
    const constant = (from: Weights) => (name: string) => {
      const found = from.get(name);
      if (!found) throw new RangeError(`The network has no ${name}.`);
      return graph.constant(found.data, found.shape);
    };
    return addCnn({ graph, weight: constant(weights), statistic: constant(statistics) }, standard, architecture)
      .responses;
  });
  const sum = outputs.reduce((total, one) => graph.node('Add', [total, one]));
  const neurons = mean.length;
  const scale = graph.constant(
    Float32Array.from(sd, (one) => one / members.length),
    [neurons],
  );
  const scaled = graph.node('Mul', [sum, scale]);
  const responses = graph.node('Add', [scaled, graph.constant(Float32Array.from(mean), [neurons])]);
  graph.output('responses', responses, 'float', ['image', neurons]);
  return graph.bytes('convolutional twin');
}

/** What is of one neuron each, along its last axis. */
const perNeuron = new Set(['place.x', 'place.y', 'place.width', 'readout', 'bias']);

/** A network without the neurons behind the first `count`, which helped to shape it. */
function firstNeurons(trained: Trained, count: number): Trained {
  const { neurons } = trained.architecture;
  const weights: Weights = new Map(
    [...trained.weights].map(([name, { data, shape }]) =>
      perNeuron.has(name)
        ? [name, { data: data.filter((_, at) => at % neurons < count), shape: [...shape.slice(0, -1), count] }]
        : [name, { data, shape }],
    ),
  );
  return { ...trained, architecture: { ...trained.architecture, neurons: count }, weights };
}
