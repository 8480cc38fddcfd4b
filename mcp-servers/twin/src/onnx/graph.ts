import { loadProto } from '@bregma/readers/onnx-proto';
import type { onnx } from 'onnx-proto';

/** Element types of ONNX tensors (TensorProto.DataType). */
const elementTypes = { float: 1, uint8: 2, int64: 7, double: 11 } as const;
type ElementType = keyof typeof elementTypes;

/** What computes some values of a model: nodes in an order in which they can run, and their constants. */
export interface ModelPart {
  nodes: onnx.INodeProto[];
  initializers: onnx.ITensorProto[];
}

type Attribute = number | number[] | string | { float: number };
type Dimension = number | string;

/** Opset of every graph here; ONNX Runtime 1.30 runs it on all its providers. */
const opset = 18;

/** Collects nodes and constants of one ONNX graph and writes the model. Names are made in order, so equal graphs give equal bytes. */
export class GraphBuilder {
  private readonly nodes: onnx.INodeProto[] = [];
  private readonly initializers: onnx.ITensorProto[] = [];
  private readonly inputs: onnx.IValueInfoProto[] = [];
  private readonly outputs: onnx.IValueInfoProto[] = [];
  private count = 0;

  input(name: string, type: ElementType, shape: Dimension[]): string {
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name: string, value: string, type: ElementType, shape: Dimension[]): void {
    this.nodes.push({ opType: 'Identity', input: [value], output: [name] });
    this.outputs.push(valueInfo(name, type, shape));
  }

  /** A constant tensor, C order. */
  constant(data: Float32Array | Float64Array | number[], shape: number[]): string {
    const name = `c${this.count++}`;
    const [dataType, bytes] = Array.isArray(data)
      ? [elementTypes.int64, new Uint8Array(BigInt64Array.from(data, BigInt).buffer)]
      : [
          data instanceof Float32Array ? elementTypes.float : elementTypes.double,
          new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
        ];
    this.initializers.push({ name, dims: shape, dataType, rawData: bytes });
    return name;
  }

  /** A float32 number. */
  scalar(value: number): string {
    return this.constant(Float32Array.of(value), []);
  }

  /** Adds a node and gives the name of its output. */
  node(opType: string, input: string[], attributes: Record<string, Attribute> = {}): string {
    const output = `v${this.count++}`;
    this.nodes.push({
      opType,
      input,
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return output;
  }

  /** Takes over nodes and constants of another graph, under names that nothing here has. */
  splice(nodes: readonly onnx.INodeProto[], initializers: readonly onnx.ITensorProto[]): void {
    this.nodes.push(...nodes);
    this.initializers.push(...initializers);
  }

  /** What was collected so far, nodes in an order in which they can run. */
  get part(): ModelPart {
    return { nodes: [...this.nodes], initializers: [...this.initializers] };
  }

  /** showAll: every value is an output, besides those that were named. */
  async bytes(name: string, { showAll = false } = {}): Promise<Uint8Array> {
    const { onnx } = await loadProto();
    const shown = new Set(this.outputs.map((output) => output.name));
    const inner = this.nodes.flatMap(({ output }) => (output ?? []).filter((one) => one && !shown.has(one)));
    return onnx.ModelProto.encode({
      irVersion: 9,
      producerName: 'bregma',
      opsetImport: [{ domain: '', version: opset }],
      graph: {
        name,
        node: this.nodes,
        initializer: this.initializers,
        input: this.inputs,
        output: showAll ? [...this.outputs, ...inner.map((one) => ({ name: one }))] : this.outputs,
      },
    }).finish();
  }
}

function valueInfo(name: string, type: ElementType, shape: Dimension[]): onnx.IValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}

/** AttributeProto.AttributeType: FLOAT 1, INT 2, STRING 3, INTS 7. */
function attribute(name: string, value: Attribute): onnx.IAttributeProto {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
  if (Array.isArray(value)) return { name, type: 7, ints: value };
  return { name, type: 1, f: value.float };
}
