import type { Still } from '../kit/still.ts';
import { cellText, isMissing, tableData } from './data.ts';
import type { TableModel } from './model.ts';

/** Rows that a page shows. */
const most = 200;

/** The first rows of the table; numbers stay numbers, and what is not measured is null. */
export function still(model: TableModel): Still {
  const { columns, length } = tableData(model);
  const units = new Map(model.columns.map(({ name, unit }) => [name, unit]));
  const cellOf = (value: unknown) => (isMissing(value) ? null : typeof value === 'number' ? value : cellText(value));
  const rows = Array.from({ length: Math.min(most, length) }, (_, row) => columns.map(({ cell }) => cellOf(cell(row))));
  return {
    parts: [
      {
        is: 'table',
        columns: columns.map(({ name }) => ({ name, unit: units.get(name) })),
        rows,
        ...(length > most && { says: `The first ${most} of ${length} rows.` }),
      },
    ],
  };
}
