import { type Block, openNetwork } from '@bregma/readers/onnx-engine';
import type { GraphBuilder } from './graph.ts';

/** Shapes of all values of a graph for inputs like these: those that ONNX Runtime gives them. Values are held at once. */
export async function probeShapes(graph: GraphBuilder, inputs: Record<string, Block>): Promise<Map<string, number[]>> {
  const network = await openNetwork(await graph.bytes('shapes', { showAll: true }));
  try {
    const values = await network.run(inputs);
    const shapes = new Map(Object.entries(values).map(([name, { shape }]) => [name, shape] as const));
    for (const [name, { shape }] of Object.entries(inputs)) shapes.set(name, shape);
    for (const { name, dims } of graph.part.initializers) shapes.set(name ?? '', (dims ?? []).map(Number));
    return shapes;
  } finally {
    await network.close();
  }
}
