import dagre from '@dagrejs/dagre';
import type { Picture } from './graph.ts';

export const boxWidth = 228;
export const boxHeight = 46;

/** Above this many boxes the order within a layer is found by two sweeps instead of by dagre, whose time grows faster. */
const mostForDagre = 160;

/** Whether things rest on what is to their right, or on what is below them. */
export type Flow = 'right' | 'down';

/** Where the boxes of a lineage stand, px. */
export interface Placed {
  flow: Flow;
  /** Top left corner of each box. */
  at: Map<string, { x: number; y: number; layer: number }>;
  width: number;
  height: number;
}

/** Places boxes in layers, users before what they rest on. Same picture, same places. A picture of many boxes flows right. */
export function layOut(picture: Picture, flow: Flow = 'right'): Placed {
  return picture.boxes.length <= mostForDagre ? byDagre(picture, flow) : bySweeps(picture);
}

function byDagre({ boxes, arrows }: Picture, flow: Flow): Placed {
  const graph = new dagre.graphlib.Graph({ multigraph: false });
  const down = flow === 'down';
  graph.setGraph({ rankdir: down ? 'TB' : 'LR', nodesep: 14, ranksep: down ? 30 : 44, marginx: 20, marginy: 20 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of boxes) graph.setNode(id, { width: boxWidth, height: boxHeight });
  for (const { user, source } of arrows) graph.setEdge(user, source);
  dagre.layout(graph);
  const depth = ({ x, y }: { x: number; y: number }) => Math.round(down ? y : x);
  const layers = [...new Set(boxes.map(({ id }) => depth(graph.node(id))))].sort((a, b) => a - b);
  const at = new Map(
    boxes.map(({ id }) => {
      const { x, y } = graph.node(id);
      return [id, { x: x - boxWidth / 2, y: y - boxHeight / 2, layer: layers.indexOf(depth({ x, y })) }];
    }),
  );
  const { width = 0, height = 0 } = graph.graph();
  return { flow, at, width, height };
}

/** Layers by the longest way from a box that nothing rests on; within a layer by the mean place of its neighbours. */
function bySweeps({ boxes, arrows }: Picture): Placed {
  const layer = layersOf(
    boxes.map(({ id }) => id),
    arrows,
  );
  const layers: string[][] = [];
  for (const { id } of boxes) {
    const depth = layer.get(id) ?? 0;
    layers[depth] ??= [];
    layers[depth].push(id);
  }
  const beside = new Map<string, string[]>(boxes.map(({ id }) => [id, []]));
  for (const { user, source } of arrows) {
    beside.get(user)?.push(source);
    beside.get(source)?.push(user);
  }
  const place = new Map(layers.flatMap((ids) => ids.map((id, i): [string, number] => [id, i])));
  for (const order of [layers, [...layers].reverse()]) {
    for (const ids of order) {
      const mean = new Map(
        ids.map((id) => {
          const near = beside.get(id) ?? [];
          const sum = near.reduce((total, other) => total + (place.get(other) ?? 0), 0);
          return [id, near.length > 0 ? sum / near.length : (place.get(id) ?? 0)];
        }),
      );
      ids.sort((a, b) => (mean.get(a) ?? 0) - (mean.get(b) ?? 0) || (a < b ? -1 : 1));
      for (const [i, id] of ids.entries()) place.set(id, i);
    }
  }
  const tallest = Math.max(1, ...layers.map((ids) => ids.length));
  const pitch = boxHeight + 14;
  const at = new Map(
    layers.flatMap((ids, depth) =>
      ids.map((id, i): [string, { x: number; y: number; layer: number }] => [
        id,
        { x: 20 + depth * (boxWidth + 64), y: 20 + (i + (tallest - ids.length) / 2) * pitch, layer: depth },
      ]),
    ),
  );
  return { flow: 'right', at, width: layers.length * (boxWidth + 64), height: tallest * pitch + 40 };
}

/** Arrows that close a circle do not count. */
function layersOf(ids: string[], arrows: Picture['arrows']): Map<string, number> {
  const sources = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { user, source } of arrows) sources.get(user)?.push(source);
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const forward: [string, string][] = [];
  for (const root of ids) {
    if (state.has(root)) continue;
    const stack: { id: string; next: number }[] = [{ id: root, next: 0 }];
    state.set(root, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const source = sources.get(top.id)?.[top.next++];
      if (source === undefined) {
        state.set(top.id, 'done');
        order.push(top.id);
        stack.pop();
      } else if (state.get(source) !== 'open') {
        forward.push([top.id, source]);
        if (!state.has(source)) {
          state.set(source, 'open');
          stack.push({ id: source, next: 0 });
        }
      }
    }
  }
  const layer = new Map<string, number>();
  const after = new Map<string, string[]>();
  for (const [user, source] of forward) after.set(user, [...(after.get(user) ?? []), source]);
  for (const id of order.reverse()) {
    const depth = layer.get(id) ?? 0;
    layer.set(id, depth);
    for (const source of after.get(id) ?? []) layer.set(source, Math.max(layer.get(source) ?? 0, depth + 1));
  }
  return layer;
}
