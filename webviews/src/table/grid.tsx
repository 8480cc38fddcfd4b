import { plain } from '@bregma/core/contracts/plain-text';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import { around } from '../kit/where.ts';
import { cellText, type DataColumn, isMissing, type TableData } from './data.ts';
import { cellShown, columnWidths } from './layout.ts';
import { type Place, Selection } from './selection.ts';

const rowHeight = 24;
/** Rows kept ready above and below what is seen. */
const margin = 8;
let grids = 0;

/** What a grid shows, and tells. */
export interface GridParts {
  table: TableData;
  /** Rows of the table in the order in which they are shown. */
  rows: Int32Array;
  /** What a screen reader says. */
  label: string;
  /** The rows above: names of columns, filters. */
  head: ComponentChildren;
  /** The cell under the keyboard's cursor has changed. */
  moved(row: number, column: number): void;
}

/**
 * The rows of a table: only those in sight are in the page, so a million scroll as well as ten. One stop of the tab key; arrows,
 * Page, Home and End move the cursor, Shift extends the selection, and the copy command copies it as tab-separated text.
 */
export function Grid({ table, rows, label, head, moved }: GridParts) {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((drawn: number) => drawn + 1, 0);
  const id = useMemo(() => `bregma-grid-${++grids}`, []);
  const selection = useMemo(() => new Selection(), []);
  selection.clamp(rows.length);
  const later = useFrame(redraw);
  const widths = useMemo(() => columnWidths(table), [table]);
  const [lastRow, lastColumn] = [rows.length - 1, table.columns.length - 1];
  const move = (row: number, column: number, extend: boolean) => {
    const place = { row: within(row, lastRow), column: within(column, lastColumn) };
    selection.move(place, extend);
    if (scroller.current) reveal(scroller.current, place, widths);
    redraw(undefined);
    moved(rows[place.row], place.column);
  };
  const point = (event: PointerEvent, extend: boolean) => {
    const cell = around<HTMLElement>(event, '[data-row]');
    if (cell) move(Number(cell.dataset.row), Number(cell.dataset.column), extend);
  };
  const onKey = (event: KeyboardEvent) => {
    if (!scroller.current || event.target !== scroller.current || rows.length === 0) return;
    const far = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(scroller.current.clientHeight / rowHeight) - 3);
    const to = placeAfter(event.key, far, selection.active ?? { row: 0, column: 0 }, page, [lastRow, lastColumn]);
    if (far && event.key.toLowerCase() === 'a') selection.all(lastRow, lastColumn);
    else if (!to) return;
    else if (selection.active) move(to.row, to.column, event.shiftKey);
    else move(0, 0, false);
    event.preventDefault();
    redraw(undefined);
  };
  const [first, end] = inSight(scroller.current, rows.length);
  const { active } = selection;
  const shown = active && active.row >= first && active.row < end;
  return (
    <div
      class="grid"
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-colcount={table.columns.length + 1}
      aria-rowcount={rows.length + 2}
      aria-multiselectable
      aria-activedescendant={shown ? cellId(id, active.row, active.column) : undefined}
      style={{ '--columns': [rowHeadWidth(table), ...widths].map((width) => `${width}px`).join(' ') }}
      onScroll={later}
      onKeyDown={onKey}
      onCopy={(event) => copy(event, table, rows, selection)}
    >
      <div class="head" role="rowgroup">
        {head}
      </div>
      <div
        class="rows"
        role="rowgroup"
        style={{ height: `${rows.length * rowHeight}px` }}
        onPointerDown={(event) => point(event, event.shiftKey)}
        onPointerMove={(event) => event.buttons === 1 && point(event, true)}
      >
        {Array.from({ length: end - first }, (_, i) => (
          <Row key={first + i} id={id} place={first + i} row={rows[first + i]} table={table} selection={selection} />
        ))}
      </div>
    </div>
  );
}

const within = (value: number, last: number): number => Math.max(0, Math.min(last, value));
const cellId = (id: string, place: number, column: number) => `${id}-${place}-${column}`;
const rowHeadWidth = ({ length }: TableData): number => Math.max(40, String(length).length * 9 + 16);

/** Calls back before the next frame, once for any number of calls. */
function useFrame(draw: (action: undefined) => void): () => void {
  const waiting = useRef(0);
  useLayoutEffect(() => () => cancelAnimationFrame(waiting.current), []);
  return () => {
    waiting.current ||= requestAnimationFrame(() => {
      waiting.current = 0;
      draw(undefined);
    });
  };
}

