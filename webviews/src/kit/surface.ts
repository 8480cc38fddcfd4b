import { plain } from '@bregma/core/contracts/plain-text';
import type { Ink } from './ink.ts';
import { inkOf, onInkChange } from './ink-of.ts';

/** Width and height, CSS px. */
export interface Size {
  width: number;
  height: number;
}

/** A canvas as sharp as the screen, drawn again when its size or the theme changes. */
export interface Surface {
  canvas: HTMLCanvasElement;
  /** Draws again before the next frame; any number of calls draw once. */
  redraw(): void;
  dispose(): void;
}

/**
 * A canvas that fills the width of its parent, sharp on every screen, and is drawn again when its size or the theme changes.
 * label: what a screen reader says.
 */
export function surface(
  parent: HTMLElement,
  options: {
    label: string;
    height(width: number): number;
    draw(context: CanvasRenderingContext2D, size: Size, ink: Ink): void;
  },
): Surface {
  const canvas = document.createElement('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', plain(options.label, 300));
  parent.append(canvas);
  const ended = sized(
    parent,
    ({ width, height, ink }) => {
      const ratio = window.devicePixelRatio || 1;
      canvas.style.height = `${height}px`;
      fit(canvas, width * ratio, height * ratio);
      const context = canvas.getContext('2d')!;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      options.draw(context, { width, height }, ink);
    },
    options.height,
  );
  return { canvas, ...ended };
}

/** Gives a canvas so many pixels. Setting the same size again would clear it and cost a new buffer. */
export function fit(canvas: HTMLCanvasElement, width: number, height: number): void {
  const [w, h] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
}

/** Calls `draw` at once, and again when the width of the element or the theme changes. */
export function sized(
  el: HTMLElement,
  draw: (place: Size & { ink: Ink }) => void,
  heightOf: (width: number) => number,
): { redraw(): void; dispose(): void } {
  let waiting = 0;
  let width = 0;
  const now = () => {
    waiting = 0;
    width = Math.max(120, Math.floor(el.clientWidth));
    draw({ width, height: Math.round(heightOf(width)), ink: inkOf(el) });
  };
  const redraw = () => {
    waiting ||= requestAnimationFrame(now);
  };
  const resized = new ResizeObserver(() => {
    if (el.clientWidth > 0 && Math.floor(el.clientWidth) !== width) redraw();
  });
  const unlisten = onInkChange(redraw);
  now();
  resized.observe(el);
  return {
    redraw,
    dispose() {
      cancelAnimationFrame(waiting);
      resized.disconnect();
      unlisten();
    },
  };
}
