import type { LedgerReader } from '../ledger/ledger.ts';
import { retests } from './retests.ts';
import type { Standing } from './standing.ts';

/** A validity in few words, as cards and traces show it; `stale` is left out where it stands. */
export function describeStanding({ record, stale, confirmedBy }: Standing) {
  const { data, protocol, by, judged, fittedOnTheseNeurons, domains } = record.body;
  const [head, ...apart] = domains.map(({ pearson, low, high, ...rest }) => ({ ...rest, r: pearson, ci: [low, high] }));
  return {
    validity: record.id,
    ...{ data, protocol, by, judged, fittedOnTheseNeurons },
    ...head,
    ...(apart.length > 0 && { apart }),
    ...(stale.length > 0 && { stale: stale.map(({ what, because }) => `${what}: ${because}`) }),
    confirmedBy,
  };
}

/** The calls after which none of these is stale; nothing where all stand. */
export function proposeRetests(all: readonly Standing[], ledger: LedgerReader) {
  const calls = retests(all, ledger);
  return calls.length > 0 ? { retests: calls.map((call) => ({ ...call })) } : {};
}
