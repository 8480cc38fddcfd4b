import type { ValueKind } from '../contracts/value-kind.ts';
import type { Ledger } from './ledger.ts';
import { indexOf } from './ledger-index.ts';
import { recordId } from './records.ts';
import { rowsOf } from './rows.ts';

/** Which activities are wanted. Members that are left out do not restrict. */
export interface ActivityFilter {
  tool?: string;
  status?: string;
  valueKind?: string;
  /** Local date, YYYY-MM-DD. */
  day?: string;
  /** Found anywhere in the record, upper and lower case alike in ASCII. */
  text?: string;
}

/** One activity as a list shows it: short, whatever the record holds. */
export interface ActivityRow {
  seq: number;
  id: string;
  tool: string;
  server: string;
  status: string;
  at: string;
  /** Duration in ms, or null when the record does not say. */
  ms: number | null;
  client: string;
  valueKind: ValueKind | null;
  error: string | null;
  replayOf: string | null;
}

/** A page of calls, newest first. */
export interface ActivityPage {
  rows: ActivityRow[];
  /** Ask for the next page with `before` this; null: there is no more. */
  next: number | null;
}

/** Records that are looked through for a text between two pauses. */
const window = 10_000;

const columns = `records.seq, hash, substr(subject, 1, 200) AS tool, substr(at, 1, 40) AS at,
  substr(json ->> '$.server', 1, 60) AS server, substr(json ->> '$.status', 1, 20) AS status,
  CAST(round((julianday(json ->> '$.end') - julianday(json ->> '$.start')) * 86400000) AS INTEGER) AS ms,
  substr(json ->> '$.client', 1, 200) AS client,
  substr(coalesce(json ->> '$.valueKind', json ->> '$.answer.kind'), 1, 20) AS valueKind,
  substr(json ->> '$.error.message', 1, 300) AS error, substr(json ->> '$.replayOf', 1, 40) AS replayOf`;

/**
 * Activities, newest first, at most `limit`, older than record number `before`. Without a filter nothing but the page is read.
 * A text is looked for record by record; the generator yields between windows of records so that a thread can do other things.
 */
export function* activityPage(
  ledger: Ledger,
  filter: ActivityFilter,
  options: { limit: number; before?: number },
): Generator<{ done: number; total: number }, ActivityPage> {
  const { limit } = options;
  const top = options.before ?? ledger.head().seq + 1;
  const { day, tool, status, valueKind, text } = filter;
  const shown = Object.entries({ day, tool, status, valueKind }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  if (shown.length > 0) yield* indexOf(ledger).steps();
  const rows: ActivityRow[] = [];
  const from = shown.length > 0 ? 'temp.shown AS shown CROSS JOIN records USING (seq)' : 'records';
  const where = [
    ...shown.map(([name]) => `shown.${name} = ?`),
    ...(text ? ['instr(lower(body), ?) > 0'] : []),
    // `+`: the page is found by number, not by sorting everything of this kind.
    ...(shown.length > 0 ? [] : ["+kind = 'activity'"]),
  ];
  const statement = ledger.database.prepare(`
    SELECT ${columns} FROM (
      SELECT records.*, CASE WHEN json_valid(body) THEN body ELSE '{"status":"damaged"}' END AS json
      FROM ${from} WHERE ${[...where, 'records.seq < ?', 'records.seq >= ?'].join(' AND ')}
      ORDER BY records.seq DESC LIMIT ?) AS records`);
  const values = [...shown.map(([, value]) => value), ...(text ? [text.toLowerCase()] : [])];
  let below = top;
  while (below > 1 && rows.length <= limit) {
    const floor = text ? Math.max(1, below - window) : 1;
    const found = rowsOf<ActivityRow & { hash: string }>(statement, ...values, below, floor, limit + 1 - rows.length);
    for (const { hash, ...row } of found) rows.push({ ...row, id: recordId('activity', hash) });
    below = floor;
    if (text) yield { done: top - below, total: top - 1 };
  }
  const more = rows.length > limit;
  return { rows: rows.slice(0, limit), next: more ? rows[limit - 1].seq : null };
}

/** One group of activities: a day, a tool or a status. */
export interface ActivityCount {
  name: string;
  count: number;
  failed: number;
}

/** How many activities there are by day (newest first), tool (most first), status and value kind. */
export function* activityCounts(
  ledger: Ledger,
): Generator<{ done: number; total: number }, Record<'day' | 'tool' | 'status' | 'valueKind', ActivityCount[]>> {
  yield* indexOf(ledger).steps();
  const by = (name: string, order: string) =>
    rowsOf<ActivityCount>(
      ledger.database.prepare(
        `SELECT coalesce(${name}, '') AS name, count(*) AS count, count(*) FILTER (WHERE status IS NOT 'ok') AS failed
         FROM temp.shown GROUP BY 1 ORDER BY ${order} LIMIT 1000`,
      ),
    );
  return {
    day: by('day', '1 DESC'),
    tool: by('tool', '2 DESC, 1'),
    status: by('status', '2 DESC'),
    valueKind: by('valueKind', '2 DESC'),
  };
}

/** Runs a generator of steps to its end and gives its result. */
export function drain<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
