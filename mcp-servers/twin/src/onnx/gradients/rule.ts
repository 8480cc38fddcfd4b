/**
 * How the gradient of one operator of ONNX is written as nodes of ONNX. A rule gets a node and the name of the gradient of its output,
 * and gives the name of the gradient of each input; undefined where that input has none:
 *
 * ```ts
 * Tanh: (node, g, { graph }) => {
 *   const square = graph.node('Mul', [node.output, node.output]);
 *   return [graph.node('Mul', [g, graph.node('Sub', [graph.scalar(1), square])])];
 * },
 * ```
 */
import type { GraphBuilder } from '../graph.ts';

/** A node with one output, and its attributes. */
export interface OperatorCall {
  op: string;
  /** Empty: an optional input that is not there. */
  input: string[];
  output: string;
  /** Whether the gradient of input i is asked for: weights that are constants have none. */
  wants(i: number): boolean;
  int(name: string, standard: number): number;
  float(name: string, standard: number): number;
  ints(name: string): number[] | undefined;
  text(name: string): string | undefined;
}

/** Where gradients are written, and what is known of the values there. */
export interface Tape {
  graph: GraphBuilder;
  /** Shape of a value of the forward pass. */
  shapeOf(name: string): number[];
  /** Whole numbers of a constant (axes, sizes); undefined where it is none. */
  integersOf(name: string): number[] | undefined;
}

/** One gradient an input. upstream: the gradient of the output. */
export type Rule = (node: OperatorCall, upstream: string, tape: Tape) => (string | undefined)[];

/** Rules by the operator's name. */
export type Rules = Readonly<Record<string, Rule>>;

/** Sums a gradient over the axes along which `name` was repeated by broadcasting. shape: of the gradient. */
export function unbroadcast({ graph, shapeOf }: Tape, gradient: string, shape: number[], name: string): string {
  const own = shapeOf(name);
  const missing = shape.length - own.length;
  const axes = shape.flatMap((size, axis) =>
    axis < missing || (own[axis - missing] === 1 && size !== 1) ? [axis] : [],
  );
  if (axes.length === 0) return gradient;
  const summed = graph.node('ReduceSum', [gradient, graph.constant(axes, [axes.length])], { keepdims: 1 });
  return missing === 0 ? summed : graph.node('Reshape', [summed, graph.constant(own, [own.length])]);
}

/** The gradient where the condition holds, 0 elsewhere. */
export const gated = ({ graph }: Tape, condition: string, gradient: string): string =>
  graph.node('Where', [condition, gradient, graph.scalar(0)]);

/** A value in the shape of another. */
export function reshapedLike({ graph, shapeOf }: Tape, value: string, name: string): string {
  const shape = shapeOf(name);
  return graph.node('Reshape', [value, graph.constant(shape, [shape.length])]);
}
