/**
 * A function that `query_data` knows beside DuckDB's own, with what it is defined to give. A file of this folder exports one, named as
 * the file:
 *
 * ```ts
 * // mcp-servers/atlas/src/sql-functions/fano-factor.ts
 * import type { SqlFunction } from './sql-function.ts';
 *
 * export const fanoFactor: SqlFunction = {
 *   name: 'fano_factor',
 *   answers: 'How much counts vary, beside how large they are',
 *   takes: [{ name: 'x', holds: 'counts, one a trial' }],
 *   tables: [],
 *   gives: [],
 *   defined: ['Sample variance ÷ mean; NULL where the mean is 0.'],
 *   example: 'SELECT unit, fano_factor(spikes) FROM counts GROUP BY unit',
 *   macro: () => 'CREATE MACRO fano_factor(x) AS var_samp(x) / nullif(avg(x), 0)',
 * };
 * ```
 *
 * `npm run gen` registers it, and its page is `bregma://sql/NAME`. Names of columns inside a macro must be none that a parameter has:
 * DuckDB puts the argument in the place of each name that is equal to a parameter's.
 */
export interface SqlFunction {
  name: string;
  answers: string;
  /** Parameters in their order. */
  takes: SqlParameter[];
  /** Those that name a table: `id.table`, or a name of WITH. */
  tables: string[];
  /** Columns of the rows that it gives; none for a function of values. */
  gives: { name: string; holds: string }[];
  /** What it is defined to give, what it leaves out, and when it refuses. */
  defined: string[];
  example: string;
  /** The table that a parameter stands for when it is not given: the newest added one that has all of these columns. */
  standard?: { parameter: string; columns: string[]; add: string };
  /** The statement that makes it. standard: that table as SQL names it, as text of SQL; NULL where there is none. */
  macro(standard: string): string;
}

/** One parameter: what it holds, and what it is when it is not given. */
export interface SqlParameter {
  name: string;
  holds: string;
  optional?: boolean;
}
