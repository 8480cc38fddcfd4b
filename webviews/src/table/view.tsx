import { plain } from '@bregma/core/contracts/plain-text';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure, Nothing } from '../kit/figure.tsx';
import { csvOf, shown } from '../kit/format.ts';
import { parsed } from '../kit/parsed.ts';
import type { View } from '../kit/view.ts';
import { cellText, type DataColumn, isMissing, type TableData, tableData } from './data.ts';
import { filterRows, parseFilter, type Test } from './filter.ts';
import { Grid } from './grid.tsx';
import { Head, type TableState } from './head.tsx';
import { TableModel } from './model.ts';
import { sortRows } from './order.ts';
import style from './view.css';

/** Columns that are put into the page. */
const mostColumns = 200;

function Body({ model, host }: Shown<TableModel>) {
  const whole = useMemo(() => tableData(model), [model]);
  const data = useMemo(() => ({ ...whole, columns: whole.columns.slice(0, mostColumns) }), [whole]);
  const { columns } = data;
  const [state, setState] = useState(() => restored(host.restore(), data));
  const [said, say] = useState('');
  const { rows, wrong, filtered } = useMemo(() => rowsOf(data, state), [data, state]);
  useLayoutEffect(() => host.remember(state), [host, state]);
  const csv = () =>
    csvOf({
      columns: columns.map(({ name }) => name),
      rows: Array.from(rows, (row) => columns.map(({ cell }) => cellText(cell(row)))),
    });
  const picture = { caption: model, host, said, csv };
  if (columns.length === 0)
    return (
      <Figure {...picture}>
        <Nothing>The result has no columns.</Nothing>
      </Figure>
    );
  const head = (
    <Head
      columns={columns}
      state={state}
      wrong={new Set(wrong.keys())}
      sortBy={({ name }) => setState({ ...state, sort: sortAfter(state.sort, name) })}
      filter={({ name }, text) => setState({ ...state, filters: { ...state.filters, [name]: text } })}
    />
  );
  const [problem] = [...wrong.values()].slice(-1);
  return (
    <Figure
      {...picture}
      hint={
        whole.columns.length > columns.length
          ? `The first ${columns.length} of ${shown(whole.columns.length)} columns are shown; name the others in the query.`
          : ''
      }
    >
      <Grid
        table={data}
        rows={rows}
        label={`${plain(model.title, 100)}, rows`}
        head={head}
        moved={(row, i) => say(describe(columns[i], row))}
      />
      <p class={problem ? 'table-status error' : 'table-status'} role="status">
        {plain(problem ?? count(data, rows.length, filtered))}
      </p>
    </Figure>
  );
}

/** Ascending, descending, as it came. */
function sortAfter(sort: TableState['sort'], column: string): TableState['sort'] {
  if (sort?.column !== column) return { column, direction: 'ascending' };
  return sort.direction === 'ascending' ? { column, direction: 'descending' } : undefined;
}

interface Kept {
  /** Rows that pass, in their order. */
  rows: Int32Array;
  /** What is wrong with the filters that cannot be read. */
  wrong: Map<DataColumn, string>;
  filtered: boolean;
}

function rowsOf(data: TableData, { sort, filters }: TableState): Kept {
  const tests: { column: DataColumn; test: Test }[] = [];
  const wrong = new Map<DataColumn, string>();
  for (const column of data.columns) {
    try {
      const test = parseFilter(filters[column.name] ?? '', column);
      if (test) tests.push({ column, test });
    } catch (error) {
      wrong.set(column, error instanceof Error ? error.message : String(error));
    }
  }
  const sorted = data.columns.find(({ name }) => name === sort?.column);
  const kept = filterRows(data.length, tests);
  const rows = sort && sorted ? sortRows(kept, sorted, sort.direction) : kept;
  return { rows, wrong, filtered: tests.length > 0 };
}

function count({ length }: TableData, kept: number, filtered: boolean): string {
  const all = `${shown(length)} ${length === 1 ? 'row' : 'rows'}`;
  if (length === 0) return 'There are no rows: the question was answered, and nothing matches it.';
  if (!filtered) return all;
  return kept === 0 ? `No row of ${shown(length)} passes the filters.` : `${shown(kept)} of ${all}`;
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

/** Rows and columns: sorted and filtered in place, ids of any size as they are, and a word for what was not measured. */
export const table: View<TableModel> = {
  name: 'table',
  style,
  parse: (value) => parsed(TableModel, value, 'table'),
  render: shownAnew(Body),
};
