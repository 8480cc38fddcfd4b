import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { loadProto, type onnx } from '@bregma/readers/onnx-proto';
import { refuseForeign } from '@bregma/readers/refuse-foreign';
import type { FormatKit } from '../../formats/format.ts';
import { readRegular } from '../regular-file.ts';

/** A network as one file, and what is known of it without running it. */
export interface ReadModel {
  name: string;
  /** Weights that lay in other files are in it. */
  bytes: Uint8Array;
  /** Inputs that are no weights, with their sizes; a word is a size that may change. */
  inputs: { name: string; sizes: (number | string)[] }[];
  /** Names of all values, in the order in which they are computed, with the operator that makes each. */
  values: Map<string, string>;
  files: string[];
  notes: string[];
}

/** Largest file of a network, and of weights beside it. */
const largest = 500_000_000;
/** Most nodes of a network. */
const mostNodes = 20_000;
/** TensorProto.DataLocation */
const [inside, external] = [0, 1];

/** Reads an ONNX file, with weights that lie beside it. Throws `corrupt`, `bad-input` or `too-large`, naming the file. */
export async function readModel(file: string, kit: FormatKit): Promise<ReadModel> {
  const name = path.basename(file);
  const bytes = readRegular(file, largest);
  const { onnx } = await loadProto();
  let model: onnx.ModelProto;
  try {
    model = onnx.ModelProto.decode(bytes);
  } catch (error) {
    throw new BregmaError('corrupt', `${name} is no ONNX network: ${error instanceof Error ? error.message : error}.`, {
      next: 'Export it again, as ONNX with opset 18.',
    });
  }
  const graph = model.graph;
  const nodes = graph?.node ?? [];
  if (!graph || nodes.length === 0)
    throw new BregmaError('corrupt', `${name} is no ONNX network: it has no graph.`, {
      next: 'Export it again, as ONNX with opset 18.',
    });
  if (nodes.length > mostNodes)
    throw new BregmaError('too-large', `${name} has ${nodes.length} nodes; ${mostNodes} are read.`, {
      next: 'Simplify it, or cut it behind the last layer that you need.',
    });
  const { files, moved } = bringIn(file, graph.initializer ?? [], kit);
  const whole = moved > 0 ? onnx.ModelProto.encode(model).finish() : bytes;
  await refuseForeign(whole);
  const weights = new Set((graph.initializer ?? []).map((tensor) => tensor.name));
  return {
    name,
    bytes: whole,
    inputs: (graph.input ?? []).filter((one) => !weights.has(one.name)).map(inputOf),
    values: new Map(
      nodes.flatMap(({ opType, output }) => (output ?? []).map((value) => [value, opType ?? ''] as const)),
    ),
    files: [file, ...files],
    notes:
      moved > 0
        ? [
            `${moved} weights lay in ${files.map((one) => path.basename(one)).join(', ')}: they are kept in the network.`,
          ]
        : [],
  };
}

function inputOf({ name, type }: onnx.IValueInfoProto): ReadModel['inputs'][number] {
  const sizes = (type?.tensorType?.shape?.dim ?? []).map(({ dimValue, dimParam }) => {
    const size = Number(dimValue ?? 0);
    return size > 0 ? size : dimParam || 'any';
  });
  return { name: name ?? '', sizes };
}

/** Puts weights that lie in files beside a network into it. */
function bringIn(file: string, tensors: onnx.ITensorProto[], kit: FormatKit): { files: string[]; moved: number } {
  const opened = new Map<string, Buffer>();
  let moved = 0;
  for (const tensor of tensors) {
    if (tensor.dataLocation !== external) continue;
    const said = new Map((tensor.externalData ?? []).map(({ key, value }) => [key, value ?? '']));
    const place = besideNetwork(file, said.get('location') ?? '', kit);
    const bytes = opened.get(place) ?? readRegular(place, largest);
    opened.set(place, bytes);
    const start = Number(said.get('offset') ?? 0);
    const length = said.has('length') ? Number(said.get('length')) : bytes.length - start;
    if (
      !(
        Number.isSafeInteger(start) &&
        Number.isSafeInteger(length) &&
        start >= 0 &&
        length >= 0 &&
        start + length <= bytes.length
      )
    )
      throw new BregmaError(
        'corrupt',
        `${path.basename(file)}: the weights ${tensor.name} lie at ${start} to ${start + length} of ${path.basename(place)}, which has ${bytes.length} bytes.`,
        { next: 'Bring both files of one export.' },
      );
    tensor.rawData = bytes.subarray(start, start + length);
    tensor.dataLocation = inside;
    tensor.externalData = [];
    moved++;
  }
  return { files: [...opened.keys()], moved };
}

/** A file that a network names, in its own folder or below, where the reading policy lets it through. */
function besideNetwork(file: string, named: string, kit: FormatKit): string {
  const folder = path.dirname(file);
  const place = path.resolve(folder, named);
  const below = path.relative(folder, place);
  if (named === '' || path.isAbsolute(named) || below.startsWith('..') || path.isAbsolute(below))
    throw new BregmaError(
      'not-allowed',
      `${path.basename(file)} keeps weights in '${named.slice(0, 200)}', outside its own folder: they are not read.`,
      { next: 'Put the file of weights beside the network, or save it as one file without external data.' },
    );
  return kit.resolve(place);
}
