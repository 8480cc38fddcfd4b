import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { ValueKind } from '@bregma/core/contracts/value-kind';
import { BregmaError } from '@bregma/core/errors';
import { defineTool } from '@bregma/core/mcp/tool';
import { datasetRef, listDatasets } from '@bregma/core/store/catalogue';
import * as z from 'zod';
import { runQuery } from '../query/engine.ts';

/** Longest statement, characters. */
const longestSql = 100_000;

export const queryData = defineTool({
  name: 'query_data',
  question: 'Ask added data sets in SQL (DuckDB, read only); the full result is kept as Parquet.',
  input: z.object({
    sql: z.string().describe('One statement. Tables: "id@release".table, or id_with_underscores.table'),
    limit: z.number().int().min(0).max(200).default(20).describe('Rows in the preview'),
    timeout_s: z.number().min(1).max(300).default(20),
  }),
  output: z.object({
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: z.array(z.array(z.unknown())),
    result: z.looseObject({ object: z.string() }),
  }),
  effect: 'compute',
  async run({ sql, limit, timeout_s }, { workspace, signal }) {
    if (sql.length > longestSql)
      throw new BregmaError('too-large', `The statement has ${sql.length} characters; ${longestSql} are read.`);
    const releases = listDatasets(workspace.ledger);
    const found = await runQuery(sql, limit, releases, workspace, { signal, timeoutMs: timeout_s * 1000 });
    const result = workspace.objects.adopt(found.output, 'application/vnd.apache.parquet');
    const used = usedReleases(found.schemas, releases);
    return {
      value: { columns: found.columns, rows: found.preview, result },
      kind: weakest(used),
      n: { count: found.rows, of: 'rows' },
      completeness: {
        returned: found.preview.length,
        available: found.complete ? found.rows : null,
        of: found.complete ? 'rows' : `rows; the result was cut at ${found.rows}`,
      },
      release: used.map(datasetRef),
      licence: [...new Set(used.map(({ card }) => card.licence))],
      cite: [...new Set(used.flatMap(({ card }) => card.cite))],
      inputs: used.map(datasetRef),
      outputs: [result.object],
    };
  },
});

/** Releases whose schema the statement names. */
function usedReleases(schemas: string[], releases: DatasetRelease[]): DatasetRelease[] {
  const named = new Set(schemas.map((schema) => schema.toLowerCase()));
  const newest = new Map(releases.map((release) => [release.id, release]));
  return releases.filter((release) => {
    const names = newest.get(release.id) === release ? [release.id, release.id.replace(/[^a-z0-9]/g, '_')] : [];
    return [datasetRef(release), ...names].some((name) => named.has(name.toLowerCase()));
  });
}

/** SQL computes: of measured data its result is derived, and otherwise as weak as the weakest that it was made from. */
function weakest(releases: DatasetRelease[]): ValueKind {
  const order = ValueKind.options;
  const kinds: ValueKind[] = ['derived', ...releases.map(({ card }) => card.kind)];
  return kinds.sort((a, b) => order.indexOf(b) - order.indexOf(a))[0];
}
