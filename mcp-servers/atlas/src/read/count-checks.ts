import type { FormatKit } from '../formats/format.ts';

/** A condition on the values of a column, as SQL. */
export type Check = (raw: string) => string;
/** A table of texts, and how many rows it has. */
interface Rows {
  raw: string;
  rows: number;
  /** Columns of it that stand beside each value, each with a comma behind it. */
  beside?: string;
}
interface Checked {
  raw: string;
  checks: Record<string, Check>;
}

/** Columns that one query looks at side by side. */
const sideBySide = 100;
/** Rows up to which columns are stacked. */
const mostStacked = 5000;

/** Of each column, how many of the table's rows meet each of its conditions. */
export async function countChecks(
  columns: Checked[],
  { raw, rows }: Rows,
  kit: FormatKit,
): Promise<Record<string, number>[]> {
  if (columns.length > 20 && rows <= mostStacked) return countStacked(columns, { raw, rows }, kit);
  const counts: Record<string, number>[] = [];
  for (let from = 0; from < columns.length; from += sideBySide) {
    const some = columns.slice(from, from + sideBySide);
    const [found] = await kit.duck.rows(
      `SELECT ${some.map(({ raw: column, checks }, i) => countsOf(checks, column, String(i))).join(', ')} FROM ${raw}`,
    );
    for (const [i, { checks }] of some.entries())
      counts.push(Object.fromEntries(Object.keys(checks).map((what) => [what, Number(found[`${what}${i}`])])));
  }
  return counts;
}

const countsOf = (checks: Record<string, Check>, raw: string, end: string) =>
  Object.entries(checks)
    .map(([what, check]) => `count(*) FILTER (${check(raw)})::DOUBLE AS ${what}${end}`)
    .join(', ');

async function countStacked(columns: Checked[], from: Rows, kit: FormatKit): Promise<Record<string, number>[]> {
  const counts = columns.map(({ checks }) => Object.fromEntries(Object.keys(checks).map((what) => [what, 0])));
  const rows = await askStacked(
    columns.map(({ raw, checks }) => ({ raw, sql: countsOf(checks, 'value', '') })),
    (sql, stack) => `SELECT place, ${sql} FROM (${stack}) GROUP BY place`,
    from,
    kit,
  );
  for (const { place, ...found } of rows)
    for (const [what, count] of Object.entries(found)) counts[Number(place)][what] = Number(count);
  return counts;
}

/**
 * Asks the same of columns that are stacked in one, `value`, with their places beside it, `place`. DuckDB needs some milliseconds to
 * understand the conditions of one column, and more for each the more there are. Long columns are asked one by one.
 */
export async function askStacked(
  columns: { raw: string; sql: string }[],
  ask: (sql: string, stack: string) => string,
  { raw, rows, beside = '' }: Rows,
  kit: FormatKit,
): Promise<Record<string, unknown>[]> {
  const stacks = new Map<string, number[]>();
  for (const [at, { sql }] of columns.entries()) {
    const key = rows > mostStacked ? `${at} ${sql}` : sql;
    stacks.set(key, [...(stacks.get(key) ?? []), at]);
  }
  const answers: Record<string, unknown>[] = [];
  for (const places of stacks.values()) {
    const [first] = places;
    const values = places.map((at) => columns[at].raw).join(', ');
    const stack =
      places.length === 1
        ? `SELECT ${beside}${first} AS place, ${values} AS value FROM ${raw}`
        : `SELECT ${beside}unnest([${places.join(', ')}]) AS place, unnest([${values}]) AS value FROM ${raw}`;
    answers.push(...(await kit.duck.rows(ask(columns[first].sql, stack))));
  }
  return answers;
}
