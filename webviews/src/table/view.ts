import { h, plain } from '../kit/dom.ts';
import { figure, nothing } from '../kit/figure.tsx';
import { csvOf, shown } from '../kit/format.ts';
import { parsed } from '../kit/parsed.ts';
import { redrawn } from '../kit/redrawn.ts';
import type { View, ViewHost } from '../kit/view.ts';
import { cellText, type DataColumn, isMissing, type TableData, tableData } from './data.ts';
import { filterHelp, filterRows, parseFilter, type Test } from './filter.ts';
import { Grid } from './grid.ts';
import { TableModel } from './model.ts';
import { sortRows } from './order.ts';
import style from './view.css';

interface TableState {
  sort?: { column: string; direction: 'ascending' | 'descending' };
  filters: Record<string, string>;
}

/** Columns that are put into the page. */
const mostColumns = 200;

/** Rows and columns: sorted and filtered in place, ids of any size as they are, and a word for what was not measured. */
export const table: View<TableModel> = {
  name: 'table',
  style,
  parse: (value) => parsed(TableModel, value, 'table'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const whole = tableData(now);
      const data = { ...whole, columns: whole.columns.slice(0, mostColumns) };
      return new TableView(now, data, whole.columns.length, el, host).dispose;
    });
  },
};

class TableView {
  private readonly data: TableData;
  private readonly host: ViewHost;
  private readonly state: TableState;
  private readonly grid: Grid;
  private readonly status = h('p', { class: 'table-status', role: 'status' });
  private readonly headers: HTMLElement[] = [];
  private rows: Int32Array;

  constructor(model: TableModel, data: TableData, columns: number, el: HTMLElement, host: ViewHost) {
    this.data = data;
    this.host = host;
    this.state = restored(host.restore(), data);
    this.rows = Int32Array.from({ length: data.length }, (_, i) => i);
    const frame = figure(el, {
      caption: model,
      host,
      csv: () =>
        csvOf({
          columns: data.columns.map(({ name }) => name),
          rows: Array.from(this.rows, (row) => data.columns.map(({ cell }) => cellText(cell(row)))),
        }),
    });
    this.grid = new Grid(data, this.head(), `${plain(model.title, 100)}, rows`, {
      moved: (row, i) => frame.say(describe(data.columns[i], row)),
    });
    frame.body.append(this.grid.element, this.status);
    if (data.columns.length === 0) frame.body.replaceChildren(nothing('The result has no columns.'));
    if (columns > data.columns.length)
      frame.hint(
        `The first ${data.columns.length} of ${shown(columns)} columns are shown; name the others in the query.`,
      );
    this.apply();
  }

  dispose = () => this.grid.dispose();

  private head(): HTMLElement[] {
    const names = this.data.columns.map((column, i) => {
      const button = h('button', {
        type: 'button',
        class: 'sort',
        title: column.description && plain(column.description, 300),
      });
      button.append(
        h('span', { class: 'name' }, plain(column.name, 60)),
        h('span', { class: 'arrow', 'aria-hidden': 'true' }),
        h('span', { class: 'type' }, plain([column.unit, column.type.toLowerCase()].filter(Boolean).join(' · '), 40)),
      );
      button.addEventListener('click', () => this.sortBy(column));
      const header = h(
        'div',
        { class: 'cell', role: 'columnheader', 'aria-colindex': String(i + 2), 'aria-sort': 'none' },
        button,
      );
      this.headers.push(header);
      return header;
    });
    const filters = this.data.columns.map((column, i) => {
      const help = column.order === 'text' ? filterHelp.text : filterHelp.number;
      const input = h('input', {
        type: 'text',
        'aria-label': `Filter ${plain(column.name, 60)}: ${help}`,
        title: help,
        placeholder: column.order === 'text' ? 'contains' : '2..8, >5',
        value: this.state.filters[column.name],
        spellcheck: 'false',
        autocomplete: 'off',
      });
      input.addEventListener('input', () => {
        this.state.filters[column.name] = input.value;
        input.removeAttribute('aria-invalid');
        this.apply(input);
      });
      return h('div', { class: 'cell', role: 'gridcell', 'aria-colindex': String(i + 2) }, input);
    });
    const row = (index: number, first: HTMLElement, cells: HTMLElement[]) =>
      h('div', { class: 'row', role: 'row', 'aria-rowindex': String(index) }, first, ...cells);
    return [
      row(1, h('div', { class: 'cell rowhead', role: 'columnheader', 'aria-colindex': '1' }, 'row'), names),
      row(2, h('div', { class: 'cell rowhead', role: 'gridcell', 'aria-colindex': '1' }), filters),
    ];
  }

  /** Ascending, descending, as it came. */
  private sortBy({ name }: DataColumn): void {
    const { sort } = this.state;
    const next = sort?.column !== name ? 'ascending' : sort.direction === 'ascending' ? 'descending' : undefined;
    this.state.sort = next && { column: name, direction: next };
    this.apply();
  }

  private apply(input?: HTMLInputElement): void {
    const tests: { column: DataColumn; test: Test }[] = [];
    let wrong = '';
    for (const column of this.data.columns) {
      try {
        const test = parseFilter(this.state.filters[column.name] ?? '', column);
        if (test) tests.push({ column, test });
      } catch (error) {
        wrong = error instanceof Error ? error.message : String(error);
        input?.setAttribute('aria-invalid', 'true');
      }
    }
    const { sort } = this.state;
    const sorted = this.data.columns.find(({ name }) => name === sort?.column);
    const kept = filterRows(this.data.length, tests);
    this.rows = sort && sorted ? sortRows(kept, sorted, sort.direction) : kept;
    this.data.columns.forEach((column, i) => {
      this.headers[i].setAttribute('aria-sort', column === sorted && sort ? sort.direction : 'none');
    });
    this.grid.show(this.rows);
    this.status.textContent = plain(wrong || this.count(tests.length > 0));
    this.status.classList.toggle('error', wrong !== '');
    this.host.remember(this.state);
  }

  private count(filtered: boolean): string {
    const all = `${shown(this.data.length)} ${this.data.length === 1 ? 'row' : 'rows'}`;
    if (this.data.length === 0) return 'There are no rows: the question was answered, and nothing matches it.';
    if (!filtered) return all;
    return this.rows.length === 0
      ? `No row of ${shown(this.data.length)} passes the filters.`
      : `${shown(this.rows.length)} of ${all}`;
  }
}

function describe({ name, unit, cell }: DataColumn, row: number): string {
  const value = cell(row);
  return `${name}, row ${row + 1}: ${isMissing(value) ? 'not measured' : cellText(value)}${unit && !isMissing(value) ? ` ${unit}` : ''}`;
}

/** What was sorted and filtered before the view was loaded again, as far as the columns are still there. */
function restored(state: unknown, { columns }: TableData): TableState {
  // SAFETY: an object; what is in it is looked at member by member below.
  const { sort, filters } = (typeof state === 'object' && state !== null ? state : {}) as Partial<TableState>;
  const known = (name: unknown) => columns.some((column) => column.name === name);
  const direction = sort?.direction === 'descending' ? 'descending' : 'ascending';
  return {
    sort: sort && known(sort.column) ? { column: sort.column, direction } : undefined,
    filters: Object.fromEntries(
      Object.entries(filters ?? {}).filter(([name, text]) => known(name) && typeof text === 'string'),
    ),
  };
}
