import { holdsRoundedRowsOf } from './rounded-rows.ts';
import { type Columns, isTelling } from './sample.ts';

/** Share of the measurements of one table that, found in another, show that it holds them. */
const tellingShare = 0.1;
/** Cells at least that make a row known again. */
const fewestCells = 3;

/**
 * Whether a table holds measurements of another, whatever its columns are called and in which order they lie: a tenth of its
 * numbers of many digits, or of its rows where all of them differ; rounded too, as far as chance does not give as many. Rescaled
 * values are not known again.
 */
export function holdsRowsOf(table: Columns, other: Columns): boolean {
  const numbers = tellingNumbers(other);
  if (numbers.size >= 4 && shareOf(numbers, tellingNumbers(table)) > tellingShare) return true;
  const rows = rowTexts(other);
  if (rows !== undefined && rows.size > 0 && shareOf(rows, rowTexts(table, true) ?? new Set()) > tellingShare)
    return true;
  return holdsRoundedRowsOf(table, other);
}

function tellingNumbers(table: Columns): Set<number | string> {
  const found = new Set<number | string>();
  for (const values of Object.values(table))
    for (const value of values) if (typeof value === 'number' && isTelling(value)) found.add(value);
  return found;
}

/** Rows as the sorted texts of their cells; undefined where two are equal, unless that does not matter. */
function rowTexts(table: Columns, repeated = false): Set<number | string> | undefined {
  const columns = Object.values(table);
  if (columns.length < fewestCells) return undefined;
  const found = new Set<string>();
  const total = columns[0].length;
  for (let row = 0; row < total; row++)
    found.add(
      columns
        .map((values) => String(values[row]))
        .sort()
        .join('\u0000'),
    );
  return repeated || found.size === total ? found : undefined;
}

function shareOf(wanted: Set<number | string>, found: Set<number | string>): number {
  let held = 0;
  for (const one of wanted) if (found.has(one)) held++;
  return held / wanted.size;
}
