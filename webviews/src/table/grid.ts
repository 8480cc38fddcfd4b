import { h, plain } from '../kit/dom.ts';
import { around } from '../kit/where.ts';
import { cellText, type DataColumn, isMissing, type TableData } from './data.ts';
import { cellShown, columnWidths } from './layout.ts';
import { Selection } from './selection.ts';

const rowHeight = 24;
/** Rows kept ready above and below what is seen. */
const margin = 8;
let grids = 0;

/** What a grid tells. */
export interface GridEvents {
  /** The cell under the keyboard's cursor has changed. */
  moved(row: number, column: number): void;
}

/**
 * The rows of a table: only those in sight are in the page, so a million scroll as well as ten. One stop of the tab key; arrows,
 * Page, Home and End move the cursor, Shift extends the selection, and the copy command copies it as tab-separated text.
 */
export class Grid {
  readonly element: HTMLElement;
  private readonly table: TableData;
  private readonly events: GridEvents;
  private readonly scroller: HTMLElement;
  private readonly rowsElement: HTMLElement;
  private readonly widths: number[];
  private readonly id = `bregma-grid-${++grids}`;
  private readonly selection = new Selection();
  private rows: Int32Array = new Int32Array();
  private waiting = 0;

  constructor(table: TableData, head: HTMLElement[], label: string, events: GridEvents) {
    this.table = table;
    this.events = events;
    this.widths = columnWidths(table);
    this.rowsElement = h('div', { class: 'rows', role: 'rowgroup' });
    this.scroller = h(
      'div',
      {
        class: 'grid',
        role: 'grid',
        tabindex: '0',
        'aria-label': label,
        'aria-colcount': String(table.columns.length + 1),
        'aria-multiselectable': 'true',
      },
      h('div', { class: 'head', role: 'rowgroup' }, ...head),
      this.rowsElement,
    );
    this.element = this.scroller;
    this.scroller.style.setProperty(
      '--columns',
      [`${Math.max(40, String(table.length).length * 9 + 16)}px`, ...this.widths.map((width) => `${width}px`)].join(
        ' ',
      ),
    );
    this.scroller.addEventListener('scroll', () => this.later());
    this.scroller.addEventListener('keydown', (event) => this.key(event));
    this.scroller.addEventListener('copy', (event) => this.copy(event));
    this.rowsElement.addEventListener('pointerdown', (event) => this.point(event, event.shiftKey));
    this.rowsElement.addEventListener('pointermove', (event) => {
      if (event.buttons === 1) this.point(event, true);
    });
  }

  /** Shows these rows, in this order. */
  show(rows: Int32Array): void {
    this.rows = rows;
    this.selection.clamp(rows.length);
    this.scroller.setAttribute('aria-rowcount', String(rows.length + 2));
    this.rowsElement.style.height = `${rows.length * rowHeight}px`;
    this.draw();
  }

  dispose(): void {
    cancelAnimationFrame(this.waiting);
  }

  private later(): void {
    this.waiting ||= requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.waiting = 0;
    const top = this.scroller.scrollTop;
    const first = Math.max(0, Math.floor(top / rowHeight) - margin);
    const last = Math.min(
      this.rows.length,
      Math.ceil((top + (this.scroller.clientHeight || 500)) / rowHeight) + margin,
    );
    const drawn: HTMLElement[] = [];
    for (let place = first; place < last; place++) drawn.push(this.row(place));
    this.rowsElement.replaceChildren(...drawn);
    const active = this.selection.active;
    const shown = active && active.row >= first && active.row < last;
    if (shown) this.scroller.setAttribute('aria-activedescendant', this.cellId(active.row, active.column));
    else this.scroller.removeAttribute('aria-activedescendant');
  }

  private row(place: number): HTMLElement {
    const row = this.rows[place];
    const element = h(
      'div',
      { class: place % 2 ? 'row odd' : 'row', role: 'row', 'aria-rowindex': String(place + 3) },
      h('div', { class: 'cell rowhead', role: 'rowheader', 'aria-colindex': '1' }, String(row + 1)),
      ...this.table.columns.map((column, i) => this.cell(place, row, column, i)),
    );
    element.style.top = `${place * rowHeight}px`;
    return element;
  }

