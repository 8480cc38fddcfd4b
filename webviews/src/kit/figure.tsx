import { type Ref, render } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Caption } from './caption.ts';
import { Headline, Sources } from './caption-view.tsx';
import { elementOf } from './component.tsx';
import { plain } from './dom.ts';
import { csvOf, type PlainTable } from './format.ts';
import { pngOf, svgText } from './pictures.ts';
import { Numbers } from './plain-table.tsx';
import type { ViewHost } from './view.ts';

/** What makes a figure: its caption, and the numbers and picture that can be taken away. */
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

/** A figure on the page. */
export interface Figure {
  /** Where the view draws. */
  body: HTMLElement;
  /** Says what is under the pointer or the keyboard's cursor: below the picture, and to screen readers. */
  say(text: string): void;
  /** How to read the picture: what whiskers, bands and signs are. */
  hint(text: string): void;
}

/** The frame around every picture: headline, tools, drawing, read-out, caption. Who draws is given `body`, which stays. */
export function figure(el: HTMLElement, parts: FigureParts): Figure {
  let [hint, said] = ['', ''];
  const place: { current: HTMLDivElement | null } = { current: null };
  const draw = () => render(<Framed {...parts} place={place} hint={hint} said={said} />, el);
  render(null, el);
  el.replaceChildren();
  draw();
  return {
    // SAFETY: the frame was drawn, and its body stays as long as the frame.
    body: place.current as HTMLDivElement,
    hint(text) {
      hint = plain(text, 500);
      draw();
    },
    say(text) {
      said = plain(text, 500);
      draw();
    },
  };
}

interface Framing extends FigureParts {
  /** The element in which the view draws; nothing here touches what is in it. */
  place: Ref<HTMLDivElement>;
  hint: string;
  said: string;
}

function Framed({ place, hint, said, ...parts }: Framing) {
  const [asTable, show] = useState(false);
  const { caption, host, table, tools } = parts;
  return (
    <>
      <header class="top">
        <Headline {...caption} />
        <div class="actions" role="group" aria-label="Copy and table">
          {table && (
            <button class="quiet" type="button" aria-pressed={asTable} onClick={() => show(!asTable)}>
              Table
            </button>
          )}
          <Copies {...parts} />
        </div>
      </header>
      {tools && tools.length > 0 && <Tools elements={tools} />}
      <div class="body" hidden={asTable} ref={place} />
      {asTable && table && <Numbers {...table()} title={caption.title} />}
      <p class="hint" hidden={hint === ''}>
        {hint}
      </p>
      <p class="readout" role="status">
        {said}
      </p>
      <Sources caption={caption} host={host} />
    </>
  );
}

/** Buttons and fields that the view made itself; they stay as they are while the frame is drawn anew. */
function Tools({ elements }: { elements: HTMLElement[] }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.replaceChildren(...elements), [elements]);
  return <div class="tools" ref={place} />;
}

/** What can be copied of the picture and of its numbers. */
function Copies({ caption, host, table, csv, picture }: FigureParts) {
  const copy = (format: 'png' | 'svg' | 'csv', data: string) =>
    host.send('copy', { format, name: plain(caption.title, 80), data });
  const asCsv = csv ?? (table && (() => csvOf(table())));
  const button = (text: string, label: string, click: () => void) => (
    <button class="quiet" type="button" title={label} aria-label={label} onClick={click}>
      {text}
    </button>
  );
  const png = async () => {
    const now = picture?.();
    if (now) copy('png', await pngOf(now));
  };
  const svg = () => {
    const now = picture?.();
    if (now) copy('svg', svgText(now));
  };
  return (
    <>
      {picture && button('PNG', 'Copy as PNG', png)}
      {picture && button('SVG', 'Copy as SVG', svg)}
      {asCsv && button('CSV', 'Copy the numbers as CSV', () => copy('csv', asCsv()))}
    </>
  );
}

/** Instead of a picture where there is nothing to draw. */
export const nothing = (text: string): HTMLElement => elementOf(<p class="nothing">{text}</p>);
