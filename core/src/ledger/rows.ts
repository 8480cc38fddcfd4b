import type { SQLInputValue, StatementSync } from 'node:sqlite';

// SAFETY (of the three casts below): whoever asks names the columns of its own statement as the form of a row, and SQLite gives
// one member a column. The table of records is STRICT, so its columns have the types of `tableForm`; what a body says is looked
// at by whoever reads it.

/** All rows of a statement. */
export function rowsOf<Row>(statement: StatementSync, ...values: SQLInputValue[]): Row[] {
  // SAFETY: see above.
  return statement.all(...values) as unknown[] as Row[];
}

/** The first row of a statement, or undefined. */
export function rowOf<Row>(statement: StatementSync, ...values: SQLInputValue[]): Row | undefined {
  // SAFETY: see above.
  return statement.get(...values) as Row | undefined;
}

/** The rows of a statement, each read when it is asked for. */
export function eachRow<Row>(statement: StatementSync, ...values: SQLInputValue[]): Iterable<Row> {
  // SAFETY: see above.
  return statement.iterate(...values) as Iterable<unknown> as Iterable<Row>;
}
