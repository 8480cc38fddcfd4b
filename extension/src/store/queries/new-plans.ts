import { rowOf } from '@bregma/core/ledger/rows';
import { callBehind, readLab } from '../read-lab.ts';
import type { ReadStore } from './query.ts';

/** A plan that waits for a person. */
export interface NewPlan {
  id: string;
  about: string;
  claim: string;
  /** MCP client that made it. */
  client?: string;
}

/** Plans that were made after record number `seq` and wait for a person, oldest first. */
export function newPlans(store: ReadStore, seq: number): NewPlan[] {
  const newest = store.ledger.database.prepare("SELECT max(seq) AS seq FROM records WHERE kind = 'plan'");
  if ((rowOf<{ seq: number | null }>(newest)!.seq ?? 0) <= seq) return [];
  const lab = readLab(store, new Date());
  const claims = new Map(lab.hypotheses.map(({ id, content }) => [id, content.claim]));
  return lab.plans
    .filter(({ state, record }) => state === 'waiting' && record.seq > seq)
    .map(({ id, content: { hypothesis, design, driver, subject }, record }) => ({
      id,
      about: `${design.trials} trials on ${subject.id} by ${driver}`,
      claim: claims.get(hypothesis) ?? '',
      client: callBehind(store.ledger, record.id)?.client,
    }));
}