/** First place that is in the page, and the one behind the last. */
function inSight(scroller: HTMLElement | null, rows: number): [first: number, end: number] {
  const { scrollTop = 0, clientHeight = 0 } = scroller ?? {};
  const end = Math.min(rows, Math.ceil((scrollTop + (clientHeight || 500)) / rowHeight) + margin);
  return [Math.min(end, Math.max(0, Math.floor(scrollTop / rowHeight) - margin)), end];
}

/** Where a key leads from a cell; undefined: nowhere. far: with Control. page: rows. */
function placeAfter(
  key: string,
  far: boolean,
  { row, column }: Place,
  page: number,
  [lastRow, lastColumn]: [number, number],
): Place | undefined {
  const to: Record<string, Place> = {
    ArrowDown: { row: far ? lastRow : row + 1, column },
    ArrowUp: { row: far ? 0 : row - 1, column },
    ArrowRight: { row, column: far ? lastColumn : column + 1 },
    ArrowLeft: { row, column: far ? 0 : column - 1 },
    PageDown: { row: row + page, column },
    PageUp: { row: row - page, column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? lastRow : row, column: lastColumn },
  };
  return Object.hasOwn(to, key) ? to[key] : undefined;
}

/** Scrolls as little as needed to have a cell in sight. widths: of the columns, px. */
function reveal(scroller: HTMLElement, { row, column }: Place, widths: number[]): void {
  // SAFETY: the head of the table, which is the first thing in the grid.
  const head = (scroller.firstElementChild as HTMLElement).offsetHeight;
  const top = row * rowHeight;
  const room = scroller.clientHeight - head - rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top > scroller.scrollTop + room) scroller.scrollTop = top - room;
  const left = widths.slice(0, column).reduce((sum, width) => sum + width, 0);
  const { scrollLeft, clientWidth } = scroller;
  if (left < scrollLeft) scroller.scrollLeft = left;
  else if (left + widths[column] > scrollLeft + clientWidth - 60)
    scroller.scrollLeft = left + widths[column] - clientWidth + 60;
}

/** The selected cells as tab-separated text. */
function copy(event: ClipboardEvent, table: TableData, rows: Int32Array, selection: Selection): void {
  if (event.target instanceof HTMLInputElement || !selection.active) return;
  const lines = selection.rows().map((place) =>
    selection
      .columns()
      .map((i) => cellText(table.columns[i].cell(rows[place])).replace(/[\t\r\n]+/g, ' '))
      .join('\t'),
  );
  event.clipboardData?.setData('text/plain', lines.join('\n'));
  event.preventDefault();
}

interface RowParts {
  /** Of the grid. */
  id: string;
  /** From 0, from the top. */
  place: number;
  /** In the table. */
  row: number;
  table: TableData;
  selection: Selection;
}

const Row = ({ id, place, row, table, selection }: RowParts) => (
  <div
    class={place % 2 ? 'row odd' : 'row'}
    role="row"
    aria-rowindex={place + 3}
    style={{ top: `${place * rowHeight}px` }}
  >
    <div class="cell rowhead" role="rowheader" aria-colindex={1}>
      {row + 1}
    </div>
    {table.columns.map((column, i) => (
      <Cell key={i} id={id} place={place} i={i} column={column} value={column.cell(row)} selection={selection} />
    ))}
  </div>
);

interface CellParts extends Pick<RowParts, 'id' | 'place' | 'selection'> {
  /** Of the column, from 0. */
  i: number;
  column: DataColumn;
  value: unknown;
}

function Cell({ id, place, i, column, value, selection }: CellParts) {
  const missing = isMissing(value);
  const selected = selection.has(place, i);
  const active = selection.active?.row === place && selection.active.column === i;
  const states = [
    column.order !== 'text' && 'number',
    missing && 'missing',
    selected && 'selected',
    active && 'active',
  ];
  return (
    <div
      class={['cell', ...states.filter(Boolean)].join(' ')}
      role="gridcell"
      id={cellId(id, place, i)}
      aria-colindex={i + 2}
      aria-selected={selected || undefined}
      data-row={place}
      data-column={i}
    >
      {missing ? 'not measured' : plain(cellShown(value, column), 200)}
    </div>
  );
}
