import path from 'node:path';
import { activityCounts, activityPage, drain } from '@bregma/core/ledger/activity-page';
import { Ledger } from '@bregma/core/ledger/ledger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryWorkspace } from '../../fixtures/client.ts';
import { makeLargeLedger } from '../../fixtures/large-ledger.ts';
import { anyRecord } from '../../fixtures/records.ts';

const made = temporaryWorkspace();
let ledger: Ledger;

beforeAll(() => {
  makeLargeLedger(made.folder, 1000);
  ledger = new Ledger(made.folder, { readOnly: true });
});
afterAll(() => {
  ledger.close();
  made.remove();
});

const page = (filter: object, limit: number, before?: number) => drain(activityPage(ledger, filter, { limit, before }));

describe('a page of activities', () => {
  test('has the newest first, and pages join without a gap or a repeat', () => {
    const seen: number[] = [];
    let before: number | undefined;
    for (;;) {
      const { rows, next } = page({}, 300, before);
      seen.push(...rows.map(({ seq }) => seq));
      if (next === null) break;
      before = next;
    }
    expect(seen).toHaveLength(1000);
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
    expect(new Set(seen).size).toBe(1000);
  });

  test('shows what a record says, with the id by which it is found', () => {
    const [row] = page({ status: 'failed' }, 1).rows;
    expect(row).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('There is no stimulus'),
      valueKind: null,
    });
    expect(ledger.byId(row.id)?.seq).toBe(row.seq);
    expect(page({ status: 'ok' }, 1).rows[0]).toMatchObject({ valueKind: 'synthetic', ms: expect.any(Number) });
  });

  test('is filtered by tool, status, kind, day and text, alone and together', () => {
    expect(page({ tool: 'run_twin' }, 2000).rows).toHaveLength(200);
    expect(page({ status: 'failed' }, 2000).rows).toHaveLength(24);
    expect(page({ valueKind: 'synthetic' }, 2000).rows).toHaveLength(976);
    expect(page({ text: 'STIMULUS = 500 ' }, 10).rows.map(({ seq }) => seq)).toEqual([503]);
    expect(page({ text: 'stimulus = 500 ', status: 'failed' }, 10).rows).toEqual([]);
    const { day } = drain(activityCounts(ledger));
    expect(page({ day: day[0].name }, 2000).rows).toHaveLength(day[0].count);
  });

  test('a name with a quote is a name', () => {
    expect(page({ tool: "'; DROP TABLE shown; --" }, 10).rows).toEqual([]);
    expect(page({}, 1).rows).toHaveLength(1);
  });
});

test('counts say how many activities of each tool there are and how many failed', () => {
  const { tool, status } = drain(activityCounts(ledger));
  expect(tool.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
  expect(status).toEqual([
    { name: 'ok', count: 976, failed: 0 },
    { name: 'failed', count: 24, failed: 24 },
  ]);
});

test('what another process appends is on the next page and in the next counts', () => {
  const writer = new Ledger(made.folder);
  writer.append([anyRecord('activity', 'query_data', { tool: 'query_data', status: 'cancelled' })]);
  writer.close();
  expect(page({}, 1).rows[0]).toMatchObject({ tool: 'query_data', status: 'cancelled', ms: null, client: null });
  expect(drain(activityCounts(ledger)).status).toContainEqual({ name: 'cancelled', count: 1, failed: 1 });
});

test('a record that was changed into something else than JSON is listed as damaged and read by nobody', () => {
  const folder = path.join(made.folder, 'damaged');
  makeLargeLedger(folder, 10);
  const writer = new Ledger(folder);
  writer.database.exec("DROP TRIGGER records_never_change; UPDATE records SET body = '{' WHERE seq = 5");
  writer.close();
  const damaged = new Ledger(folder, { readOnly: true });
  const { rows } = drain(activityPage(damaged, {}, { limit: 100 }));
  expect(rows).toHaveLength(10);
  expect(rows.find(({ seq }) => seq === 5)?.status).toBe('damaged');
  expect(() => damaged.byId(rows.find(({ seq }) => seq === 5)?.id ?? '')).toThrow(/Record number 5 .*was changed/);
  damaged.close();
});

test('a file whose records are a view is no ledger: a foreign query never runs', () => {
  const folder = path.join(made.folder, 'view');
  makeLargeLedger(folder, 2);
  const writer = new Ledger(folder);
  writer.database.exec(
    'DROP TABLE records; CREATE VIEW records AS WITH RECURSIVE n(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n) SELECT * FROM n',
  );
  writer.close();
  expect(() => new Ledger(folder, { readOnly: true })).toThrow(/does not hold its records in the table/);
});
