import { type Engine, ownEngine } from '@bregma/readers/network-session';
import type { Block } from '@bregma/readers/onnx-engine';
import type { GraphBuilder } from './graph.ts';

/** Shapes of all values of a graph for inputs like these: those that ONNX Runtime gives them. Values are held at once. */
export async function probeShapes(
  graph: GraphBuilder,
  inputs: Record<string, Block>,
  engine: Engine = ownEngine,
): Promise<Map<string, number[]>> {
  const shapes = await engine.shapes(await graph.bytes('shapes', { showAll: true }), inputs);
  for (const [name, { shape }] of Object.entries(inputs)) shapes.set(name, shape);
  for (const { name, dims } of graph.part.initializers) shapes.set(name ?? '', (dims ?? []).map(Number));
  return shapes;
}
