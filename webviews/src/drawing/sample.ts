import { sampleCaption } from '../kit/sample-caption.ts';
import type { DrawingModel } from './model.ts';

/** A circle, dark on light and light on dark. */
export function sample(): DrawingModel {
  const circle = (fill: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80"><circle cx="60" cy="40" r="30" fill="${fill}"/></svg>`;
  return { ...sampleCaption('A drawing'), alt: 'One circle.', light: circle('#333'), dark: circle('#ccc') };
}
