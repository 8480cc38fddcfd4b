import { unknownName } from '@bregma/core/errors';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import { compareRecords } from '@bregma/core/provenance/compare';
import { answerOf } from '@bregma/core/provenance/replay';
import type { ComparisonModel } from '@bregma/webviews/comparison/model';
import type { ReadStore } from './query.ts';

/** Two activities side by side. Throws `unknown-name` when either is none of this workspace. */
export function comparison({ ledger, objects }: ReadStore, beforeId: string, afterId: string): ComparisonModel {
  const [before, after] = [beforeId, afterId].map((id) => {
    const record = ledger.find('activity', id);
    if (record?.kind === 'activity') return record;
    throw unknownName('activity', id, []);
  });
  const side = ({ id, at, body }: LedgerRecord<'activity'>): ComparisonModel['before'] => {
    // SAFETY: the call path keeps an answer in the form of its envelope; what is absent is shown as absent.
    const answer = (body.answerObject ? undefined : answerOf(body, objects)) as
      | { kind?: string; n?: { count: number; of: string } }
      | undefined;
    return {
      id,
      at,
      tool: body.tool,
      code: body.code,
      valueKind: body.valueKind ?? answer?.kind ?? null,
      n: answer?.n ?? null,
    };
  };
  const as = after.body.replayOf === before.id ? 'replay' : 'compare';
  return { as, before: side(before), after: side(after), ...compareRecords(before, after, objects) };
}
