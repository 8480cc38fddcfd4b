// query_data through the MCP client against DuckDB's own client on the same Parquet file, in turns.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { openWorkspace } from '@bregma/core/workspace';
import { DuckDBInstance } from '@duckdb/node-api';
import { connect } from '../fixtures/client.ts';
import { inTurns, line } from './report.ts';

process.env.BREGMA_TEST_DIST ??= '1';
const folder = mkdtempSync(path.join(tmpdir(), 'bregma-bench-'));
const atlas = await connect('atlas', folder);
await atlas.call('add_data', { source: 'drosophila-larva-winding2023' });
const store = openWorkspace(folder);
const release = findDataset(store.ledger, 'drosophila-larva-winding2023');
const duck = await (await DuckDBInstance.create(':memory:')).connect();
await duck.run('CREATE SCHEMA drosophila_larva_winding2023');
for (const { name, object } of release.tables) {
  await duck.run(
    `CREATE TABLE drosophila_larva_winding2023.${name} AS SELECT * FROM read_parquet('${store.objects.pathOf(object)}')`,
  );
}
store.close();

const statements = {
  'count 119,010 edges': 'SELECT count(*) AS n FROM drosophila_larva_winding2023.edges',
  'join edges with both neurons, group by type': `SELECT a.cell_type AS pre, b.cell_type AS post, sum(e.weight) AS w FROM drosophila_larva_winding2023.edges e
    JOIN drosophila_larva_winding2023.neurons a ON a.id = e.pre JOIN drosophila_larva_winding2023.neurons b ON b.id = e.post GROUP BY ALL ORDER BY w DESC LIMIT 20`,
  'all 119,010 rows': 'SELECT * FROM drosophila_larva_winding2023.edges',
};
const timed = async (work: () => Promise<unknown>) => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};
for (const [name, sql] of Object.entries(statements)) {
  const found = await inTurns(
    { ours: () => timed(() => atlas.call('query_data', { sql })), duckdb: () => timed(() => duck.runAndReadAll(sql)) },
    15,
  );
  line(`query_data: ${name}`, found.ours, 'ms', { name: 'DuckDB in process', values: found.duckdb });
}
await atlas.close();
rmSync(folder, { recursive: true, force: true });
