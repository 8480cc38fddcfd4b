import { type Network, openNetwork } from '@bregma/readers/onnx-engine';
import { GraphBuilder } from '../onnx/graph.ts';

/** Standardised features of one band, C order [stimulus × channel × place]. */
export interface Placed {
  data: Float32Array;
  stimuli: number;
  channels: number;
  places: number;
}

/** Weights of the places in each window, [window × place]. */
export interface Windows {
  data: Float32Array;
  count: number;
}

let kernels: Promise<Network> | undefined;
let readouts: Promise<Network> | undefined;

/** The linear kernel of a band under each window, Σ over places of window · z zᵀ; [window × stimulus × stimulus]. */
export async function windowKernels(band: Placed, windows: Windows): Promise<Float32Array> {
  kernels ??= build('window kernels', (graph) => {
    const z = graph.input('z', 'float', ['n', 'c', 'p']);
    const w = graph.input('w', 'float', ['w', 'p']);
    const places = graph.node('Transpose', [z], { perm: [2, 0, 1] });
    const each = graph.node('MatMul', [places, graph.node('Transpose', [z], { perm: [2, 1, 0] })]);
    const flat = graph.node('Flatten', [each], { axis: 1 });
    graph.output('out', graph.node('MatMul', [w, flat]), 'float', ['w', 'nn']);
  });
  return run(await kernels, { z: tensorOf(band), w: { data: windows.data, shape: [windows.count, band.places] } });
}

/**
 * Weights of the band's features, [feature × neuron], of dual coefficients that belong to windows.
 * dual: [window × stimulus × neuron].
 */
export async function placedWeights(
  band: Placed,
  windows: Windows,
  dual: Float32Array,
  neurons: number,
): Promise<Float32Array> {
  readouts ??= build('placed weights', (graph) => {
    const z = graph.input('z', 'float', ['n', 'c', 'p']);
    const w = graph.input('w', 'float', ['w', 'p']);
    const d = graph.input('d', 'float', ['w', 'm']);
    const sizes = graph.node('Shape', [z]);
    const pick = (axis: number) =>
      graph.node('Slice', [sizes, graph.constant([axis], [1]), graph.constant([axis + 1], [1])]);
    const shape = graph.node('Concat', [pick(2), pick(0), graph.constant([-1], [1])], { axis: 0 });
    const summed = graph.node('MatMul', [graph.node('Transpose', [w], { perm: [1, 0] }), d]);
    const spread = graph.node('Reshape', [summed, shape]);
    const weights = graph.node('MatMul', [graph.node('Transpose', [z], { perm: [2, 1, 0] }), spread]);
    graph.output('out', graph.node('Transpose', [weights], { perm: [1, 0, 2] }), 'float', ['c', 'p', 'k']);
  });
  return run(await readouts, {
    z: tensorOf(band),
    w: { data: windows.data, shape: [windows.count, band.places] },
    d: { data: dual, shape: [windows.count, band.stimuli * neurons] },
  });
}

const tensorOf = ({ data, stimuli, channels, places }: Placed) => ({ data, shape: [stimuli, channels, places] });

async function build(name: string, add: (graph: GraphBuilder) => void): Promise<Network> {
  const graph = new GraphBuilder();
  add(graph);
  return openNetwork(await graph.bytes(name));
}

async function run(network: Network, inputs: Parameters<Network['run']>[0]): Promise<Float32Array> {
  const { out } = await network.run(inputs);
  // SAFETY: the output of both graphs is declared float.
  return out.data as Float32Array;
}
