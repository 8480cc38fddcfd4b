import type { HypothesisState } from '@bregma/core/contracts/hypothesis';
import type { Move, Moves } from '@bregma/webviews/kit/life-cycle';

/** What each state means, in one line. */
export const meanings: Record<HypothesisState, string> = {
  draft: 'Can still be edited',
  frozen: 'Fixed before data were seen; waits for a test',
  tested: 'A test was paid for; its result is not known',
  supported: 'Every prediction held at its level',
  refuted: 'A prediction failed at its level',
  contradictory: 'Refuted by one test and supported by another: both stand',
  inconclusive: 'Tested; the evidence decides nothing yet',
  'post hoc': 'Looked at on evidence that had been seen before it was made: decides nothing',
  superseded: 'A newer version took its place',
};

/** A sign of its own for each state, as codicons name them: it is known without colour. */
export const stateIcons: Record<HypothesisState, string> = {
  draft: 'edit',
  frozen: 'lock',
  tested: 'beaker',
  supported: 'pass',
  refuted: 'error',
  contradictory: 'warning',
  inconclusive: 'question',
  'post hoc': 'eye',
  superseded: 'history',
};

const freezes: Move = { action: 'freeze', does: 'Freeze it: claim and predictions are fixed for good' };
const supersedes: Move = { action: 'supersede', does: 'Write a new version that supersedes it when it is frozen' };
const neverChanges: Move = { refused: 'What is frozen never changes. Write a new version: move it to superseded.' };
const onlyTests: Move = {
  refused: 'Only a test moves it there: test_hypothesis on an experiment that a person approved.',
};
const freezeFirst: Move = { refused: 'A draft is frozen first, before data are seen; then it can be tested.' };

/**
 * Where a hypothesis may be moved by hand. Freezing and writing a new version are people's moves; verdicts come from tests
 * alone. by: the version that took its place.
 */
export function movesOf(state: HypothesisState, by?: string): Moves {
  const moves: Moves =
    state === 'superseded'
      ? every({ refused: `${by ? `${by} took its place` : 'A newer version took its place'}. Move that one.` })
      : state === 'draft'
        ? {
            ...every(freezeFirst),
            frozen: freezes,
            superseded: { refused: 'A draft is edited, not superseded: nothing of it is fixed yet.' },
          }
        : { ...every(onlyTests), draft: neverChanges, frozen: neverChanges, superseded: supersedes };
  return { ...moves, [state]: { refused: `It is ${state} already.` } };
}

function every(move: Move): Moves {
  return {
    draft: move,
    frozen: move,
    tested: move,
    supported: move,
    refuted: move,
    contradictory: move,
    inconclusive: move,
    'post hoc': move,
    superseded: move,
  };
}
