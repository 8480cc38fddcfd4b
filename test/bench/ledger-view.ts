// What the editor waits for when it opens a ledger of 100,000 activities: the first page, the groups, a filter, a text, a trace.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { activityCounts, activityPage, drain } from '@bregma/core/ledger/activity-page';
import { Ledger } from '@bregma/core/ledger/ledger';
import { traceRecord } from '@bregma/core/provenance/walk';
import { makeLargeLedger } from '../fixtures/large-ledger.ts';

const activities = 100_000;
const folder = mkdtempSync(path.join(tmpdir(), 'bregma-bench-'));
const joined = makeLargeLedger(folder, activities, 2000);
const megabytes = statSync(path.join(folder, 'ledger.sqlite')).size / 1e6;
console.log(`${activities} activities, ${megabytes.toFixed(0)} MB`);

function seconds<Result>(what: string, run: () => Result): Result {
  const from = performance.now();
  const result = run();
  console.log(`${what.padEnd(58)} ${((performance.now() - from) / 1000).toFixed(3)} s`);
  return result;
}

const ledger = seconds('open the ledger', () => new Ledger(folder, { readOnly: true }));
seconds('first page of 200', () => drain(activityPage(ledger, {}, { limit: 200 })));
seconds('counts by day, tool, status and kind (reads every record)', () => drain(activityCounts(ledger)));
seconds('page of none', () => drain(activityPage(ledger, { status: 'cancelled' }, { limit: 200 })));
seconds('page of failed ones', () => drain(activityPage(ledger, { status: 'failed' }, { limit: 200 })));
seconds('page of one tool', () => drain(activityPage(ledger, { tool: 'run_twin' }, { limit: 200 })));
seconds('a text that one old record has', () =>
  drain(activityPage(ledger, { text: 'stimulus = 12 ' }, { limit: 200 })),
);
const { trace } = seconds('lineage of 2,000 activities, whole', () =>
  traceRecord(ledger, joined, { limit: 10_000, whole: true }),
);
console.log(`  ${trace.total} records, objects and files`);
seconds('the same, collapsed', () => traceRecord(ledger, joined, { limit: 400 }));
ledger.close();
rmSync(folder, { recursive: true, force: true });
