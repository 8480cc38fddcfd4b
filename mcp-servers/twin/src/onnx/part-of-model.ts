import { BregmaError } from '@bregma/core/errors';
import { loadProto } from '@bregma/readers/onnx-proto';
import type { onnx } from 'onnx-proto';
import type { GraphBuilder, ModelPart } from './graph.ts';

/** Operators that mean the same in every opset up to that of our graphs. */
const unchanged = new Set(
  'Add AveragePool BatchNormalization Cast Clip Concat Constant ConstantOfShape Conv ConvTranspose Div Elu Exp Flatten Gemm GlobalAveragePool GlobalMaxPool HardSigmoid Identity LeakyRelu Log MatMul MaxPool Mul Neg Pad Pow PRelu Reciprocal Relu Reshape Shape Sigmoid Slice Softplus Sqrt Sub Tanh Transpose Abs Erf Expand Gather Where Equal Greater Less Max Min Sum Sign Floor Ceil And Not Or'.split(
    ' ',
  ),
);
/** Operators that mean the same from opset 13 on. */
const since13 = new Set(
  'Squeeze Unsqueeze Softmax ReduceSum Dropout LayerNormalization HardSwish ReduceMean Resize Mean GreaterOrEqual LessOrEqual'.split(
    ' ',
  ),
);
/** Opset of our graphs. */
const opset = 18;
/** TensorProto.DataType */
const int64 = 7;
/** TensorProto.DataLocation */
const external = 1;

/**
 * The nodes and constants of `model` that `outputs` need. Throws `corrupt` when it is no ONNX model, and `bad-input` when its
 * weights lie in other files or it has operators whose meaning changed since its opset.
 */
export async function partOfModel(model: Uint8Array, outputs: readonly string[]): Promise<ModelPart> {
  const { onnx } = await loadProto();
  let decoded: onnx.ModelProto;
  try {
    decoded = onnx.ModelProto.decode(model);
  } catch (error) {
    throw new BregmaError('corrupt', `This is no ONNX model: ${error instanceof Error ? error.message : error}.`);
  }
  const nodes = decoded.graph?.node ?? [];
  const makers = new Map(nodes.flatMap((node) => (node.output ?? []).map((name) => [name, node] as const)));
  const needed = new Set<string>();
  const kept = new Set<onnx.INodeProto>();
  const open = [...outputs];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    const maker = makers.get(name);
    if (!maker) continue;
    kept.add(maker);
    open.push(...(maker.input ?? []).filter(Boolean));
  }
  const part = {
    nodes: nodes.filter((node) => kept.has(node)),
    initializers: (decoded.graph?.initializer ?? []).filter(({ name }) => needed.has(name ?? '')),
  };
  meansOverAxes(part);
  refuseForeign(part, Number(decoded.opsetImport?.find(({ domain }) => !domain)?.version ?? 0));
  return part;
}

/** Means over axes that are an attribute, as before opset 18, get them as an input. */
function meansOverAxes(part: ModelPart): void {
  part.nodes = part.nodes.map((node) => {
    const axes = node.attribute?.find(({ name }) => name === 'axes')?.ints?.map(Number);
    if (node.opType !== 'ReduceMean' || !axes || (node.input?.length ?? 0) > 1) return node;
    const name = `axes of ${node.output?.[0]}`;
    const rawData = new Uint8Array(BigInt64Array.from(axes, BigInt).buffer);
    part.initializers.push({ name, dims: [axes.length], dataType: int64, rawData });
    return {
      ...node,
      input: [...(node.input ?? []), name],
      attribute: node.attribute?.filter((one) => one.name !== 'axes'),
    };
  });
}

function refuseForeign({ nodes, initializers }: ModelPart, version: number): void {
  const outside = initializers.find(({ dataLocation }) => dataLocation === external);
  if (outside)
    throw new BregmaError('bad-input', `The weights of ${outside.name} lie in another file.`, {
      next: 'Save the network as one file, without external data.',
    });
  const known = (name: string) => unchanged.has(name) || (version >= 13 && version <= opset && since13.has(name));
  const odd = nodes.find(({ opType, domain }) => domain || (version !== opset && !known(opType ?? '')));
  if (odd)
    throw new BregmaError(
      'bad-input',
      `The operator ${odd.domain ? `${odd.domain}.` : ''}${odd.opType} (opset ${version}) is not known here.`,
      { next: `Export the network with opset ${opset} and standard operators.` },
    );
}

/** Adds a part to a graph: its input `input` is `value` there. Returns what its values are called in the graph. prefix: one a part. */
export function addPart(
  graph: GraphBuilder,
  { nodes, initializers }: ModelPart,
  input: string,
  value: string,
  prefix = 'net',
): (name: string) => string {
  const named = (name: string) => (name === input ? value : name && `${prefix}/${name}`);
  graph.splice(
    nodes.map((node) => ({ ...node, input: (node.input ?? []).map(named), output: (node.output ?? []).map(named) })),
    initializers.map((tensor) => ({ ...tensor, name: named(tensor.name ?? '') })),
  );
  return named;
}
