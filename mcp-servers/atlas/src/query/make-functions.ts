import type { RowFunction } from '@bregma/readers/sql-gate';
import { identifier, literal } from '@bregma/readers/sql-text';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlFunctions } from '../sql-functions/index.gen.ts';
import type { SqlFunction } from '../sql-functions/sql-function.ts';

/** Makes the functions of `sql-functions/` in the main database; those that make rows are returned, for the gate. references: catalogs, oldest first. */
export async function makeFunctions(
  author: DuckDBConnection,
  references: string[],
): Promise<ReadonlyMap<string, RowFunction>> {
  const rows = new Map<string, RowFunction>();
  for (const one of sqlFunctions) {
    const standard = one.standard && (await newestWith(author, one.standard.columns, references));
    await author.run(one.macro(standard === undefined ? 'NULL' : literal(standard)));
    if (one.gives.length > 0) rows.set(one.name, rowFunction(one, standard));
  }
  return rows;
}

function rowFunction({ name, takes, tables, standard }: SqlFunction, table: string | undefined): RowFunction {
  const own = { name, parameters: takes.map((one) => one.name), tables };
  if (!standard) return own;
  const { parameter, add, columns } = standard;
  const next = `add_data ${add}, or name a table with the columns ${columns.join(', ')}: ${name}(…, ${parameter} := id.table).`;
  return { ...own, standard: table === undefined ? { parameter, next } : { parameter, table } };
}

/** The table of the newest release that has all of these columns, as SQL names it. */
async function newestWith(
  author: DuckDBConnection,
  columns: string[],
  references: string[],
): Promise<string | undefined> {
  const reader = await author.runAndReadAll(
    `SELECT database_name, table_name FROM duckdb_columns() WHERE column_name IN (${columns.map(literal).join(', ')}) GROUP BY ALL HAVING count(DISTINCT column_name) = ${columns.length} ORDER BY ALL`,
  );
  const found = reader.getRows().map(([catalog, table]) => ({ catalog: String(catalog), table: String(table) }));
  for (const reference of references.toReversed()) {
    const table = found.find(({ catalog }) => catalog === reference)?.table;
    if (table !== undefined) return `${identifier(reference)}.main.${identifier(table)}`;
  }
  return undefined;
}
