import { plain } from '@bregma/core/contracts/plain-text';
import * as Plot from '@observablehq/plot';
import type { Epoch } from './epoch.ts';
import type { Ink } from './ink.ts';

/** Shaded stretches of time with their names above. */
export function epochMarks(epochs: Epoch[] | undefined, ink: Ink): Plot.Markish[] {
  if (!epochs?.length) return [];
  return [
    Plot.rect(epochs, { x1: 'startMs', x2: 'endMs', fill: ink.text, fillOpacity: 0.07 }),
    Plot.text(epochs, {
      x: (epoch: Epoch) => (epoch.startMs + epoch.endMs) / 2,
      frameAnchor: 'top',
      dy: -12,
      text: (epoch: Epoch) => plain(epoch.label, 40),
      fill: ink.quiet,
    }),
  ];
}
