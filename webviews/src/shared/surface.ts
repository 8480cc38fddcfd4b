import { type Ink, inkOf, onInkChange } from './ink.ts';

export interface Size {
  width: number;
  height: number;
}

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
  canvas.setAttribute('aria-label', options.label);
  parent.append(canvas);
  const ended = sized(
    parent,
    ({ width, height, ink }) => {
      const ratio = window.devicePixelRatio || 1;
      canvas.style.height = `${height}px`;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const context = canvas.getContext('2d')!;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      options.draw(context, { width, height }, ink);
    },
    options.height,
  );
  return { canvas, ...ended };
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
