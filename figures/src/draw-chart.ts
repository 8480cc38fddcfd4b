import { brief } from '@bregma/core/contracts/plain-text';
import { BregmaError } from '@bregma/core/errors';
import { shown } from '@bregma/core/numbers';
import type { ChartModel, ChartSpec } from '@bregma/webviews/chart/model';
import { chartOptions } from '@bregma/webviews/chart/options';
import { heightOf } from '@bregma/webviews/chart/panels';
import { prepared } from '@bregma/webviews/chart/prepare';
import { categoriesOf, type Row, usable } from '@bregma/webviews/chart/rows';
import { counted } from '@bregma/webviews/kit/format';
import * as Plot from '@observablehq/plot';
import { DOMParser } from 'linkedom';
import { captionLines } from './caption-lines.ts';
import { fontFamily, inks, type Theme } from './inks.ts';
import { keyOf } from './key.ts';
import { covered, summed } from './summed.ts';
import { escaped, text } from './svg-text.ts';
import { wrapped } from './wrapped.ts';

/** A finished chart. */
export interface Drawn {
  svg: string;
  widthPx: number;
  heightPx: number;
  /** Rows that no mark could place, because a value is missing. */
  left: number;
  /** What a reader must know of what the marks leave out or put together, as sentences. */
  notes: string[];
}

/** How a chart is drawn. */
export interface DrawOptions {
  theme?: Theme;
  widthPx?: number;
  /** With its title above and what it rests on below, as a picture that travels alone. Default true. */
  captioned?: boolean;
}

/** Space left and right of the words, px. */
const edge = 16;

/**
 * A chart as one SVG that needs nothing else: title, chart, key of the colours, and what it rests on (n, kind, releases). words:
 * what it shows, for readers who do not see it. Throws `bad-input` when it names a column that no row has, or when no row has a
 * value in every channel.
 */
export function drawChart(
  model: ChartModel,
  words: string,
  { theme = 'light', widthPx = 760, captioned = true }: DrawOptions = {},
): Drawn {
  const { spec, rows } = prepared(model.spec, model.rows);
  const ink = inks[theme];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const { marks, left } = attempt(() => usable(spec, rows, columns));
  if (marks.every(({ mark, data }) => data.length === 0 && mark.mark !== 'rule'))
    throw new BregmaError(
      'bad-input',
      rows.length === 0
        ? 'There are no rows to draw.'
        : `None of ${counted(rows.length, 'rows')} has a value in every channel of a mark.`,
      { next: 'Look at the rows with query_data first.' },
    );
  const colours = categoriesOf(spec, rows);
  const onAxis =
    colours.kind === 'category' && spec.marks.every(({ x, y, colour }) => !colour || colour === x || colour === y);
  const key = colours.kind === 'none' || onAxis ? undefined : keyOf(colours, spec, rows, ink, widthPx - 2 * edge);
  const title = captioned ? wrapped(model.title, 90, 2) : [];
  const top = edge + title.length * 20 + (key ? key.heightPx + 8 : 0);
  const heightPx = Math.round(heightOf(spec, marks, widthPx - 12, 380));
  const chart = attempt(() => plot(chartOptions(spec, marks, colours, ink, widthPx - 12), widthPx - 12, heightPx));
  const notes = notesOf(spec, rows);
  const note = [...leftOut(spec, rows, left), ...notes];
  const below = (captioned ? captionLines(model, note) : note).flatMap((line) =>
    wrapped(line, Math.floor(widthPx / 6.2), 3),
  );
  const whole = top + heightPx + 10 + below.length * 15 + 8;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${whole}" viewBox="0 0 ${widthPx} ${whole}" role="img" font-family="${fontFamily}">`,
    `<title>${escaped(brief(model.title, 300))}</title><desc>${escaped(words)}</desc>`,
    `<rect width="${widthPx}" height="${whole}" fill="${ink.ground}"/>`,
    ...title.map((line, i) => text(line, edge, edge + 8 + i * 20, { fill: ink.text, size: 15, weight: 600 })),
    key ? `<g transform="translate(${edge},${edge + title.length * 20})">${key.svg}</g>` : '',
    `<g transform="translate(8,${top})" fill="${ink.text}" color="${ink.text}" font-size="12" text-anchor="middle">${chart}</g>`,
    ...below.map((line, i) => text(line, edge, top + heightPx + 18 + i * 15, { fill: ink.quiet, size: 11 })),
    '</svg>',
  ];
  return { svg: svg.join(''), widthPx, heightPx: whole, left, notes };
}

/** What marks put together or hide, as sentences. */
function notesOf(spec: ChartSpec, rows: Row[]): string[] {
  const [sums, hidden] = [summed(spec, rows), covered(spec, rows)];
  return [
    ...(hidden ? [`Up to ${counted(hidden, 'rows')} lie in one cell, which shows the last.`] : []),
    ...(sums ? [`Bars are sums of up to ${counted(sums, 'rows')}.`] : []),
  ];
}

/** How many rows were left out, and why. */
function leftOut({ x, y }: ChartSpec, rows: Row[], left: number): string[] {
  if (left === 0) return [];
  const logarithmic = x?.type === 'log' || y?.type === 'log';
  return [
    `${shown(left)} of ${counted(rows.length, 'rows')} not drawn: a value is not measured${logarithmic ? ', or not above zero' : ''}.`,
  ];
}

/** What Plot draws, without its frame. */
function plot(options: Plot.PlotOptions, width: number, height: number): string {
  const document = new DOMParser().parseFromString('<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml');
  const drawn = Plot.plot({
    marginTop: 28,
    marginBottom: 44,
    ...options,
    width,
    height,
    // SAFETY: linkedom's document has what Plot uses of one; its types are its own.
    document: document as never,
  });
  // SAFETY: an element; without title, legend or caption Plot gives the svg itself.
  const { outerHTML } = drawn as unknown as { outerHTML: string };
  return outerHTML
    .replace(/^<svg[^>]*>/, '')
    .replace(/<\/svg>$/, '')
    .replace(/<style>[\s\S]*?<\/style>/, '');
}

/** Runs `draw`; what it does not like in a specification is the caller's to mend. */
function attempt<T>(draw: () => T): T {
  try {
    return draw();
  } catch (error) {
    if (error instanceof BregmaError) throw error;
    throw new BregmaError('bad-input', `The chart cannot be drawn: ${error instanceof Error ? error.message : error}`, {
      next: 'A mark names columns: {"mark": "bar", "x": "kind", "y": "n"}.',
    });
  }
}
