import { BregmaError } from '@bregma/core/errors';
import { loadProto } from '@bregma/readers/onnx-proto';
import type { onnx } from 'onnx-proto';
import type { GraphBuilder, ModelPart } from './graph.ts';

/** Operators of older opsets that mean the same in the opset of our graphs; any other would have to be rewritten. */
const unchanged = new Set(
  'Add AveragePool BatchNormalization Cast Clip Concat Constant ConstantOfShape Conv Div Flatten Gemm GlobalAveragePool Identity LeakyRelu MatMul MaxPool Mul Pad Relu Reshape Sigmoid Slice Sqrt Sub Tanh Transpose'.split(
    ' ',
  ),
);
/** Opset of our graphs. */
const opset = 18;
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
  refuseForeign(part, Number(decoded.opsetImport?.find(({ domain }) => !domain)?.version ?? 0));
  return part;
}

function refuseForeign({ nodes, initializers }: ModelPart, version: number): void {
  const outside = initializers.find(({ dataLocation }) => dataLocation === external);
  if (outside)
    throw new BregmaError('bad-input', `The weights of ${outside.name} lie in another file.`, {
      next: 'Save the network as one file, without external data.',
    });
  const odd = nodes.find(({ opType, domain }) => domain || (version !== opset && !unchanged.has(opType ?? '')));
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
