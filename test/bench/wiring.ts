// Questions to a connectome of 15 million connections through the built atlas server: the first one after it was added and after a restart,
// then warm ones in turns with DuckDB in this process on the same Parquet: partners of a neuron (trace, SQL), two hops, connections
// between types. In ms, from the question to the answer. BREGMA_BENCH_EDGES: how many connections.
import { findDataset } from '@bregma/core/ledger/catalogue';
import { openWorkspace } from '@bregma/core/workspace';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';
import { inTurns, line } from './report.ts';

process.env.BREGMA_TEST_DIST ??= '1';
const edges = Number(process.env.BREGMA_BENCH_EDGES ?? 15_000_000);
const rounds = Number(process.env.BREGMA_BENCH_ROUNDS ?? 7);
const space = temporaryWorkspace();
const timed = async (work: () => Promise<unknown>) => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};
let atlas: Connection = await connect('atlas', space.folder);
const adding = await timed(async () => {
  const made = await atlas.call('add_data', { source: 'synthetic-connectome', id: 'fly', options: { edges } });
  // A busy machine takes longer than a call may last.
  for (let state = made.value.state; state === 'running'; )
    ({ state } = (await atlas.call('get_run', { run_id: made.value.run_id, wait_s: 30 })).value);
});
console.log(`${edges} connections made with add_data in ${(adding / 1000).toFixed(1)} s`);
const store = openWorkspace(space.folder);
const release = findDataset(store.ledger, 'fly');
const fileOf = (name: string) =>
  store.objects.pathOf(release.tables.find((table) => table.name === name)?.object ?? '');
const [neurons, connections] = [fileOf('neurons'), fileOf('edges')];
store.close();
const duck = await (await DuckDBInstance.create(':memory:')).connect();
const [[neuron]] = (
  await duck.runAndReadAll(`SELECT pre FROM read_parquet('${connections}') LIMIT 1 OFFSET 1000`)
).getRowsJson();
const trace = (more: object) => atlas.call('trace_connections', { data: 'fly', from: String(neuron), ...more });
const partnersSql = (table: string) =>
  `SELECT post, weight FROM ${table} WHERE pre = '${neuron}' ORDER BY weight DESC, post`;
const typesSql = (edge: string, node: string) =>
  `SELECT a.cell_type AS pre, b.cell_type AS post, sum(e.weight) AS weight FROM ${edge} e JOIN ${node} a ON a.id = e.pre JOIN ${node} b ON b.id = e.post GROUP BY ALL ORDER BY ALL`;
const twoHopsSql = (edge: string) =>
  `SELECT count(DISTINCT b.post) FROM ${edge} a JOIN ${edge} b ON b.pre = a.post WHERE a.pre = '${neuron}'`;

const show = (name: string, ms: number) => console.log(`${name}: ${ms.toFixed(0)} ms`);
show('first trace after adding', await timed(() => trace({})));
show('first SQL after adding', await timed(() => atlas.call('query_data', { sql: partnersSql('fly.edges') })));
await atlas.close();
atlas = await connect('atlas', space.folder);
show('first trace after a restart', await timed(() => trace({})));
await atlas.close();
atlas = await connect('atlas', space.folder);
show('first SQL after a restart', await timed(() => atlas.call('query_data', { sql: partnersSql('fly.edges') })));

const ask = (sql: string) => () => timed(() => atlas.call('query_data', { sql }));
const peer = (sql: string) => () => timed(() => duck.runAndReadAll(sql));
const [edge, node] = [`read_parquet('${connections}')`, `read_parquet('${neurons}')`];
const found = await inTurns(
  {
    trace: () => timed(() => trace({})),
    sql: ask(partnersSql('fly.edges')),
    duckdb: peer(partnersSql(edge)),
    hops: () => timed(() => trace({ hops: 2 })),
    duckdbHops: peer(twoHopsSql(edge)),
    types: ask(typesSql('fly.edges', 'fly.neurons')),
    duckdbTypes: peer(typesSql(edge, node)),
  },
  rounds,
);
const name = 'DuckDB in process, same Parquet';
line('partners of a neuron, trace', found.trace, 'ms', { name, values: found.duckdb });
line('partners of a neuron, SQL', found.sql, 'ms', { name, values: found.duckdb });
line('two hops, trace', found.hops, 'ms', { name, values: found.duckdbHops });
line('types × types, SQL', found.types, 'ms', { name, values: found.duckdbTypes });
await atlas.close();
duck.closeSync();
space.remove();
