import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { unknownName } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { nearest } from '@bregma/core/nearest';
import type { Workspace } from '@bregma/core/workspace';
import { identifier, literal } from '@bregma/readers/sql-text';
import { askRows } from './ask-rows.ts';

/** What the values of a column are like. No number of a measurement is among it: looking at a profile shows no result. */
export interface ColumnProfile {
  name: string;
  type: string;
  /** Rows in which it is not measured. */
  missing: number;
  distinct: number;
  /** Level → rows, most frequent first, where there are few. */
  levels?: Record<string, number>;
  /** Of a column of texts that is neither names nor numbers throughout: how many are numbers. */
  mixed?: { numbers: number; texts: number };
}

/** A column with more different values lists none of them. */
const fewLevels = 12;
/** Columns that are profiled at most. */
const mostColumns = 200;

/** Profiles the columns of one table of a release. Throws `unknown-name`. */
export async function profileTable(
  release: DatasetRelease,
  name: string,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<{ table: string; rows: number; columns: ColumnProfile[] }> {
  const names = release.tables.map((table) => table.name);
  const table = release.tables.find((one) => one.name === name);
  if (!table)
    throw unknownName(
      `table of ${datasetRef(release)}`,
      name,
      nearest(name, names),
      `There are: ${names.join(', ') || 'none'}.`,
    );
  const from = `${identifier(datasetRef(release))}.${identifier(name)}`;
  const columns = table.columns.slice(0, mostColumns);
  const ask = async (parts: string[]) =>
    parts.length === 0 ? [] : (await askRows(parts.join(' UNION ALL '), { rows: 10_000 }, workspace, signal)).rows;
  const counts = await ask(
    columns.map(
      ({ name: column }, i) =>
        `SELECT ${i} AS i, count(*) AS total, count(${identifier(column)}) AS present, count(DISTINCT ${identifier(column)}) AS levels, count(TRY_CAST(CAST(${identifier(column)} AS VARCHAR) AS DOUBLE)) AS numbers FROM ${from}`,
    ),
  );
  const found = columns.map(({ name: column, type }, i) => {
    const row = counts.find((one) => Number(one.i) === i) ?? {};
    const [present, distinct, numbers] = [row.present, row.levels, row.numbers].map(Number);
    return { name: column, type: String(type), total: Number(row.total), present, distinct, numbers };
  });
  const listed = found.filter(({ type, distinct }) => distinct <= fewLevels && /text|varchar|bool|int/i.test(type));
  const levels = await ask(
    listed.map(
      ({ name: column }) =>
        `SELECT ${literal(column)} AS c, CAST(${identifier(column)} AS VARCHAR) AS level, count(*) AS n FROM ${from} WHERE ${identifier(column)} IS NOT NULL GROUP BY ALL`,
    ),
  );
  return {
    table: name,
    rows: found[0]?.total ?? 0,
    columns: found.map(({ name: column, type, total, present, distinct, numbers }) => {
      const own = levels
        .filter(({ c }) => c === column)
        .sort((a, b) => Number(b.n) - Number(a.n) || (String(a.level) < String(b.level) ? -1 : 1));
      const texts = /text|varchar/i.test(type);
      return {
        name: column,
        type,
        missing: total - present,
        distinct,
        ...(own.length > 0 && {
          levels: Object.fromEntries(own.map(({ level, n }) => [String(level).slice(0, 80), Number(n)])),
        }),
        ...(texts && numbers > 0 && numbers < present && { mixed: { numbers, texts: present - numbers } }),
      };
    }),
  };
}
