import { BregmaError } from '@bregma/core/errors';
import type { onnx } from 'onnx-proto';
import { arrangements } from './gradients/arrangement.ts';
import { convolutions } from './gradients/convolution.ts';
import { pointwise } from './gradients/pointwise.ts';
import { products } from './gradients/products.ts';
import { reductions } from './gradients/reduction.ts';
import type { OperatorCall, Rules, Tape } from './gradients/rule.ts';
import type { GraphBuilder, ModelPart } from './graph.ts';

const rules: Rules = { ...pointwise, ...products, ...reductions, ...arrangements, ...convolutions };

/** Operators whose gradient is known. */
export const differentiable: readonly string[] = Object.keys(rules).sort();

/** Operators that give whole numbers, truth values or steps: nothing small that changes before them changes after them. */
const flat = new Set(
  'Shape Size ArgMax ArgMin Greater GreaterOrEqual Less LessOrEqual Equal Not And Or Sign Floor Ceil Round IsNaN NonZero ConstantOfShape'.split(
    ' ',
  ),
);

/**
 * Adds the gradients of a sum of values to the graph that computes them (reverse mode; Griewank & Walther 2008, Evaluating Derivatives,
 * §3.2): all that is added is operators of ONNX. shapes: of every value on the way. of: values, each with the name of its weight, a value
 * of its shape. Returns the names of the gradients of `inputs`, each of the shape of its input. Throws `bad-input` for an operator that
 * has no gradient here.
 */
export function addGradients(
  graph: GraphBuilder,
  shapes: ReadonlyMap<string, number[]>,
  of: ReadonlyMap<string, string>,
  inputs: readonly string[],
): string[] {
  const { part } = graph;
  const tape = tapeOf(graph, part, shapes);
  const moving = dependents(part, inputs);
  const found = new Map<string, string>(of);
  const add = (name: string, gradient: string) => {
    const before = found.get(name);
    found.set(name, before === undefined ? gradient : graph.node('Add', [before, gradient]));
  };
  for (const node of [...part.nodes].reverse()) {
    const [output = '', ...more] = node.output ?? [];
    const upstream = found.get(output);
    if (upstream === undefined || !moving.has(output)) continue;
    const rule = rules[node.opType ?? ''];
    if (!rule || node.domain || more.some((name) => found.has(name))) throw noGradient(node);
    const call = callOf(node, moving);
    const gradients = rule(call, upstream, tape);
    call.input.forEach((name, i) => {
      if (!call.wants(i)) return;
      const gradient = gradients[i];
      if (gradient === undefined) throw noGradient(node);
      add(name, gradient);
    });
  }
  return inputs.map((name) => {
    const gradient = found.get(name);
    if (gradient !== undefined) return gradient;
    const shape = tape.shapeOf(name);
    return graph.node('Expand', [graph.scalar(0), graph.constant(shape, [shape.length])]);
  });
}

function noGradient({ opType, domain }: onnx.INodeProto): BregmaError {
  const name = `${domain ? `${domain}.` : ''}${opType}`;
  return new BregmaError('bad-input', `The network uses ${name} in a way that has no gradient here.`, {
    next: `Images are made by gradient through ${differentiable.join(', ')}: name a layer before it, or export the network without it.`,
  });
}

/** Values that a change of `inputs` can change a little. */
function dependents({ nodes }: ModelPart, inputs: readonly string[]): Set<string> {
  const moving = new Set(inputs);
  for (const { opType, input, output } of nodes) {
    if (flat.has(opType ?? '') || !(input ?? []).some((name) => moving.has(name))) continue;
    for (const name of output ?? []) moving.add(name);
  }
  return moving;
}

function callOf(node: onnx.INodeProto, moving: ReadonlySet<string>): OperatorCall {
  const input = node.input ?? [];
  const attributes = new Map((node.attribute ?? []).map((one) => [one.name, one]));
  return {
    op: node.opType ?? '',
    input,
    output: node.output?.[0] ?? '',
    wants: (i) => moving.has(input[i]),
    int: (name, standard) => Number(attributes.get(name)?.i ?? standard),
    float: (name, standard) => attributes.get(name)?.f ?? standard,
    ints: (name) => attributes.get(name)?.ints?.map(Number),
    text: (name) => {
      const bytes = attributes.get(name)?.s;
      return bytes ? Buffer.from(bytes).toString('utf8') : undefined;
    },
  };
}

function tapeOf(graph: GraphBuilder, { nodes, initializers }: ModelPart, shapes: ReadonlyMap<string, number[]>): Tape {
  const constants = new Map<string, onnx.ITensorProto>(initializers.map((tensor) => [tensor.name ?? '', tensor]));
  for (const { opType, output, attribute } of nodes)
    if (opType === 'Constant' && output && attribute?.[0]?.t) constants.set(output[0], attribute[0].t);
  return {
    graph,
    shapeOf(name) {
      const shape = shapes.get(name) ?? constants.get(name)?.dims?.map(Number);
      if (!shape) throw new RangeError(`The shape of ${name} is not known.`);
      return shape;
    },
    integersOf: (name) => integersIn(constants.get(name)),
  };
}

/** TensorProto.DataType of whole numbers of 32 and 64 bits. */
const [int32, int64] = [6, 7];

/** The whole numbers of a constant; undefined for other types. */
function integersIn(tensor: onnx.ITensorProto | undefined): number[] | undefined {
  if (tensor?.dataType !== int32 && tensor?.dataType !== int64) return undefined;
  const { rawData, int64Data, int32Data } = tensor;
  if (!rawData?.length) return ((tensor.dataType === int64 ? int64Data : int32Data) ?? []).map(Number);
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  return tensor.dataType === int64
    ? Array.from({ length: rawData.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)))
    : Array.from({ length: rawData.length / 4 }, (_, i) => view.getInt32(4 * i, true));
}
