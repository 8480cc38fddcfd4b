import * as Plot from '@observablehq/plot';
import { h, plain } from './dom.ts';
import type { Figure } from './figure.tsx';
import type { Ink } from './ink.ts';
import { sized } from './surface.ts';

/** A point that the cursor can stand on. */
export interface PlotPoint {
  x: number | string | Date;
  y: number | string | Date | null;
  /** What is said when the cursor is on it. */
  text: string;
}

/** What makes a plot. */
export interface PlotParts {
  /** What a screen reader says of the whole drawing. */
  label: string;
  /** In the order in which the arrow keys walk. */
  points: PlotPoint[];
  height(width: number): number;
  options(ink: Ink, width: number): Plot.PlotOptions;
}

/** A plot on the page. */
export interface PlotDrawing {
  svg(): SVGSVGElement | undefined;
  dispose(): void;
}

/** A chart of Observable Plot that follows width and theme, is read point by point with arrow keys, and never by colour alone. */
export function drawPlot({ body, say }: Figure, { label, points, height, options }: PlotParts): PlotDrawing {
  let svg: (SVGSVGElement & Plot.Plot) | undefined;
  let at = -1;
  const ring = h('span', { class: 'plot-cursor', hidden: true });
  const place = h('div', {
    class: 'plot',
    tabindex: '0',
    role: 'group',
    'aria-label': `${plain(label, 300)} Arrow keys read the points.`,
  });
  body.append(place);
  const mark = () => {
    const point = points[at];
    const where = svg && point && position(svg, point);
    ring.hidden = !where;
    if (where) ring.style.transform = `translate(${where[0]}px, ${where[1]}px)`;
  };
  place.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (event.key === 'Escape') at = -1;
    else if (event.key === 'Home') at = 0;
    else if (event.key === 'End') at = points.length - 1;
    else if (step) at = Math.min(points.length - 1, Math.max(0, at + step));
    else return;
    event.preventDefault();
    say(points[at] ? `${points[at].text}  (${at + 1} of ${points.length})` : '');
    mark();
  });
  const drawing = sized(
    body,
    ({ width, height: tall, ink }) => {
      const drawn = Plot.plot({
        width,
        height: tall,
        marginTop: 24,
        marginLeft: 56,
        marginBottom: 42,
        ...options(ink, width),
        style: {
          background: 'transparent',
          color: ink.text,
          fontFamily: ink.font,
          fontSize: '12px',
          overflow: 'visible',
        },
      });
      // SAFETY: without title, legend or caption Plot returns the svg itself.
      svg = drawn as unknown as SVGSVGElement & Plot.Plot;
      // Plot names its groups for authors, not for readers: the drawing is one image with one name.
      for (const group of svg.querySelectorAll('[aria-label]')) group.removeAttribute('aria-label');
      svg.setAttribute('role', 'img');
      svg.setAttribute('aria-label', plain(label, 300));
      place.replaceChildren(svg, ring);
      mark();
    },
    height,
  );
  return { svg: () => svg, dispose: drawing.dispose };
}

function position(svg: SVGSVGElement & Plot.Plot, { x, y }: PlotPoint): [number, number] | undefined {
  const box = svg.getBoundingClientRect();
  const scale = box.width / (svg.viewBox.baseVal.width || box.width);
  const along = svg.scale('x')?.apply(x);
  const up = y === null ? undefined : svg.scale('y')?.apply(y);
  return Number.isFinite(along) ? [along * scale, (Number.isFinite(up) ? up : 24) * scale] : undefined;
}
