import type { OperatorCall, Rules, Tape } from './rule.ts';

/** A window that moves over an image: [y, x] each; pads: before y, before x, after y, after x. */
interface Window {
  kernel: [number, number];
  strides: [number, number];
  dilations: [number, number];
  pads: [number, number, number, number];
}

/** Operators that move a window over images [image × channel × y × x]. */
export const convolutions: Rules = {
  Conv: (node, g, tape) => {
    const [x, weights, bias] = node.input;
    if (tape.shapeOf(x).length !== 4) return [undefined];
    const window = windowOf(node, tape, tape.shapeOf(weights).slice(2));
    const group = node.int('group', 1);
    const { graph } = tape;
    return [
      node.wants(0) ? moveBack(tape, g, weights, window, group, tape.shapeOf(x)) : undefined,
      node.wants(1) ? weightGradient(node, g, window, group, tape) : undefined,
      bias && node.wants(2) ? graph.node('ReduceSum', [g, graph.constant([0, 2, 3], [3])], { keepdims: 0 }) : undefined,
    ];
  },
  AveragePool: (node, g, tape) => {
    const [x] = node.input;
    if (tape.shapeOf(x).length !== 4 || node.int('ceil_mode', 0)) return [undefined];
    const window = windowOf(node, tape);
    const { graph } = tape;
    const [, channels] = tape.shapeOf(x);
    const [, , height, width] = tape.shapeOf(node.output);
    const shares = graph.constant(sharesOf(window, tape.shapeOf(x), [height, width], node), [1, 1, height, width]);
    const ones = graph.constant(new Float32Array(channels * window.kernel[0] * window.kernel[1]).fill(1), [
      channels,
      1,
      ...window.kernel,
    ]);
    return [moveBack(tape, graph.node('Mul', [g, shares]), ones, window, channels, tape.shapeOf(x))];
  },
  // Each place of a window is cut out by a kernel of one 1; the largest take the gradient, equal ones share it. Padding is none of them:
  // it is below every number, and the zero that is cut out of it is not.
  MaxPool: (node, g, tape) => {
    const [x] = node.input;
    if (tape.shapeOf(x).length !== 4 || node.int('ceil_mode', 0)) return [undefined];
    const window = windowOf(node, tape);
    const { graph } = tape;
    const [images, channels] = tape.shapeOf(x);
    const [, , height, width] = tape.shapeOf(node.output);
    const places = window.kernel[0] * window.kernel[1];
    const single = new Float32Array(channels * places * places);
    for (let row = 0; row < channels * places; row++) single[row * places + (row % places)] = 1;
    const cut = graph.constant(single, [channels * places, 1, ...window.kernel]);
    const attributes = { group: channels, strides: window.strides, dilations: window.dilations, pads: window.pads };
    const split = graph.constant([images, channels, places, height, width], [5]);
    const patches = graph.node('Reshape', [graph.node('Conv', [x, cut], attributes), split]);
    const over = graph.constant([2], [1]);
    const equal = graph.node('Equal', [patches, graph.node('Unsqueeze', [node.output, over])]);
    const inside = graph.constant(insideOf(window, tape.shapeOf(x), [height, width]), [1, 1, places, height, width]);
    const largest = graph.node('Mul', [graph.node('Cast', [equal], { to: 1 }), inside]);
    const count = graph.node('ReduceSum', [largest, over], { keepdims: 1 });
    const each = graph.node('Div', [graph.node('Mul', [largest, graph.node('Unsqueeze', [g, over])]), count]);
    const joined = graph.constant([images, channels * places, height, width], [4]);
    return [moveBack(tape, graph.node('Reshape', [each, joined]), cut, window, channels, tape.shapeOf(x))];
  },
};

