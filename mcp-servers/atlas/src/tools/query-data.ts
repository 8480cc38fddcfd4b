import { BregmaError } from '@bregma/core/errors';
import { listDatasets } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { runQuery } from '../query/engine.ts';
import { resultsNamed } from '../query/results.ts';
import { sourcesOf } from '../query/sources.ts';

/** Longest statement, characters. */
const longestSql = 100_000;

export const queryData = defineTool({
  name: 'query_data',
  question: 'Ask added data sets in SQL (DuckDB, read only); the whole is kept as Parquet.',
  input: z.object({
    sql: z
      .string()
      .describe(
        'One statement. Tables: "id@release".table (arrays too, a row a value), id_with_underscores.table, "act-…".result of an earlier call, object."sha256". Also psth, spike_count, tuning, sem, descendants, cells_in: bregma://sql/NAME',
      ),
    limit: z.number().int().min(0).max(200).default(20).describe('Rows in the preview'),
    digits: z.number().int().min(1).max(17).default(6).describe('Significant'),
    timeout_s: z.number().min(1).max(300).default(20),
  }),
  output: z.object({
    columns: z.array(z.object({ name: z.string(), type: z.string(), text: z.literal(true).optional() })),
    rows: z.array(z.array(z.unknown())),
    result: z.looseObject({ object: z.string() }),
    preview: z.string().optional(),
  }),
  effect: 'read',
  digits: 'all',
  view: 'table',
  /** Types that JSON shows by itself are left out, and the object where all of its rows stand in the answer. */
  brief({ columns, rows, result, preview }, n) {
    const told = columns.filter((column, i) => !isShown(column, rows.find((row) => row[i] !== null)?.[i]));
    return {
      columns: columns.map(({ name }) => name),
      types: told.length > 0 ? Object.fromEntries(told.map(({ name, type }) => [name, type])) : undefined,
      rows,
      result: rows.length === n?.count && rows.length > 0 ? undefined : result,
      preview,
    };
  },
  async run({ sql, limit, digits, timeout_s }, { workspace, signal }) {
    if (sql.length > longestSql)
      throw new BregmaError('too-large', `The statement has ${sql.length} characters; ${longestSql} are read.`);
    const releases = listDatasets(workspace.ledger);
    const { found, result } = await runQuery(
      { sql, limit, digits },
      releases,
      workspace,
      { signal, timeoutMs: timeout_s * 1000 },
      (found) => ({ found, result: workspace.objects.adopt(found.file, 'application/vnd.apache.parquet') }),
    );
    const { kind, release, licence, cite, inputs } = sourcesOf(found.releases, releases, resultsNamed(sql, workspace));
    const said = [
      found.shortened && `Cut by size after ${found.preview.length} rows.`,
      found.rounded && `Rounded to ${digits} digits.`,
    ].filter((sentence) => sentence !== false);
    return {
      value: {
        columns: found.columns,
        rows: found.preview,
        result,
        preview: said.length > 0 ? said.join(' ') : undefined,
      },
      kind,
      n: { count: found.rows, of: 'rows' },
      completeness: {
        returned: found.preview.length,
        available: found.complete ? found.rows : null,
        of: found.complete ? 'rows' : `rows; the kept result was cut at ${found.rows} rows, there are more`,
      },
      release,
      licence,
      cite,
      inputs,
      outputs: [result.object],
    };
  },
});

/** Whether a value as JSON shows what its column is. A number that is kept as text does not. */
function isShown({ type, text }: { type: string; text?: true }, value: unknown): boolean {
  if (text || value === undefined) return false;
  if (typeof value === 'number') return /^(DOUBLE|FLOAT|U?(BIG|SMALL|TINY)?INT(EGER)?)$/.test(type);
  return (typeof value === 'string' && type === 'VARCHAR') || (typeof value === 'boolean' && type === 'BOOLEAN');
}
