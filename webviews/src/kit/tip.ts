import type * as Plot from '@observablehq/plot';
import type { Ink } from './ink.ts';

/** The box that follows the pointer. */
export function tipOf(ink: Ink): Plot.TipOptions {
  return { fill: ink.raised, stroke: ink.line, lineHeight: 1.25, fontSize: 12 };
}