/** Attributes of a window, with `auto_pad` worked out. */
function windowOf(node: OperatorCall, { shapeOf }: Tape, kernelShape = node.ints('kernel_shape') ?? []): Window {
  const pair = (numbers: number[] | undefined): [number, number] => [numbers?.[0] ?? 1, numbers?.[1] ?? 1];
  const kernel = pair(kernelShape);
  const strides = pair(node.ints('strides'));
  const dilations = pair(node.ints('dilations'));
  const auto = node.text('auto_pad') ?? 'NOTSET';
  const given = node.ints('pads') ?? [0, 0, 0, 0];
  if (!auto.startsWith('SAME')) return { kernel, strides, dilations, pads: [given[0], given[1], given[2], given[3]] };
  const [before, after] = [0, 1].reduce<[number[], number[]]>(
    ([first, last], axis) => {
      const size = shapeOf(node.input[0])[axis + 2];
      const out = shapeOf(node.output)[axis + 2];
      const all = Math.max(0, (out - 1) * strides[axis] + dilations[axis] * (kernel[axis] - 1) + 1 - size);
      const small = Math.floor(all / 2);
      const lower = auto === 'SAME_LOWER' ? all - small : small;
      return [
        [...first, lower],
        [...last, all - lower],
      ];
    },
    [[], []],
  );
  return { kernel, strides, dilations, pads: [before[0], before[1], after[0], after[1]] };
}

/** Sends a gradient back through a window's weights [out × in / group × y × x] to the image. */
function moveBack(
  { graph }: Tape,
  g: string,
  weights: string,
  { kernel, strides, dilations, pads }: Window,
  group: number,
  [, , height, width]: number[],
): string {
  // What the last window did not reach: the transposed window must give the whole image.
  const outputPadding = [height, width].map(
    (size, axis) => (size + pads[axis] + pads[axis + 2] - dilations[axis] * (kernel[axis] - 1) - 1) % strides[axis],
  );
  return graph.node('ConvTranspose', [g, weights], {
    group,
    strides,
    dilations,
    pads,
    kernel_shape: kernel,
    output_padding: outputPadding,
  });
}

/**
 * Gradient of weights [out × in / group × y × x]: the image, moved over the gradient. Images become the channels that are summed over,
 * strides become dilations and dilations strides.
 */
function weightGradient(
  node: OperatorCall,
  g: string,
  { kernel, strides, dilations, pads }: Window,
  group: number,
  { graph, shapeOf }: Tape,
): string {
  const [images, channels, height, width] = shapeOf(node.input[0]);
  const inner = channels / group;
  const numbers = (list: number[]) => graph.constant(list, [list.length]);
  const split = graph.node('Reshape', [node.input[0], numbers([images, group, inner, height, width])]);
  const turned = graph.node('Transpose', [split], { perm: [2, 1, 0, 3, 4] });
  const moved = graph.node('Reshape', [turned, numbers([inner, group * images, height, width])]);
  const windows = graph.node('Transpose', [g], { perm: [1, 0, 2, 3] });
  const found = graph.node('Conv', [moved, windows], { group, strides: dilations, dilations: strides, pads });
  // Pixels that no window reached make more places than the kernel has.
  const cut = graph.node('Slice', [found, numbers([0, 0]), numbers(kernel), numbers([2, 3])]);
  return graph.node('Transpose', [cut], { perm: [1, 0, 2, 3] });
}

/** 1 where a place of a window lies on the image, 0 on its padding: [place × y × x]. */
function insideOf({ kernel, strides, dilations, pads }: Window, x: number[], out: number[]): Float32Array {
  const on = (axis: number, place: number, i: number) => {
    const at = i * strides[axis] - pads[axis] + place * dilations[axis];
    return at >= 0 && at < x[axis + 2];
  };
  const [height, width] = out;
  return Float32Array.from({ length: kernel[0] * kernel[1] * height * width }, (_, at) => {
    const [place, row, column] = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
    return on(0, Math.floor(place / kernel[1]), row) && on(1, place % kernel[1], column) ? 1 : 0;
  });
}

/** One over the number of pixels that each average is of: padding counts only where `count_include_pad` says so. */
function sharesOf({ kernel, strides, dilations, pads }: Window, x: number[], out: number[], node: OperatorCall) {
  const counts = [0, 1].map((axis) =>
    Array.from({ length: out[axis] }, (_, i) => {
      if (node.int('count_include_pad', 0)) return kernel[axis];
      const start = i * strides[axis] - pads[axis];
      return Array.from({ length: kernel[axis] }, (_, k) => start + k * dilations[axis]).filter(
        (at) => at >= 0 && at < x[axis + 2],
      ).length;
    }),
  );
  return Float32Array.from(counts[0].flatMap((rows) => counts[1].map((columns) => 1 / (rows * columns))));
}
