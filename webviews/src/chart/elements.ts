import type * as Plot from '@observablehq/plot';

/** Attributes of an SVG element. */
export type Attributes = Record<string, string | number>;

type Drawn = NonNullable<ReturnType<Plot.RenderFunction>>;

/** An element of the document that is drawn in: the page's, or the one that Plot was given. */
export function element(context: unknown, tag: string, attributes: Attributes): Drawn {
  // SAFETY: Plot hands the document on, and every document makes elements so.
  const { document } = context as { document: { createElementNS(space: string, tag: string): Drawn } };
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** From (along, value) to what SVG calls x and y. */
export interface Turn {
  point(along: number, value: number): string;
  line(along1: number, value1: number, along2: number, value2: number): Attributes;
  circle(along: number, value: number): Attributes;
}
const round = (value: number) => Math.round(value * 100) / 100;
export const upright: Turn = {
  point: (along, value) => `${round(along)},${round(value)}`,
  line: (x1, y1, x2, y2) => ({ x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2) }),
  circle: (along, value) => ({ cx: round(along), cy: round(value) }),
};
export const turned: Turn = {
  point: (along, value) => upright.point(value, along),
  line: (y1, x1, y2, x2) => upright.line(x1, y1, x2, y2),
  circle: (along, value) => upright.circle(value, along),
};
