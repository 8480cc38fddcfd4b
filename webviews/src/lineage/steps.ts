import type { Picture } from './graph.ts';
import type { Placed } from './layout.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * Where an arrow key leads from a box: right along an arrow to what it rests on, left to what rests on it (the nearest
 * layer first, then the nearest in height), up and down within the layer. undefined: nowhere.
 */
export function stepFrom(
  id: string,
  direction: Direction,
  { boxes, arrows }: Picture,
  { at }: Placed,
): string | undefined {
  const here = at.get(id);
  if (!here) return boxes[0]?.id;
  if (direction === 'left' || direction === 'right') {
    const next = arrows.flatMap(({ user, source }) =>
      direction === 'right' ? (user === id ? [source] : []) : source === id ? [user] : [],
    );
    return nearest(next, here);
  }
  const down = direction === 'down';
  const beside = boxes
    .map((box) => box.id)
    .filter((other) => {
      const place = at.get(other);
      return place?.layer === here.layer && (down ? place.y > here.y : place.y < here.y);
    });
  return nearest(beside, here);

  function nearest(ids: string[], { y, layer }: { y: number; layer: number }): string | undefined {
    const far = (other: string) => {
      const place = at.get(other) ?? { y: 0, layer: 0 };
      return Math.abs(place.layer - layer) * 1e6 + Math.abs(place.y - y);
    };
    return ids.sort((a, b) => far(a) - far(b))[0];
  }
}
