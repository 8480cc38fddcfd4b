import type { Picture } from './graph.ts';

/**
 * Box → its layer, from 0: the longest way to it from a box that nothing rests on, so that users stand before what they rest on.
 * Arrows that close a circle do not count.
 */
export function layersOf({ boxes, arrows }: Pick<Picture, 'boxes' | 'arrows'>): Map<string, number> {
  const { order, onward } = withoutCircles(
    boxes.map(({ id }) => id),
    arrows,
  );
  const layer = new Map(order.map((id) => [id, 0]));
  for (const id of order) {
    const next = (layer.get(id) ?? 0) + 1;
    for (const source of onward.get(id) ?? []) layer.set(source, Math.max(layer.get(source) ?? 0, next));
  }
  return layer;
}

/** Boxes in an order in which users come before sources, and box → sources without the arrows that close a circle. */
function withoutCircles(ids: string[], arrows: Picture['arrows']): { order: string[]; onward: Map<string, string[]> } {
  const sources = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { user, source } of arrows) if (sources.has(source)) sources.get(user)?.push(source);
  const onward = new Map<string, string[]>(ids.map((id) => [id, []]));
  const state = new Map<string, 'open' | 'done'>();
  const done: string[] = [];
  for (const root of ids) {
    if (state.has(root)) continue;
    // A stack of its own: a long way would be too deep for calls.
    const stack = [{ id: root, next: 0 }];
    state.set(root, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const source = sources.get(top.id)?.[top.next++];
      if (source === undefined) {
        state.set(top.id, 'done');
        done.push(top.id);
        stack.pop();
      } else if (state.get(source) !== 'open') {
        onward.get(top.id)?.push(source);
        if (!state.has(source)) stack.push({ id: source, next: 0 });
        if (!state.has(source)) state.set(source, 'open');
      }
    }
  }
  return { order: done.reverse(), onward };
}
