import { looksInSql } from '@bregma/core/ledger/look';
import { eachRow } from '@bregma/core/ledger/rows';
import type { Records } from './records.ts';

/** Calls of one client without a pause of half an hour. */
export interface Session {
  client: string;
  /** Numbers of its first and last record. */
  first: number;
  last: number;
  from: string;
  to: string;
  calls: number;
  /** Most called first. */
  tools: string[];
}

const pauseMs = 30 * 60_000;
/** Sessions that are listed at most. */
const most = 200;

/** All sessions, newest first. */
export function notebookSessions({ ledger }: Records): Session[] {
  const calls = ledger.database.prepare(
    `SELECT seq, at, subject AS tool, json_extract(body, '$.client') AS client FROM records
       WHERE kind = 'activity' AND json_extract(body, '$.replayOf') IS NULL AND subject NOT IN (${looksInSql}) ORDER BY seq`,
  );
  const rows = eachRow<{ seq: number; at: string; tool: string; client: string }>(calls);
  const sessions: (Session & { counts: Map<string, number> })[] = [];
  const open = new Map<string, Session & { counts: Map<string, number> }>();
  for (const { seq, at, tool, client } of rows) {
    let session = open.get(client);
    if (!session || Date.parse(at) - Date.parse(session.to) > pauseMs) {
      session = { client, first: seq, last: seq, from: at, to: at, calls: 0, tools: [], counts: new Map() };
      open.set(client, session);
      sessions.push(session);
    }
    Object.assign(session, { last: seq, to: at, calls: session.calls + 1 });
    session.counts.set(tool, (session.counts.get(tool) ?? 0) + 1);
  }
  return sessions
    .sort((a, b) => b.last - a.last)
    .slice(0, most)
    .map(({ counts, ...session }) => ({
      ...session,
      tools: [...counts].sort((a, b) => b[1] - a[1]).map(([tool]) => tool),
    }));
}
