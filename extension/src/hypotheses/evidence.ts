import type { ValueKind } from '@bregma/core/contracts/value-kind';
import type { ExperimentView } from '@bregma/core/experiment/experiments';
import type { HypothesisFacts } from './facts.ts';

/**
 * Whether an experiment can be evidence for its hypothesis, by the rules of test_hypothesis: rows that were measured, after the
 * hypothesis was frozen. The server asks again, row by row.
 */
export function standingOf(
  { end, state, startSeq }: ExperimentView,
  { frozen }: Pick<HypothesisFacts, 'frozen'>,
): { counts: boolean; kind: ValueKind | null; why?: string } {
  if (!end) return { counts: false, kind: null, why: state === 'interrupted' ? 'it did not end' : 'it has not ended' };
  const kind = end.kind;
  if (kind === 'not stated') return { counts: false, kind, why: 'nobody stated whether its rows were measured' };
  if (kind !== 'measured') return { counts: false, kind, why: `${kind} rows are never evidence` };
  if (end.delivered === 0) return { counts: false, kind, why: 'it delivered no trials' };
  if (!frozen || frozen.seq > startSeq)
    return { counts: false, kind, why: 'it began before the hypothesis was frozen' };
  return { counts: true, kind };
}
