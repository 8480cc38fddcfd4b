import type { Picture } from './graph.ts';
import type { Placed } from './layout.ts';

/** Where an arrow key leads. */
export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * Where an arrow key leads from a box: with the flow of the picture along an arrow to what it rests on, against it to what rests
 * on it, across it within the layer. Of several the nearest layer, in it a thing before a call, so that the way from a claim does
 * not hang on where boxes found room, and then the nearest beside. An arrow that closes a circle leads nowhere. undefined: nowhere.
 */
export function stepFrom(
  id: string,
  direction: Direction,
  { boxes, arrows }: Pick<Picture, 'boxes' | 'arrows'>,
  { at, flow }: Pick<Placed, 'at' | 'flow'>,
): string | undefined {
  const here = at.get(id);
  if (!here) return boxes[0]?.id;
  const [onward, back, after] =
    flow === 'right' ? (['right', 'left', 'down'] as const) : (['down', 'up', 'right'] as const);
  /** Place across the flow. */
  const beside = ({ x, y }: { x: number; y: number }) => (flow === 'right' ? y : x);
  const layerOf = (other: string) => at.get(other)?.layer ?? here.layer;
  if (direction === onward)
    return nearest(
      arrows.flatMap(({ user, source }) => (user === id && layerOf(source) > here.layer ? [source] : [])),
      here,
    );
  if (direction === back)
    return nearest(
      arrows.flatMap(({ user, source }) => (source === id && layerOf(user) < here.layer ? [user] : [])),
      here,
    );
  const inLayer = boxes
    .map((box) => box.id)
    .filter((other) => {
      const place = at.get(other);
      if (place?.layer !== here.layer) return false;
      return direction === after ? beside(place) > beside(here) : beside(place) < beside(here);
    });
  // Where the picture flows down, right and left go on with the flow at the end of a layer: a person need not know how it flows.
  if (inLayer.length === 0 && flow === 'down')
    return stepFrom(id, direction === after ? 'down' : 'up', { boxes, arrows }, { at, flow });
  return nearest(inLayer, here);

  function nearest(ids: string[], from: { x: number; y: number; layer: number }): string | undefined {
    const calls = new Set(boxes.filter(({ kind }) => kind === 'activity').map((box) => box.id));
    const far = (other: string) => {
      const place = at.get(other) ?? from;
      const aside = direction === onward || direction === back ? Number(calls.has(other)) : 0;
      return [Math.abs(place.layer - from.layer), aside, Math.abs(beside(place) - beside(from))];
    };
    return ids
      .map((other) => ({ other, far: far(other) }))
      .sort((a, b) => a.far[0] - b.far[0] || a.far[1] - b.far[1] || a.far[2] - b.far[2])[0]?.other;
  }
}
