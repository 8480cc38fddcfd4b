import { readFileSync } from 'node:fs';
import { listDatasets } from '@bregma/core/ledger/catalogue';
import type { Workspace } from '@bregma/core/workspace';
import { drawableRows } from '@bregma/readers/drawable-rows';
import type { Room } from '@bregma/readers/rows';
import { runQuery } from './engine.ts';
import type { QuerySuccess } from './protocol.ts';
import { resultsNamed } from './results.ts';
import { type Sources, sourcesOf } from './sources.ts';

/** A statement may take this long where its tool has no argument for it, ms. */
const longestMs = 120_000;

/** Rows of a statement for a tool that works on them, as many as there is room for, with what they rest on. */
export async function askRows(
  sql: string,
  room: Room,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<{ columns: string[]; rows: Record<string, unknown>[]; found: QuerySuccess; sources: Sources }> {
  const releases = listDatasets(workspace.ledger);
  const { found, parquet } = await runQuery(
    { sql, limit: 0 },
    releases,
    workspace,
    { signal, timeoutMs: longestMs },
    (found) => ({ found, parquet: readFileSync(found.file) }),
  );
  const { columns, rows } = await drawableRows(parquet, room);
  return { columns, rows, found, sources: sourcesOf(found.releases, releases, resultsNamed(sql, workspace)) };
}
