import { makeRandom } from '@bregma/core/statistics/random';
import { openNetwork } from '@bregma/readers/onnx-engine';
import { describe, expect, test } from 'vitest';
import { addGradients, differentiable } from '../../../mcp-servers/twin/src/onnx/differentiate.ts';
import { GraphBuilder } from '../../../mcp-servers/twin/src/onnx/graph.ts';
import { probeShapes } from '../../../mcp-servers/twin/src/onnx/probe-shapes.ts';
import { runInDoubles } from '../../fixtures/onnx-in-doubles.ts';

/** A use of an operator: shapes of what it is differentiated by, and how it is written. */
interface Case {
  of: string;
  inputs: number[][];
  node(graph: GraphBuilder, inputs: string[]): string;
  /** Numbers that may come in; default −2 to 2. */
  range?: [number, number];
}

const ints = (graph: GraphBuilder, list: number[]) => graph.constant(list, [list.length]);
const op =
  (name: string, attributes: Parameters<GraphBuilder['node']>[2] = {}) =>
  (graph: GraphBuilder, inputs: string[]) =>
    graph.node(name, inputs, attributes);
const alone = (name: string, range?: [number, number], attributes = {}): Case => ({
  of: name,
  inputs: [[3, 4]],
  node: op(name, attributes),
  range,
});
const image = [2, 4, 7, 6];

const cases: Case[] = [
  ...[
    'Identity',
    'Dropout',
    'Neg',
    'Abs',
    'Exp',
    'Erf',
    'Sigmoid',
    'Tanh',
    'Softplus',
    'Relu',
    'Elu',
    'LeakyRelu',
    'HardSigmoid',
  ].map((name) => alone(name)),
  ...['Log', 'Sqrt', 'Reciprocal'].map((name) => alone(name, [0.3, 3])),
  alone('Cast', undefined, { to: 1 }),
  alone('Softmax', undefined, { axis: 0 }),
  ...['Add', 'Sub', 'Mul', 'Max', 'Min'].map((name) => ({
    of: name,
    inputs: [
      [2, 3, 4],
      [3, 1],
    ],
    node: op(name),
  })),
  {
    of: 'Add',
    inputs: [
      [1, 4],
      [3, 1],
    ],
    node: op('Add'),
  },
  { of: 'Mul', inputs: [[5]], node: (graph, [x]) => graph.node('Mul', [x, x]) },
  { of: 'Div', inputs: [[2, 3], [3]], node: op('Div'), range: [0.4, 2] },
  {
    of: 'Pow',
    inputs: [
      [2, 3],
      [1, 3],
    ],
    node: op('Pow'),
    range: [0.4, 2],
  },
  {
    of: 'Clip',
    inputs: [[4, 5]],
    node: (graph, [x]) => graph.node('Clip', [x, graph.scalar(-0.7), graph.scalar(0.9)]),
  },
  { of: 'Clip', inputs: [[4, 5]], node: (graph, [x]) => graph.node('Clip', [x, graph.scalar(-0.7)]) },
  {
    of: 'MatMul',
    inputs: [
      [2, 3],
      [3, 4],
    ],
    node: op('MatMul'),
  },
  {
    of: 'MatMul',
    inputs: [
      [5, 2, 3],
      [3, 4],
    ],
    node: op('MatMul'),
  },
  {
    of: 'MatMul',
    inputs: [
      [1, 2, 3],
      [4, 3, 2],
    ],
    node: op('MatMul'),
  },
  { of: 'Gemm', inputs: [[2, 3], [3, 4], [4]], node: op('Gemm', { alpha: { float: 0.5 }, beta: { float: 2 } }) },
  {
    of: 'Gemm',
    inputs: [
      [3, 2],
      [3, 4],
      [2, 1],
    ],
    node: op('Gemm', { transA: 1 }),
  },
  { of: 'Gemm', inputs: [[2, 3], [4, 3], [4]], node: op('Gemm', { transB: 1 }) },
  {
    of: 'Gemm',
    inputs: [
      [3, 2],
      [4, 3],
    ],
    node: op('Gemm', { transA: 1, transB: 1 }),
  },
  { of: 'Conv', inputs: [image, [6, 4, 3, 3], [6]], node: op('Conv') },
  { of: 'Conv', inputs: [image, [4, 1, 3, 3]], node: op('Conv', { group: 4, strides: [2, 2], pads: [1, 1, 1, 1] }) },
  { of: 'Conv', inputs: [image, [8, 2, 3, 2]], node: op('Conv', { group: 2, strides: [3, 2], pads: [0, 1, 2, 0] }) },
  { of: 'Conv', inputs: [image, [2, 4, 2, 2]], node: op('Conv', { dilations: [2, 3], pads: [1, 0, 1, 2] }) },
  { of: 'AveragePool', inputs: [image], node: op('AveragePool', { kernel_shape: [2, 3], strides: [2, 2] }) },
  {
    of: 'AveragePool',
    inputs: [image],
    node: op('AveragePool', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  },
  {
    of: 'AveragePool',
    inputs: [image],
    node: op('AveragePool', { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }),
  },
  { of: 'MaxPool', inputs: [image], node: op('MaxPool', { kernel_shape: [3, 3], strides: [2, 2] }) },
  { of: 'MaxPool', inputs: [image], node: op('MaxPool', { kernel_shape: [2, 2], strides: [2, 2] }) },
  {
    of: 'MaxPool',
    inputs: [image],
    node: op('MaxPool', { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 1, 1, 0] }),
  },
  { of: 'MaxPool', inputs: [image], node: op('MaxPool', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }) },
  // Below zero everywhere: what is cut out of the padding is larger than all, and must take nothing.
  {
    of: 'MaxPool',
    inputs: [image],
    node: op('MaxPool', { kernel_shape: [2, 3], strides: [2, 1], dilations: [2, 1], pads: [1, 1, 1, 1] }),
    range: [-3, -0.1],
  },
  { of: 'GlobalAveragePool', inputs: [image], node: op('GlobalAveragePool') },
  {
    of: 'BatchNormalization',
    inputs: [image, [4], [4]],
    node: (graph, inputs) => {
      const constant = (values: number[]) => graph.constant(Float32Array.from(values), [4]);
      return graph.node('BatchNormalization', [...inputs, constant([0.1, -0.2, 0, 1]), constant([0.5, 1, 2, 0.1])]);
    },
  },
  ...['ReduceSum', 'ReduceMean'].flatMap((name): Case[] => [
    {
      of: name,
      inputs: [[2, 3, 4]],
      node: (graph, [x]) => graph.node(name, [x, ints(graph, [0, -1])], { keepdims: 0 }),
    },
    { of: name, inputs: [[2, 3, 4]], node: (graph, [x]) => graph.node(name, [x, ints(graph, [1])]) },
    { of: name, inputs: [[2, 3]], node: op(name) },
  ]),
  { of: 'Reshape', inputs: [[2, 6]], node: (graph, [x]) => graph.node('Reshape', [x, ints(graph, [3, -1])]) },
  { of: 'Flatten', inputs: [[2, 3, 2]], node: op('Flatten') },
  { of: 'Squeeze', inputs: [[2, 1, 3]], node: (graph, [x]) => graph.node('Squeeze', [x, ints(graph, [1])]) },
  { of: 'Unsqueeze', inputs: [[2, 3]], node: (graph, [x]) => graph.node('Unsqueeze', [x, ints(graph, [0, 2])]) },
  { of: 'Transpose', inputs: [[2, 3, 4]], node: op('Transpose', { perm: [2, 0, 1] }) },
  { of: 'Transpose', inputs: [[2, 3, 4]], node: op('Transpose') },
  { of: 'Expand', inputs: [[3, 1]], node: (graph, [x]) => graph.node('Expand', [x, ints(graph, [2, 3, 4])]) },
  {
    of: 'Concat',
    inputs: [
      [2, 3],
      [2, 1],
      [2, 2],
    ],
    node: op('Concat', { axis: -1 }),
  },
  {
    of: 'Slice',
    inputs: [[4, 5]],
    node: (graph, [x]) => graph.node('Slice', [x, ints(graph, [1, -3]), ints(graph, [3, 99]), ints(graph, [0, 1])]),
  },
  { of: 'Pad', inputs: [[3, 4]], node: (graph, [x]) => graph.node('Pad', [x, ints(graph, [1, 0, -1, 2])]) },
];

