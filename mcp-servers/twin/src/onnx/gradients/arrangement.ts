import { type Rule, type Rules, reshapedLike, type Tape, unbroadcast } from './rule.ts';

const likeInput: Rule = ({ input: [x] }, g, tape) => [reshapedLike(tape, g, x)];

/** Operators that move numbers to other places, or repeat and blend them. */
export const arrangements: Rules = {
  Reshape: likeInput,
  Flatten: likeInput,
  Squeeze: likeInput,
  Unsqueeze: likeInput,
  Expand: ({ input: [x], output }, g, tape) => [unbroadcast(tape, g, tape.shapeOf(output), x)],
  Transpose: (node, g, { graph, shapeOf }) => {
    const order = node.ints('perm') ?? [...shapeOf(node.input[0]).keys()].reverse();
    return [graph.node('Transpose', [g], { perm: order.map((_, axis) => order.indexOf(axis)) })];
  },
  Concat: (node, g, { graph, shapeOf }) => {
    const axis = node.int('axis', 0);
    const rank = shapeOf(node.output).length;
    let at = 0;
    return node.input.map((name, i) => {
      const start = at;
      at += shapeOf(name)[(axis + rank) % rank];
      if (!node.wants(i)) return undefined;
      return graph.node('Slice', [g, ...[[start], [at], [axis]].map((numbers) => graph.constant(numbers, [1]))]);
    });
  },
  // Padding by less than nothing cuts off.
  Pad: (node, g, { graph }) => {
    if ((node.text('mode') ?? 'constant') !== 'constant') return [undefined];
    return [graph.node('Pad', [g, graph.node('Neg', [node.input[1]]), '', node.input[3] ?? ''])];
  },
  Slice: (node, g, tape) => {
    const pads = slicePads(node.input, tape);
    if (!pads) return [undefined];
    return [tape.graph.node('Pad', [g, tape.graph.constant(pads, [pads.length])])];
  },
  Resize: (node, g, tape) => [resizeBack(node, g, tape)],
};

/** What a slice of step 1 left out, before and after along each axis; undefined where it cannot be known. */
function slicePads([x, ...numbers]: string[], { shapeOf, integersOf }: Tape): number[] | undefined {
  const shape = shapeOf(x);
  const [starts, ends] = numbers.map(integersOf);
  const axes = numbers[2] ? integersOf(numbers[2]) : starts?.map((_, i) => i);
  const steps = numbers[3] ? integersOf(numbers[3]) : [];
  if (!starts || !ends || !axes || !steps || steps.some((step) => step !== 1)) return undefined;
  const before = shape.map(() => 0);
  const after = shape.map(() => 0);
  axes.forEach((named, i) => {
    const axis = (named + shape.length) % shape.length;
    const size = shape[axis];
    const place = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
    before[axis] = place(starts[i]);
    after[axis] = size - Math.max(place(ends[i]), before[axis]);
  });
  return [...before, ...after];
}

/**
 * Resizing is linear, and the same for rows and columns: y = A·x·Bᵀ. A is what the operator itself makes of the identity, so that
 * whatever it does about edges and blur is undone exactly: dx = Aᵀ·g·B.
 */
function resizeBack(node: Parameters<Rule>[0], g: string, { graph, shapeOf }: Tape): string | undefined {
  const mode = node.text('mode') ?? 'nearest';
  if (mode === 'cubic' && node.int('exclude_outside', 0) === 1) return undefined;
  const from = shapeOf(node.input[0]);
  const to = shapeOf(node.output);
  if (from.length !== 4 || from[0] !== to[0] || from[1] !== to[1]) return undefined;
  const attributes = {
    mode,
    antialias: node.int('antialias', 0),
    coordinate_transformation_mode: node.text('coordinate_transformation_mode') ?? 'half_pixel',
    nearest_mode: node.text('nearest_mode') ?? 'round_prefer_floor',
  };
  const matrix = (size: number, out: number) => {
    const eye = new Float32Array(size * size);
    for (let i = 0; i < size; i++) eye[i * size + i] = 1;
    return graph.node(
      'Resize',
      [graph.constant(eye, [1, 1, size, size]), '', '', graph.constant([1, 1, out, size], [4])],
      attributes,
    );
  };
  const rows = graph.node('Transpose', [matrix(from[2], to[2])], { perm: [0, 1, 3, 2] });
  return graph.node('MatMul', [graph.node('MatMul', [rows, g]), matrix(from[3], to[3])]);
}
