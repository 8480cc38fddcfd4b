import type { Activity } from '@bregma/core/contracts/activity';
import type { Answer } from '@bregma/core/contracts/answer';
import { looksInSql } from '@bregma/core/ledger/look';
import { type LedgerRecord, recordId } from '@bregma/core/ledger/records';
import { rowsOf } from '@bregma/core/ledger/rows';
import { answerOf } from '../draw/answer.ts';
import type { SessionCall } from '../session.ts';
import type { Records } from './records.ts';

/** Calls of a session that become cells at most. */
const mostCalls = 500;
/** Characters of an answer in which ids are looked for. */
const lookedAt = 200_000;

/** The calls of a client between two records, oldest first. */
export function notebookSessionCalls(store: Records, client: string, first: number, last: number): SessionCall[] {
  const calls = store.ledger.database.prepare(
    `SELECT * FROM records WHERE kind = 'activity' AND seq BETWEEN ? AND ? AND json_extract(body, '$.client') = ?
       AND json_extract(body, '$.replayOf') IS NULL AND subject NOT IN (${looksInSql}) ORDER BY seq LIMIT ${mostCalls}`,
  );
  return rowsOf<{ hash: string; body: string; at: string }>(calls, first, last, client).map(({ hash, body, at }) => {
    const id = recordId('activity', hash);
    const activity: Activity = JSON.parse(body);
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

function answerIn({ objects }: Records, id: string, body: Activity): Answer | undefined {
  try {
    // SAFETY: these two are all that it reads of a record.
    return answerOf({ id, body } as LedgerRecord<'activity'>, objects);
  } catch {
    return undefined; // An answer whose object is gone still has a call that can be made again.
  }
}