  private cell(place: number, row: number, column: DataColumn, i: number): HTMLElement {
    const value = column.cell(row);
    const missing = isMissing(value);
    const classes = ['cell'];
    if (column.order !== 'text') classes.push('number');
    if (missing) classes.push('missing');
    const selected = this.selection.has(place, i);
    const { active } = this.selection;
    if (selected) classes.push('selected');
    if (active?.row === place && active.column === i) classes.push('active');
    return h(
      'div',
      {
        class: classes.join(' '),
        role: 'gridcell',
        id: this.cellId(place, i),
        'aria-colindex': String(i + 2),
        'aria-selected': selected ? 'true' : undefined,
        'data-row': String(place),
        'data-column': String(i),
      },
      missing ? 'not measured' : plain(cellShown(value, column), 200),
    );
  }

  private cellId = (place: number, column: number) => `${this.id}-${place}-${column}`;

  private point(event: PointerEvent, extend: boolean): void {
    const cell = around<HTMLElement>(event, '[data-row]');
    if (cell) this.move(Number(cell.dataset.row), Number(cell.dataset.column), extend);
  }

  private key(event: KeyboardEvent): void {
    if (event.target !== this.scroller || this.rows.length === 0) return;
    const { row, column } = this.selection.active ?? { row: 0, column: 0 };
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / rowHeight) - 3);
    const far = event.ctrlKey || event.metaKey;
    const [lastRow, lastColumn] = [this.rows.length - 1, this.table.columns.length - 1];
    const to: Record<string, [number, number]> = {
      ArrowDown: [far ? lastRow : row + 1, column],
      ArrowUp: [far ? 0 : row - 1, column],
      ArrowRight: [row, far ? lastColumn : column + 1],
      ArrowLeft: [row, far ? 0 : column - 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: [far ? 0 : row, 0],
      End: [far ? lastRow : row, lastColumn],
    };
    if (far && event.key.toLowerCase() === 'a') this.selection.all(lastRow, lastColumn);
    else if (to[event.key] && !this.selection.active) this.move(0, 0, false);
    else if (to[event.key]) this.move(to[event.key][0], to[event.key][1], event.shiftKey);
    else return;
    event.preventDefault();
    this.draw();
  }

  private move(row: number, column: number, extend: boolean): void {
    const place = {
      row: Math.max(0, Math.min(this.rows.length - 1, row)),
      column: Math.max(0, Math.min(this.table.columns.length - 1, column)),
    };
    this.selection.move(place, extend);
    this.reveal(place.row, place.column);
    this.draw();
    this.events.moved(this.rows[place.row], place.column);
  }

  private reveal(row: number, column: number): void {
    // SAFETY: the head of the table, which was put there when the grid was made.
    const head = (this.scroller.firstElementChild as HTMLElement).offsetHeight;
    const top = row * rowHeight;
    const room = this.scroller.clientHeight - head - rowHeight;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top > this.scroller.scrollTop + room) this.scroller.scrollTop = top - room;
    const left = this.widths.slice(0, column).reduce((sum, width) => sum + width, 0);
    const { scrollLeft, clientWidth } = this.scroller;
    if (left < scrollLeft) this.scroller.scrollLeft = left;
    else if (left + this.widths[column] > scrollLeft + clientWidth - 60)
      this.scroller.scrollLeft = left + this.widths[column] - clientWidth + 60;
  }

  private copy(event: ClipboardEvent): void {
    if (event.target instanceof HTMLInputElement || !this.selection.active) return;
    const lines: string[] = [];
    for (const place of this.selection.rows()) {
      const cells = this.selection.columns().map((i) => cellText(this.table.columns[i].cell(this.rows[place])));
      lines.push(cells.map((text) => text.replace(/[\t\r\n]+/g, ' ')).join('\t'));
    }
    event.clipboardData?.setData('text/plain', lines.join('\n'));
    event.preventDefault();
  }
}
