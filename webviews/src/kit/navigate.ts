import type { Viewport } from './viewport.ts';

/** What is moved and zoomed, and where. */
export interface NavigateOptions {
  viewport(): Viewport;
  /** The drawing area within the element, px. */
  area(): { left: number; top: number; width: number; height: number };
  /** The view has changed. */
  changed(): void;
  /** Only along x. */
  alongX?: boolean;
  /** y grows downwards, as in a matrix. */
  downwards?: boolean;
  /** The pointer is over this place of the area, as parts; undefined when it has left. */
  hover?(place: { x: number; y: number } | undefined): void;
  /** Keys that are not for moving. Returns whether it took the key. */
  key?(event: KeyboardEvent): boolean;
}

export const navigationHint = 'Drag or arrow keys move, + and − or the wheel (after a click) zoom, 0 shows all.';

/** Pan and zoom by pointer, wheel and keyboard. The wheel zooms only where the element has the focus, so that pages still scroll. */
export function navigate(el: HTMLElement, options: NavigateOptions): void {
  const { viewport, area, changed, alongX, downwards, hover, key } = options;
  const place = (event: MouseEvent) => {
    const box = el.getBoundingClientRect();
    const { left, top, width, height } = area();
    const x = (event.clientX - box.left - left) / width;
    const y = (event.clientY - box.top - top) / height;
    return { x, y: downwards ? y : 1 - y };
  };
  const zoom = (factor: number, at = { x: 0.5, y: 0.5 }) => {
    if (alongX) {
      const { y } = viewport();
      viewport().zoom(factor, at.x, at.y);
      viewport().y = y;
    } else viewport().zoom(factor, at.x, at.y);
    changed();
  };
  const pan = (x: number, y: number) => {
    viewport().pan(x, alongX ? 0 : y);
    changed();
  };
  el.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && document.activeElement !== el) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), place(event));
    },
    { passive: false },
  );
  let last: { x: number; y: number } | undefined;
  el.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    el.setPointerCapture(event.pointerId);
    last = place(event);
  });
  el.addEventListener('pointermove', (event) => {
    const now = place(event);
    if (last && event.buttons === 1) {
      pan(last.x - now.x, last.y - now.y);
      last = now;
    } else hover?.(now.x >= 0 && now.x <= 1 && now.y >= 0 && now.y <= 1 ? now : undefined);
  });
  el.addEventListener('pointerup', () => {
    last = undefined;
  });
  el.addEventListener('pointerleave', () => hover?.(undefined));
  el.addEventListener('dblclick', (event) => zoom(2, place(event)));
  const down = downwards ? 0.1 : -0.1;
  const moves: Record<string, () => void> = {
    ArrowLeft: () => pan(-0.1, 0),
    ArrowRight: () => pan(0.1, 0),
    ArrowUp: () => pan(0, -down),
    ArrowDown: () => pan(0, down),
    '+': () => zoom(1.4),
    '=': () => zoom(1.4),
    '-': () => zoom(1 / 1.4),
    '0': () => {
      viewport().reset();
      changed();
    },
  };
  el.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!key?.(event)) {
      if (!moves[event.key]) return;
      moves[event.key]();
    }
    event.preventDefault();
  });
}
