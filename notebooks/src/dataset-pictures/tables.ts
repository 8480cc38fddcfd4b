import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { numberOrNotMeasured } from '@bregma/readers/measured';
import { readColumns } from '@bregma/readers/parquet';
import { columnOf, type ReadObject, tableOf } from '@bregma/readers/release';
import { readRows } from '@bregma/readers/rows';
import { packed } from '@bregma/webviews/kit/pack';
import type { PointsModel } from '@bregma/webviews/points/model';
import type { TableModel } from '@bregma/webviews/table/model';
import { captionFor } from './caption.ts';

/** Rows of a table that a panel gets at most. */
const mostRows = 200_000;
/** Values of a column that can be a category. */
const mostCategories = 400;

/** A table of a release. */
export async function wholeTable(release: DatasetRelease, name: string, read: ReadObject): Promise<TableModel> {
  const table = tableOf(release, name);
  const { columns, rows, available } = await readRows(read(table.object), { rows: mostRows, text: 20_000 });
  const known = new Map(table.columns.map((column) => [column.name, column]));
  return {
    ...captionFor(release, table.description ?? name, { count: available, of: 'rows' }),
    completeness: { returned: rows.length, available, of: 'rows' },
    columns: columns.map((column) => ({ ...column, ...known.get(column.name) })),
    rows,
    ...(rows.length < available && { note: `The first ${rows.length} rows; query_data reaches all.` }),
  };
}

/** The rows of a table as points, coloured by the first column of words that has few values. */
export async function tablePoints(
  release: DatasetRelease,
  name: string,
  x: string,
  y: string,
  read: ReadObject,
): Promise<PointsModel> {
  const table = tableOf(release, name);
  const has = (column: string) => columnOf(table, column) !== undefined;
  const words = table.columns
    .filter(({ type, name: column }) => type === 'VARCHAR' && !['id', 'name'].includes(column))
    .map((column) => column.name);
  const labels = ['id', 'name'].filter(has);
  const [across, up, ...rest] = await readColumns(read(table.object), [x, y, ...labels, ...words]);
  const lists = new Map([...labels, ...words].map((column, i) => [column, rest[i]]));
  const unit = (column: string) => columnOf(table, column)?.unit;
  const coloured = words.find((column) => {
    const kinds = new Set(lists.get(column));
    return kinds.size > 1 && kinds.size <= mostCategories;
  });
  return {
    ...captionFor(release, `${name} by ${x} and ${y}`, { count: across.length, of: name }),
    x: numbers(across),
    y: numbers(up),
    axes: { x: { label: x, unit: unit(x) }, y: { label: y, unit: unit(y) } },
    equal: unit(x) !== undefined && unit(x) === unit(y),
    ...(coloured ? { category: category(coloured, lists.get(coloured)!) } : {}),
    ...(has('name') ? { names: lines(lists.get('name')!) } : {}),
    ...(has('id') ? { ids: lines(lists.get('id')!) } : {}),
  };
}

const numbers = (list: unknown[]) => packed(Float64Array.from(list, numberOrNotMeasured));

const lines = (list: unknown[]) => ({
  lines: list.map((value) => String(value ?? '').replace(/[\r\n]+/g, ' ')).join('\n'),
});

function category(name: string, values: unknown[]) {
  const names = [...new Set(values.map((value) => String(value ?? 'not given')))].sort();
  const place = new Map(names.map((word, i) => [word, i]));
  return { name, names, values: packed(Uint16Array.from(values, (value) => place.get(String(value ?? 'not given'))!)) };
}
