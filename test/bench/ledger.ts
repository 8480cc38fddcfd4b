// What it costs to put a call on record, against a query of a real table through a real client.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ledger } from '@bregma/core/ledger/ledger';
import { connect } from '../fixtures/client.ts';
import { anyRecord } from '../fixtures/records.ts';
import { line, middle } from './report.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-bench-'));
const ledger = new Ledger(path.join(folder, 'ledger'));
const body = {
  tool: 'query_data',
  arguments: { sql: 'SELECT kind, count(*) FROM celegans_cook2019.edges GROUP BY 1' },
  answer: { rows: Array.from({ length: 20 }, (_, i) => [`row ${i}`, i]) },
};
const appends: number[] = [];
for (let round = 0; round < 9; round++) {
  const from = performance.now();
  for (let i = 0; i < 1000; i++) ledger.append([anyRecord('activity', 'query_data', body)]);
  appends.push(performance.now() - from); // µs an append: ms for a thousand
}
ledger.close();

process.env.BREGMA_TEST_DIST ??= '1';
const atlas = await connect('atlas', folder);
await atlas.call('add_data', { source: 'celegans-cook2019' });
const sql = 'SELECT kind, count(*) AS n, sum(weight) AS w FROM celegans_cook2019.edges GROUP BY 1';
const calls: number[] = [];
for (let i = 0; i < 40; i++) {
  const from = performance.now();
  await atlas.call('query_data', { sql });
  if (i >= 5) calls.push((performance.now() - from) * 1000);
}
await atlas.close();
line('ledger: append of one activity', appends, 'µs');
line('query_data on 7,379 edges, through MCP', calls, 'µs');
console.log(`ledger append as a share of that call: ${((100 * middle(appends)) / middle(calls)).toFixed(2)} %`);
rmSync(folder, { recursive: true, force: true });