/** Σ weight · output of a case as a graph, with its gradients. */
async function graphOf({ inputs, node }: Case, values: { data: Float64Array; shape: number[] }[]) {
  const graph = new GraphBuilder();
  const names = inputs.map((shape, i) => graph.input(`x${i}`, 'float', shape));
  const y = node(graph, names);
  const given = values.map(({ data, shape }) => ({ data: Float32Array.from(data), shape }));
  const feeds = Object.fromEntries(names.map((name, i) => [name, given[i]]));
  const shapes = await probeShapes(graph, feeds);
  const shape = shapes.get(y) ?? [];
  const random = makeRandom('weights of outputs');
  const weight = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
  const forward = graph.part;
  const gradients = addGradients(graph, shapes, new Map([[y, graph.constant(weight, shape)]]), names);
  gradients.forEach((name, i) => graph.output(`g${i}`, name, 'float', inputs[i]));
  return { graph, names, y, forward, gradients, weight, feeds };
}

/** Different numbers over the whole range, none of them at the corner of an operator. */
function valuesOf({ inputs, range: [low, high] = [-2, 2] }: Case, seed: string) {
  const random = makeRandom(seed);
  return inputs.map((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const data = Float64Array.from(random.permutation(size), (i) =>
      Math.fround(low + ((high - low) * (i + 0.37)) / size),
    );
    return { data, shape };
  });
}

