import { gated, type Rule, type Rules, type Tape, unbroadcast } from './rule.ts';

/** Below it the root of an energy is taken for 0, where the slope of a root has no end. */
const smallestRoot = 1e-12;

/** A rule of two inputs that broadcast: `first` and `second` give gradients in the shape of the output. */
function binary(
  first: (a: string, b: string, g: string, tape: Tape, y: string) => string,
  second: (a: string, b: string, g: string, tape: Tape, y: string) => string,
): Rule {
  return (node, g, tape) => {
    const [a, b] = node.input;
    const shape = tape.shapeOf(node.output);
    return [first, second].map((of, i) =>
      node.wants(i) ? unbroadcast(tape, of(a, b, g, tape, node.output), shape, node.input[i]) : undefined,
    );
  };
}

/** A rule of one input: `slope` is dy/dx of input and output. */
const unary =
  (slope: (x: string, y: string, tape: Tape) => string): Rule =>
  ({ input: [x], output: y }, g, tape) => [tape.graph.node('Mul', [g, slope(x, y, tape)])];

const zero = ({ graph }: Tape) => graph.scalar(0);
const minus = (tape: Tape, from: number, value: string) => tape.graph.node('Sub', [tape.graph.scalar(from), value]);

/** Operators that act on each number by itself, or on pairs of numbers. */
export const pointwise: Rules = {
  Identity: (_, g) => [g],
  Dropout: (_, g) => [g],
  // A cast between floats; one to whole numbers has no gradient and is not asked.
  Cast: (_, g) => [g],
  Add: binary(
    (_a, _b, g) => g,
    (_a, _b, g) => g,
  ),
  Sub: binary(
    (_a, _b, g) => g,
    (_a, _b, g, { graph }) => graph.node('Neg', [g]),
  ),
  Mul: binary(
    (_, b, g, { graph }) => graph.node('Mul', [g, b]),
    (a, _, g, { graph }) => graph.node('Mul', [g, a]),
  ),
  Div: binary(
    (_, b, g, { graph }) => graph.node('Div', [g, b]),
    (_, b, g, { graph }, y) => graph.node('Neg', [graph.node('Div', [graph.node('Mul', [g, y]), b])]),
  ),
  Pow: binary(
    (a, b, g, { graph }) => {
      const less = graph.node('Pow', [a, graph.node('Sub', [b, graph.scalar(1)])]);
      return graph.node('Mul', [g, graph.node('Mul', [b, less])]);
    },
    (a, _, g, { graph }, y) => graph.node('Mul', [g, graph.node('Mul', [y, graph.node('Log', [a])])]),
  ),
  Max: binary(
    (a, b, g, tape) => gated(tape, tape.graph.node('Greater', [a, b]), g),
    (a, b, g, tape) => gated(tape, tape.graph.node('GreaterOrEqual', [b, a]), g),
  ),
  Min: binary(
    (a, b, g, tape) => gated(tape, tape.graph.node('Less', [a, b]), g),
    (a, b, g, tape) => gated(tape, tape.graph.node('LessOrEqual', [b, a]), g),
  ),
  Neg: (_, g, { graph }) => [graph.node('Neg', [g])],
  Abs: unary((x, _, { graph }) => graph.node('Sign', [x])),
  Exp: unary((_, y) => y),
  Log: ({ input: [x] }, g, { graph }) => [graph.node('Div', [g, x])],
  Reciprocal: unary((_, y, { graph }) => graph.node('Neg', [graph.node('Mul', [y, y])])),
  Sqrt: ({ output: y }, g, { graph }) => {
    const twice = graph.node('Mul', [graph.node('Max', [y, graph.scalar(smallestRoot)]), graph.scalar(2)]);
    return [graph.node('Div', [g, twice])];
  },
  Erf: unary((x, _, { graph }) => {
    const bell = graph.node('Exp', [graph.node('Neg', [graph.node('Mul', [x, x])])]);
    return graph.node('Mul', [graph.scalar(2 / Math.sqrt(Math.PI)), bell]);
  }),
  Sigmoid: unary((_, y, tape) => tape.graph.node('Mul', [y, minus(tape, 1, y)])),
  Tanh: unary((_, y, tape) => minus(tape, 1, tape.graph.node('Mul', [y, y]))),
  Softplus: unary((x, _, { graph }) => graph.node('Sigmoid', [x])),
  Relu: ({ output: y }, g, tape) => [gated(tape, tape.graph.node('Greater', [y, zero(tape)]), g)],
  LeakyRelu: (node, g, tape) => {
    const { graph } = tape;
    const small = graph.node('Mul', [g, graph.scalar(node.float('alpha', 0.01))]);
    return [graph.node('Where', [graph.node('GreaterOrEqual', [node.input[0], zero(tape)]), g, small])];
  },
  Elu: (node, g, tape) => {
    const { graph } = tape;
    const below = graph.node('Add', [node.output, graph.scalar(node.float('alpha', 1))]);
    return [
      graph.node('Where', [graph.node('Greater', [node.input[0], zero(tape)]), g, graph.node('Mul', [g, below])]),
    ];
  },
  HardSigmoid: (node, g, tape) => {
    const { graph } = tape;
    const inside = graph.node('And', [
      graph.node('Greater', [node.output, zero(tape)]),
      graph.node('Less', [node.output, graph.scalar(1)]),
    ]);
    return [gated(tape, inside, graph.node('Mul', [g, graph.scalar(node.float('alpha', 0.2))]))];
  },
  Clip: ({ input: [x, low, high] }, g, tape) => {
    let out = g;
    if (low) out = gated(tape, tape.graph.node('GreaterOrEqual', [x, low]), out);
    if (high) out = gated(tape, tape.graph.node('LessOrEqual', [x, high]), out);
    return [out];
  },
};
