import type { Caption } from './caption.ts';
import { captionOf, headline } from './caption-view.ts';
import { h, plain } from './dom.ts';
import { csvOf, type PlainTable } from './format.ts';
import { pngOf, svgText } from './pictures.ts';
import { plainTable } from './plain-table.ts';
import type { ViewHost } from './view.ts';

export interface FigureParts {
  caption: Caption;
  host: ViewHost;
  /** The numbers behind the picture: shown instead of it, read by screen readers, copied as CSV. */
  table?: () => PlainTable;
  /** What is copied as CSV, where it is not `table`. */
  csv?: () => string;
  /** The picture as it is now, for copying. */
  picture?: () => SVGSVGElement | HTMLCanvasElement | undefined;
  /** Buttons and fields of the view itself. */
  tools?: HTMLElement[];
}

export interface Figure {
  /** Where the view draws. */
  body: HTMLElement;
  /** Says what is under the pointer or the keyboard's cursor: below the picture, and to screen readers. */
  say(text: string): void;
  /** How to read the picture: what whiskers, bands and signs are. */
  hint(text: string): void;
}

/** The frame around every picture: headline, tools, drawing, read-out, caption. */
export function figure(el: HTMLElement, { caption, host, table, csv, picture, tools = [] }: FigureParts): Figure {
  const body = h('div', { class: 'body' });
  const hints = h('p', { class: 'hint', hidden: true });
  const readout = h('p', { class: 'readout', role: 'status' });
  const copy = (format: 'png' | 'svg' | 'csv', data: string) =>
    host.send('copy', { format, name: plain(caption.title, 80), data });
  const button = (text: string, label: string, click: () => void) =>
    h('button', { class: 'quiet', type: 'button', title: label, 'aria-label': label, click }, text);
  const actions: HTMLElement[] = [];
  if (table) {
    let other: HTMLElement | undefined;
    const toggle = h('button', { class: 'quiet', type: 'button', 'aria-pressed': 'false' }, 'Table');
    toggle.addEventListener('click', () => {
      if (other) {
        other.remove();
        other = undefined;
      } else {
        other = plainTable(table(), caption.title);
        body.after(other);
      }
      body.hidden = other !== undefined;
      toggle.setAttribute('aria-pressed', String(other !== undefined));
    });
    actions.push(toggle);
  }
  if (picture) {
    actions.push(
      button('PNG', 'Copy as PNG', async () => {
        const now = picture();
        if (now) copy('png', await pngOf(now));
      }),
      button('SVG', 'Copy as SVG', () => {
        const now = picture();
        if (now) copy('svg', svgText(now));
      }),
    );
  }
  const asCsv = csv ?? (table && (() => csvOf(table())));
  if (asCsv) actions.push(button('CSV', 'Copy the numbers as CSV', () => copy('csv', asCsv())));
  el.replaceChildren(
    h(
      'header',
      { class: 'top' },
      headline(caption),
      h('div', { class: 'actions', role: 'group', 'aria-label': 'Copy and table' }, ...actions),
    ),
    ...(tools.length > 0 ? [h('div', { class: 'tools' }, ...tools)] : []),
    body,
    hints,
    readout,
    captionOf(caption, host),
  );
  return {
    body,
    hint(text) {
      hints.textContent = plain(text, 500);
      hints.hidden = text === '';
    },
    say(text) {
      readout.textContent = plain(text, 500);
    },
  };
}

/** Instead of a picture where there is nothing to draw. */
export function nothing(text: string): HTMLElement {
  return h('p', { class: 'nothing' }, text);
}
