import type { Random } from '@bregma/core/statistics/random';
import type { GraphBuilder } from '../../onnx/graph.ts';
import type { CnnOptions } from './options.ts';

/** A convolution and its normalisation. */
interface Layer {
  name: string;
  from: number;
  to: number;
  kernel: number;
  stride: number;
  /** One filter a channel, then a mixture of channels (Chollet 2017, CVPR: Xception). */
  separable: boolean;
}

/** Sizes of a network: images [3 × side × side] → `neurons`. */
export interface Architecture {
  side: number;
  layers: Layer[];
  channels: number;
  /** Pixels along each side of the last layer. */
  places: number;
  neurons: number;
}

/** Weights by name. */
export type Weights = Map<string, { data: Float32Array; shape: number[] }>;

/** Added to a variance before its root. */
const epsilon = 1e-5;

/** The network of some options for images of `pixels` on their shorter side. */
export function architectureOf(
  { side: asked, filters, layers: count }: CnnOptions,
  pixels: number,
  neurons: number,
): Architecture {
  const side = Math.min(asked, pixels);
  const coarse = side >= 40;
  const layers: Layer[] = [
    { name: 'layer0', from: 3, to: filters, kernel: coarse ? 7 : 5, stride: coarse ? 2 : 1, separable: false },
  ];
  for (let i = 0; i < count; i++)
    layers.push({
      name: `layer${i + 1}`,
      from: i === 0 ? filters : 2 * filters,
      to: 2 * filters,
      kernel: i === 0 ? 5 : 3,
      stride: i === 0 ? 2 : 1,
      separable: true,
    });
  const places = layers.reduce((size, { stride }) => Math.ceil(size / stride), side);
  return { side, layers, channels: count > 0 ? 2 * filters : filters, places, neurons };
}

/** Weights before training: He et al. 2015 (ICCV) for convolutions; places in the middle, as wide as a third of the image. */
export function firstWeights({ layers, channels, neurons }: Architecture, random: Random): Weights {
  const weights: Weights = new Map();
  const add = (name: string, shape: number[], value: () => number) =>
    weights.set(name, {
      data: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, value),
      shape,
    });
  const drawn = (fanIn: number) => () => random.normal() * Math.sqrt(2 / fanIn);
  for (const { name, from, to, kernel, separable } of layers) {
    const area = kernel ** 2;
    if (separable) {
      add(`${name}.depth`, [from, 1, kernel, kernel], drawn(area));
      add(`${name}.mix`, [to, from, 1, 1], drawn(from));
    } else add(`${name}.filter`, [to, from, kernel, kernel], drawn(from * area));
    add(`${name}.gain`, [1, to, 1, 1], () => 1);
    add(`${name}.shift`, [1, to, 1, 1], () => 0);
  }
  add('place.x', [1, neurons], () => 0.1 * random.normal());
  add('place.y', [1, neurons], () => 0.1 * random.normal());
  add('place.width', [1, neurons], () => Math.log(0.35));
  add('readout', [channels, neurons], () => (0.3 * random.normal()) / Math.sqrt(channels));
  add('bias', [neurons], () => 0);
  return weights;
}

/** Running means and variances of the normalisations, before training. */
export function firstStatistics({ layers }: Architecture): Weights {
  return new Map(
    layers.flatMap(({ name, to }) => [
      [`${name}.mean`, { data: new Float32Array(to), shape: [1, to, 1, 1] }],
      [`${name}.variance`, { data: new Float32Array(to).fill(1), shape: [1, to, 1, 1] }],
    ]),
  );
}

/** Where the network is written, and what its weights and statistics are called there. statistics: of the batch when it is absent. */
export interface Written {
  graph: GraphBuilder;
  weight(name: string): string;
  statistic?(name: string): string;
}

/** Adds the network: images [image × 3 × side × side], standardised → responses [image × neuron], standardised, and batch statistics. */
export function addCnn(
  { graph, weight, statistic }: Written,
  images: string,
  { layers, places, channels }: Architecture,
): { responses: string; statistics: Map<string, string> } {
  const statistics = new Map<string, string>();
  let map = images;
  for (const { name, from, kernel, stride, separable } of layers) {
    const half = (kernel - 1) / 2;
    const window = { strides: [stride, stride], pads: [half, half, half, half] };
    if (separable) {
      map = graph.node('Conv', [map, weight(`${name}.depth`)], { ...window, group: from });
      map = graph.node('Conv', [map, weight(`${name}.mix`)]);
    } else map = graph.node('Conv', [map, weight(`${name}.filter`)], window);
    const average = (value: string) =>
      graph.node('ReduceMean', [value, graph.constant([0, 2, 3], [3])], { keepdims: 1 });
    const mean = statistic?.(`${name}.mean`) ?? average(map);
    const centred = graph.node('Sub', [map, mean]);
    const variance = statistic?.(`${name}.variance`) ?? average(graph.node('Mul', [centred, centred]));
    statistics.set(`${name}.mean`, mean);
    statistics.set(`${name}.variance`, variance);
    const spread = graph.node('Sqrt', [graph.node('Add', [variance, graph.scalar(epsilon)])]);
    const standard = graph.node('Mul', [graph.node('Div', [centred, spread]), weight(`${name}.gain`)]);
    map = graph.node('Elu', [graph.node('Add', [standard, weight(`${name}.shift`)])]);
  }
  const flat = graph.node('Reshape', [map, graph.constant([0, channels, places ** 2], [3])]);
  const seen = graph.node('MatMul', [flat, addPlaces({ graph, weight }, places)]);
  const read = graph.node('ReduceSum', [graph.node('Mul', [seen, weight('readout')]), graph.constant([1], [1])], {
    keepdims: 0,
  });
  return { responses: graph.node('Add', [read, weight('bias')]), statistics };
}

/** A Gaussian over places for each neuron [place × neuron], of sum 1 (as Lurz et al. 2021, ICLR); −1 to 1 from edge to edge. */
function addPlaces({ graph, weight }: Pick<Written, 'graph' | 'weight'>, places: number): string {
  const at = (along: 'x' | 'y') =>
    graph.constant(
      Float32Array.from({ length: places ** 2 }, (_, i) => {
        const step = along === 'x' ? i % places : Math.floor(i / places);
        return (2 * (step + 0.5)) / places - 1;
      }),
      [places ** 2, 1],
    );
  const away = (along: 'x' | 'y') => {
    const distance = graph.node('Sub', [at(along), weight(`place.${along}`)]);
    return graph.node('Mul', [distance, distance]);
  };
  const narrow = graph.node('Exp', [graph.node('Mul', [weight('place.width'), graph.scalar(-2)])]);
  const exponent = graph.node('Mul', [graph.node('Add', [away('x'), away('y')]), narrow]);
  const bump = graph.node('Exp', [graph.node('Mul', [exponent, graph.scalar(-0.5)])]);
  const sum = graph.node('ReduceSum', [bump, graph.constant([0], [1])], { keepdims: 1 });
  // Far outside the image a bump is nothing anywhere: its sum must not be divided by.
  return graph.node('Div', [bump, graph.node('Add', [sum, graph.scalar(1e-6)])]);
}
