import { plain } from '@bregma/core/contracts/plain-text';
import * as Plot from '@observablehq/plot';
import { useRef } from 'preact/hooks';
import type { Ink } from './ink.ts';
import { Reached } from './painting.tsx';
import { sized } from './surface.ts';

/** A point that the cursor can stand on. */
export interface PlotPoint {
  x: number | string | Date;
  y: number | string | Date | null;
  /** What is said when the cursor is on it. */
  text: string;
}

/** A drawn chart. */
export type PlotSvg = SVGSVGElement & Plot.Plot;

/** What makes a plot. */
export interface PlotParts {
  /** What a screen reader says of the whole drawing. */
  label: string;
  /** In the order in which the arrow keys walk. */
  points: PlotPoint[];
  height(width: number): number;
  options(ink: Ink, width: number): Plot.PlotOptions;
  say(text: string): void;
  /** Holds the chart as it is now, for copying. */
  drawn: { current: PlotSvg | null };
}

/** A chart of Observable Plot that follows width and theme, is read point by point with arrow keys, and never by colour alone. */
export function PlotDrawing({ label, points, height, options, say, drawn }: PlotParts) {
  /** The point under the cursor, -1: none. */
  const at = useRef(-1);
  const paint = (place: HTMLElement) => {
    const ring = document.createElement('span');
    ring.className = 'plot-cursor';
    const mark = () => {
      const point = points[at.current];
      const where = drawn.current && point && position(drawn.current, point);
      ring.hidden = !where;
      if (where) ring.style.transform = `translate(${where[0]}px, ${where[1]}px)`;
    };
    const onKey = (event: KeyboardEvent) => {
      const next = stepTo(event.key, at.current, points.length);
      if (next === undefined) return;
      at.current = next;
      event.preventDefault();
      say(points[next] ? `${points[next].text}  (${next + 1} of ${points.length})` : '');
      mark();
    };
    place.addEventListener('keydown', onKey);
    const drawing = sized(
      place,
      ({ width, height: tall, ink }) => {
        drawn.current = chart({ width, height: tall, ...options(ink, width) }, ink, label);
        place.replaceChildren(drawn.current, ring);
        mark();
      },
      height,
    );
    return drawing.dispose;
  };
  return <Reached class="plot" label={`${plain(label, 300)} Arrow keys read the points.`} paint={paint} />;
}

/** Where a key leads the cursor; -1: to no point, undefined: it leads nowhere. */
function stepTo(key: string, at: number, count: number): number | undefined {
  if (key === 'Escape') return -1;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[key];
  return step && Math.min(count - 1, Math.max(0, at + step));
}

function chart(options: Plot.PlotOptions, ink: Ink, label: string): PlotSvg {
  const drawn = Plot.plot({
    marginTop: 24,
    marginLeft: 56,
    marginBottom: 42,
    ...options,
    style: { background: 'transparent', color: ink.text, fontFamily: ink.font, fontSize: '12px', overflow: 'visible' },
  });
  // SAFETY: without title, legend or caption Plot returns the svg itself.
  const svg = drawn as unknown as PlotSvg;
  // Plot names its groups for authors, not for readers: the drawing is one image with one name.
  for (const group of svg.querySelectorAll('[aria-label]')) group.removeAttribute('aria-label');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', plain(label, 300));
  return svg;
}

function position(svg: PlotSvg, { x, y }: PlotPoint): [number, number] | undefined {
  const box = svg.getBoundingClientRect();
  const scale = box.width / (svg.viewBox.baseVal.width || box.width);
  const along = svg.scale('x')?.apply(x);
  const up = y === null ? undefined : svg.scale('y')?.apply(y);
  return Number.isFinite(along) ? [along * scale, (Number.isFinite(up) ? up : 24) * scale] : undefined;
}