describe('the gradient of each operator', () => {
  test.each(cases.map((one, i) => [`${one.of} (${i})`, one] as const))(
    '%s is that of finite differences',
    async (title, one) => {
      const values = valuesOf(one, title);
      const { graph, names, y, forward, gradients, weight, feeds } = await graphOf(one, values);
      const at = (moved: typeof values) =>
        runInDoubles(forward, Object.fromEntries(names.map((name, i) => [name, moved[i]])))
          .get(y)
          ?.data.reduce((sum, value, i) => sum + value * weight[i], 0) ?? Number.NaN;
      const inDoubles = runInDoubles(graph.part, Object.fromEntries(names.map((name, i) => [name, values[i]])));
      const network = await openNetwork(await graph.bytes('gradients'));
      const single = await network.run(feeds);
      await network.close();
      const random = makeRandom(`places of ${title}`);
      for (const [i, { data, shape }] of values.entries()) {
        const found = inDoubles.get(gradients[i]);
        expect(found?.shape).toEqual(shape);
        expect(single[`g${i}`].shape).toEqual(shape);
        for (const place of random.permutation(data.length).subarray(0, 12)) {
          const step = 1e-5;
          const moved = (by: number) =>
            at(
              values.map((value, k) =>
                k === i ? { ...value, data: value.data.map((x, j) => (j === place ? x + by : x)) } : value,
              ),
            );
          const expected = (moved(step) - moved(-step)) / (2 * step);
          const scale = 1 + Math.abs(expected);
          expect(Math.abs((found?.data[place] ?? Number.NaN) - expected) / scale).toBeLessThan(2e-7);
          expect(Math.abs(single[`g${i}`].data[place] - expected) / scale).toBeLessThan(2e-5);
        }
      }
    },
  );

  test('is tried for every operator that has one', () => {
    const elsewhere = ['Resize'];
    expect([...new Set([...cases.map((one) => one.of), ...elsewhere])].sort()).toEqual(differentiable);
  });

  test.each([
    ['enlarged', [9, 13], 'linear'],
    ['made smaller without aliases', [3, 2], 'linear'],
    ['enlarged by cubics', [10, 9], 'cubic'],
    ['repeated', [10, 12], 'nearest'],
  ])('an image that is %s sends back what its own resizing sends forth', async (_, size, mode) => {
    const one: Case = {
      of: 'Resize',
      inputs: [[2, 3, 5, 6]],
      node: (graph, [x]) =>
        graph.node('Resize', [x, '', '', ints(graph, [2, 3, ...size])], { mode, antialias: Number(mode === 'linear') }),
    };
    const values = valuesOf(one, mode);
    const { graph, y, weight, feeds } = await graphOf(one, values);
    graph.output('y', y, 'float', [2, 3, ...size]);
    const network = await openNetwork(await graph.bytes('resize'));
    const results = await network.run(feeds);
    await network.close();
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
    // ⟨A·x, w⟩ = ⟨x, Aᵀ·w⟩ for the random w whose product with the output was differentiated.
    expect(dot(results.g0.data, values[0].data)).toBeCloseTo(dot(results.y.data, weight), 4);
    const moved = {
      x0: { ...feeds.x0, data: Float32Array.from(feeds.x0.data, (value, i) => (i === 17 ? value + 1 : value)) },
    };
    const other = await openNetwork(await graph.bytes('resize'));
    const after = await other.run(moved);
    await other.close();
    expect(dot(after.y.data, weight) - dot(results.y.data, weight)).toBeCloseTo(results.g0.data[17], 4);
  });
});

test('what has no gradient is named, with what has', async () => {
  const one: Case = {
    of: 'TopK',
    inputs: [[2, 3]],
    node: (graph, [x]) => graph.node('CumSum', [x, graph.constant([1], [])]),
  };
  await expect(graphOf(one, valuesOf(one, 'none'))).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('CumSum'),
    next: expect.stringContaining('Conv'),
  });
});

test('a value that nothing depends on has gradient zero, and one that is used twice the sum', async () => {
  const one: Case = {
    of: 'Add',
    inputs: [[2, 2], [3]],
    node: (graph, [x]) => graph.node('Add', [graph.node('Mul', [x, x]), x]),
  };
  const values = valuesOf(one, 'unused');
  const { graph, feeds, weight } = await graphOf(one, values);
  const network = await openNetwork(await graph.bytes('unused'));
  const { g0, g1 } = await network.run(feeds);
  await network.close();
  expect(Array.from(g1.data)).toEqual([0, 0, 0]);
  g0.data.forEach((value, i) => expect(value).toBeCloseTo(weight[i] * (2 * values[0].data[i] + 1), 5));
});

test('padding takes no share of the gradient where the largest of a window is zero', async () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', [1, 1, 2, 2]);
  const y = graph.node('MaxPool', [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  const input = { data: Float32Array.of(0, -1, -2, -3), shape: [1, 1, 2, 2] };
  const shapes = await probeShapes(graph, { x: input });
  const [gradient] = addGradients(graph, shapes, new Map([[y, graph.constant(Float32Array.of(5), [1, 1, 1, 1])]]), [
    'x',
  ]);
  graph.output('gradient', gradient, 'float', [1, 1, 2, 2]);
  const network = await openNetwork(await graph.bytes('padded'));
  expect([...(await network.run({ x: input })).gradient.data]).toEqual([5, 0, 0, 0]);
  await network.close();
});
