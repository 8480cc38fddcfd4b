import { memberOf } from '@bregma/core/members';
import { jsonValue } from '@bregma/readers/exact';
import type { TableModel } from '@bregma/webviews/table/model';
import { tableFromIPC } from '@uwdata/flechette';
import type { Picture } from './draw.ts';

/** The first rows of a table, whether it came as rows or as Arrow, as JSON values; and how many it has. */
export function firstRows({ rows, arrow }: TableModel, most: number): { rows: unknown[][]; length: number } {
  if (arrow === undefined) return { rows: (rows ?? []).slice(0, most), length: rows?.length ?? 0 };
  const table = tableFromIPC(typeof arrow === 'string' ? Buffer.from(arrow, 'base64') : arrow, { useBigInt: true });
  const columns = table.schema.fields.map((_, i) => table.getChildAt(i));
  const found = Array.from({ length: Math.min(most, table.numRows) }, (_, row) =>
    columns.map((column) => jsonValue(column.at(row))),
  );
  return { rows: found, length: table.numRows };
}

/** Rows that the text of a table has. */
const mostRows = 50;

/** A picture as text, for whoever reads outputs without the renderer. */
export function plainPicture({ view, model }: Picture): string {
  if (view === 'drawing') return String(memberOf(model, 'alt'));
  // SAFETY: a picture of the view `table` has its model; what is taken apart for other views is not used.
  const { arrow, ...shown } = model as TableModel;
  // SAFETY: as above: it is of the view `table`.
  const whole = view === 'table' ? { ...shown, rows: firstRows(model as TableModel, mostRows).rows } : model;
  return JSON.stringify(whole, (_, value) => {
    if (value instanceof Uint8Array) return `(${value.byteLength} bytes)`;
    return typeof value === 'string' ? value.slice(0, 300) : value;
  });
}
