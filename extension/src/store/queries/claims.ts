import { rowsOf } from '@bregma/core/ledger/rows';
import type { ReadStore } from './query.ts';

/** A hypothesis as the tree shows it. */
export interface Claim {
  id: string;
  claim: string;
  state: string;
  /** Verdicts of its tests, oldest first. */
  verdicts: string[];
}

/** Hypotheses, newest first, at most `limit`; `more` says that there are others. */
export function claims({ ledger }: ReadStore, limit: number): { claims: Claim[]; more: boolean } {
  const newest = ledger.database.prepare(
    "SELECT subject, max(seq) AS seq FROM records WHERE kind = 'hypothesis' GROUP BY subject ORDER BY seq DESC LIMIT ?",
  );
  const rows = rowsOf<{ subject: string }>(newest, limit + 1);
  return {
    more: rows.length > limit,
    claims: rows.slice(0, limit).map(({ subject }) => {
      const newest = ledger.latest('hypothesis', subject)?.body;
      const verdicts = ledger
        .list('test', subject)
        .flatMap(({ body }) => (body.phase === 'result' ? [String(body.verdict).slice(0, 60)] : []));
      return {
        id: subject,
        claim: String(newest?.content?.claim ?? '').slice(0, 500),
        state: String(newest?.state ?? '').slice(0, 60),
        verdicts,
      };
    }),
  };
}
