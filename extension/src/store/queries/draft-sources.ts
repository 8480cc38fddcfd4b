import type { HypothesisContent } from '@bregma/core/contracts/hypothesis';
import { readLab, readTwins } from '../read-lab.ts';
import type { ReadStore } from './query.ts';

/** What the form of a hypothesis begins from. */
export interface DraftSources {
  twins: { id: string; title: string; data: string }[];
  /** The hypothesis that is edited or superseded, if it is there. */
  content?: HypothesisContent;
  state?: string;
}

/** What the draft form offers: the twins of the workspace, and the hypothesis that it starts from. */
export function draftSources(store: ReadStore, of?: string): DraftSources {
  const facts = of === undefined ? undefined : readLab(store, new Date()).hypotheses.find(({ id }) => id === of);
  return {
    twins: readTwins(store.ledger).map(({ id, title, data }) => ({ id, title, data })),
    content: facts?.content,
    state: facts?.state,
  };
}
