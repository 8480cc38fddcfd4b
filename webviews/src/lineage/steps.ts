import type { Picture } from './graph.ts';
import type { Placed } from './layout.ts';

/** Where an arrow key leads. */
export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * Where an arrow key leads from a box: with the flow of the picture along an arrow to what it rests on, against it to what rests
 * on it (the nearest layer first, then the nearest beside), across it within the layer. undefined: nowhere.
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
  if (direction === onward || direction === back) {
    const next = arrows.flatMap(({ user, source }) =>
      direction === onward ? (user === id ? [source] : []) : source === id ? [user] : [],
    );
    return nearest(next, here);
  }
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
    const far = (other: string) => {
      const place = at.get(other) ?? { x: 0, y: 0, layer: 0 };
      return Math.abs(place.layer - from.layer) * 1e6 + Math.abs(beside(place) - beside(from));
    };
    return ids.sort((a, b) => far(a) - far(b))[0];
  }
}
