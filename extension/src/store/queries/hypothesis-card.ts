import { journaledTrials } from '@bregma/core/experiment/journal';
import type { HypothesisModel } from '@bregma/webviews/hypothesis/model';
import { hypothesisCard as cardOf } from '../../hypotheses/card.ts';
import { callBehind, readBudget, readLab, readTwins } from '../read-lab.ts';
import type { ReadStore } from './query.ts';

/** The card of one hypothesis, or null. */
export function hypothesisCard(store: ReadStore, id: string, trusted: boolean): HypothesisModel | null {
  const { ledger, bregma } = store;
  const facts = readLab(store, new Date()).hypotheses.find((hypothesis) => hypothesis.id === id);
  if (!facts) return null;
  return cardOf(facts, {
    budget: readBudget(ledger),
    twins: readTwins(
      ledger,
      facts.content.predictions.flatMap(({ between }) => between),
    ),
    draftedBy: callBehind(ledger, facts.drafted.id)?.client,
    frozenBy: facts.frozen && callBehind(ledger, facts.frozen.id)?.client,
    journaled: (experiment) => journaledTrials(bregma, experiment),
    trusted,
  });
}
