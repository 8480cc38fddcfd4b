import { hypothesisStates } from '@bregma/core/contracts/hypothesis';
import { findMetric } from '@bregma/core/contracts/metric';
import type { BoardCard, BoardModel } from '@bregma/webviews/board/model';
import type { Budget } from '@bregma/webviews/kit/life-cycle';
import { standingOf } from './evidence.ts';
import type { HypothesisFacts } from './facts.ts';
import { meanings, movesOf } from './life-cycle.ts';

/** The board of a workspace: newest card first in each column. Earlier wordings of a draft are counted on it, not shown. */
export function boardOf(facts: HypothesisFacts[], budget: Budget, trusted: boolean): BoardModel {
  const cards = facts
    .filter(({ editedInto }) => editedInto === undefined)
    .map(cardOf)
    .reverse();
  return {
    columns: hypothesisStates.map((state) => ({
      state,
      meaning: meanings[state],
      cards: cards.filter((card) => card.state === state),
    })),
    budget,
    trusted,
  };
}

function cardOf(facts: HypothesisFacts): BoardCard {
  const { id, state, content, tests, experiments, plans } = facts;
  const last = tests.findLast(({ result }) => result !== undefined);
  const standings = experiments.map((experiment) => standingOf(experiment, facts));
  return {
    id,
    state,
    claim: content.claim,
    predictions: content.predictions.length,
    evidence: standings.filter(({ counts }) => counts).length,
    rehearsals: standings.filter(({ kind }) => kind !== null && kind !== 'measured').length,
    waiting: plans.filter((plan) => plan.state === 'waiting').length,
    edits: facts.edits.length,
    result: last?.result && {
      verdict: last.result.verdict,
      estimate: last.result.estimate,
      unit: findMetric(last.spent.metric)?.unit ?? '',
      demo: last.result.demo ?? false,
    },
    verdicts: [...new Set(tests.flatMap(({ result }) => result?.verdict ?? []))],
    at: (facts.frozen ?? facts.drafted).at,
    moves: movesOf(state, facts.supersededBy),
  };
}
