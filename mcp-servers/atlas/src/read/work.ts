import { almostAll, candidatesOf } from './candidates.ts';
import type { Work } from './settled.ts';
import { ofColumn, type TableOptions } from './table-options.ts';
import type { RawTable } from './text/raw-table.ts';
import { cellErrors, missingWords } from './text/words.ts';

/** Rows from which a type is guessed; every row is then checked. */
export const guessedFrom = 3000;

/** The column at a place of a raw table with the types that its first values allow. */
export function workOf(
  j: number,
  sample: string[],
  { names, kinds, decimal }: Pick<RawTable, 'names' | 'kinds' | 'decimal'>,
  options: TableOptions,
): Work {
  const name = names[j];
  const said = ofColumn(options.missing, name);
  const missing = [...(said ?? missingWords), ...(kinds ? cellErrors : [])];
  const type = ofColumn(options.types, name);
  const asked = {
    type,
    kind: kinds?.[j],
    dates: ofColumn(options.dates, name),
    missing,
    keepsWords: said !== undefined,
    decimal,
    thousands: options.thousands,
  };
  const candidates = candidatesOf(sample, asked);
  const almost = candidates.length === 1 ? almostAll(sample, asked) : undefined;
  return { raw: `c${j}`, name, sample, missing, told: type !== undefined, candidates, almost };
}
