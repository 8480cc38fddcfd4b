import { plain } from '@bregma/core/contracts/plain-text';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Caption } from './caption.ts';
import { Headline, Sources } from './caption-view.tsx';
import { csvOf, type PlainTable } from './format.ts';
import { pngOf, svgText } from './pictures.ts';
import { Numbers } from './plain-table.tsx';
import type { ViewHost } from './view.ts';

/** What makes a figure: its caption, the numbers and picture that can be taken away, and what is said of it. */
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
  tools?: ComponentChildren;
  /** How to read the picture: what whiskers, bands and signs are. */
  hint?: string;
  /** What is under the pointer or the keyboard's cursor: below the picture, and to screen readers. */
  said?: string;
  /** The picture, and what belongs to it: legend, bar of colours. */
  children: ComponentChildren;
}

/** The frame around every picture: headline, tools, drawing, read-out, caption. */
export function Figure({ hint = '', said = '', children, ...parts }: FigureParts) {
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
      {tools && <div class="tools">{tools}</div>}
      <div class="body" hidden={asTable}>
        {children}
      </div>
      {asTable && table && <Numbers {...table()} title={caption.title} />}
      <p class="hint" hidden={hint === ''}>
        {plain(hint, 500)}
      </p>
      <p class="readout" role="status">
        {plain(said, 500)}
      </p>
      <Sources caption={caption} host={host} />
    </>
  );
}

/** What can be copied of the picture and of its numbers. */
function Copies({ caption, host, table, csv, picture }: Omit<FigureParts, 'children'>) {
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
export const Nothing = ({ children }: { children: ComponentChildren }) => <p class="nothing">{children}</p>;
