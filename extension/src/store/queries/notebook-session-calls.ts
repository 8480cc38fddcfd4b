import type { Activity } from '@bregma/core/contracts/activity';
import type { Answer } from '@bregma/core/contracts/answer';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import { answerOf } from '../../notebook/draw/answer.ts';
import type { SessionCall } from '../../notebook/session.ts';
import type { ReadStore } from './query.ts';

/** Calls of a session that become cells at most. */
const mostCalls = 500;
/** Characters of an answer in which ids are looked for. */
const lookedAt = 200_000;

/** The calls of a client between two records, oldest first. */
export function notebookSessionCalls(store: ReadStore, client: string, first: number, last: number): SessionCall[] {
  const rows = store.ledger.database
    .prepare(
      `SELECT * FROM records WHERE kind = 'activity' AND seq BETWEEN ? AND ? AND json_extract(body, '$.client') = ?
       AND json_extract(body, '$.replayOf') IS NULL ORDER BY seq LIMIT ${mostCalls}`,
    )
    .all(first, last, client) as { hash: string; body: string; at: string }[];
  return rows.map(({ hash, body, at }) => {
    const id = `act-${hash.slice(0, 16)}`;
    const activity = JSON.parse(body) as Activity;
    const answer = activity.status === 'ok' ? answerIn(store, id, activity) : undefined;
    return {
      activity: id,
      tool: activity.tool,
      arguments: activity.arguments,
      status: activity.status,
      error: activity.error?.message,
      at,
      releases: activity.releases,
      kind: answer?.kind,
      n: answer?.n,
      value: answer && JSON.stringify(answer.value).length <= lookedAt ? answer.value : undefined,
    };
  });
}

function answerIn({ objects }: ReadStore, id: string, body: Activity): Answer | undefined {
  try {
    return answerOf({ id, body } as LedgerRecord<'activity'>, objects);
  } catch {
    return undefined; // An answer whose object is gone still has a call that can be made again.
  }
}
