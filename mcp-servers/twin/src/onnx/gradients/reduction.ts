import { type Rule, type Rules, reshapedLike, type Tape } from './rule.ts';

/** A gradient of a reduced value, repeated over the axes that it was reduced over and divided by `divisor`. */
function spread(tape: Tape, g: string, name: string, kept: number[], divisor: number): string {
  const { graph, shapeOf } = tape;
  const shape = shapeOf(name);
  const flat = graph.node('Reshape', [g, graph.constant(kept, [kept.length])]);
  const wide = graph.node('Expand', [flat, graph.constant(shape, [shape.length])]);
  return divisor === 1 ? wide : graph.node('Mul', [wide, graph.scalar(1 / divisor)]);
}

/** ReduceSum or ReduceMean: axes are an input since opset 18, and an attribute before. */
const reduction =
  (mean: boolean): Rule =>
  (node, g, tape) => {
    const [x, axesInput] = node.input;
    const shape = tape.shapeOf(x);
    const given = node.ints('axes') ?? (axesInput ? tape.integersOf(axesInput) : undefined);
    if (axesInput && !given) return [undefined];
    if (!given?.length && node.int('noop_with_empty_axes', 0) === 1) return [g];
    const axes = new Set((given ?? [...shape.keys()]).map((axis) => (axis + shape.length) % shape.length));
    const kept = shape.map((size, axis) => (axes.has(axis) ? 1 : size));
    const count = [...axes].reduce((product, axis) => product * shape[axis], 1);
    return [spread(tape, g, x, kept, mean ? count : 1)];
  };

/** Operators that sum or average over axes. */
export const reductions: Rules = {
  ReduceSum: reduction(false),
  ReduceMean: reduction(true),
  GlobalAveragePool: ({ input: [x] }, g, tape) => {
    const [images, channels, ...places] = tape.shapeOf(x);
    const kept = [images, channels, ...places.map(() => 1)];
    return [
      spread(
        tape,
        g,
        x,
        kept,
        places.reduce((product, size) => product * size, 1),
      ),
    ];
  },
  // dx = y · (g − Σ g·y) along the axis.
  Softmax: (node, g, { graph, shapeOf }) => {
    const y = node.output;
    const axis = (node.int('axis', -1) + shapeOf(y).length) % shapeOf(y).length;
    const sum = graph.node('ReduceSum', [graph.node('Mul', [g, y]), graph.constant([axis], [1])], { keepdims: 1 });
    return [graph.node('Mul', [y, graph.node('Sub', [g, sum])])];
  },
  // Of statistics that were learned before: y = (x − mean) / √(variance + ε) · scale + shift, by channel.
  BatchNormalization: (node, g, tape) => {
    const { graph, shapeOf } = tape;
    const [x, scale, shift, mean, variance] = node.input;
    const rank = shapeOf(x).length;
    const channels = shapeOf(scale)[0];
    const column = (value: string) =>
      graph.node('Reshape', [value, graph.constant([1, channels, ...Array(rank - 2).fill(1)], [rank])]);
    const safe = graph.node('Add', [variance, graph.scalar(node.float('epsilon', 1e-5))]);
    const inverse = column(graph.node('Reciprocal', [graph.node('Sqrt', [safe])]));
    const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1);
    const perChannel = (value: string, name: string) =>
      reshapedLike(tape, graph.node('ReduceSum', [value, graph.constant(others, [rank - 1])], { keepdims: 0 }), name);
    const standard = () => graph.node('Mul', [graph.node('Sub', [x, column(mean)]), inverse]);
    return [
      graph.node('Mul', [g, graph.node('Mul', [column(scale), inverse])]),
      node.wants(1) ? perChannel(graph.node('Mul', [g, standard()]), scale) : undefined,
      node.wants(2) ? perChannel(g, shift) : undefined,
    ];
  },
};
