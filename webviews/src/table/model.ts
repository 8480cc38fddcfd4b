import * as z from 'zod/mini';
import { Caption } from '../kit/caption.ts';
import { Bytes } from '../kit/packed.ts';

export const TableColumn = z.object({
  name: z.string(),
  /** DuckDB type name. Whole numbers of 64 bits and more are text in `rows` and sort as numbers. */
  type: z.string(),
  unit: z.optional(z.string()),
  description: z.optional(z.string()),
});
export type TableColumn = z.infer<typeof TableColumn>;

/** A result of `query_data`, or any other table. null and NaN are "not measured". */
export const TableModel = z.extend(Caption, {
  /** Needed with `rows`; with `arrow` it adds units and descriptions by name. */
  columns: z.array(TableColumn),
  /** One list a row, in the order of `columns`. */
  rows: z.optional(z.array(z.array(z.unknown()))),
  /** Instead of rows: an Arrow IPC stream or file. */
  arrow: z.optional(Bytes),
});
export type TableModel = z.infer<typeof TableModel>;
