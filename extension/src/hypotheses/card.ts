import { predictionInWords } from '@bregma/core/contracts/metric';
import type { TwinCard } from '@bregma/core/contracts/twin';
import type { ExperimentView } from '@bregma/core/experiment/experiments';
import type { HypothesisModel, TestView } from '@bregma/webviews/hypothesis/model';
import type { Budget } from '@bregma/webviews/kit/life-cycle';
import { standingOf } from './evidence.ts';
import type { HypothesisFacts, Test } from './facts.ts';
import { meanings, movesOf } from './life-cycle.ts';

/** What the card of a hypothesis is made from. */
export interface CardSources {
  budget: Budget;
  /** Twins of the workspace that the predictions name. */
  twins: TwinCard[];
  /** MCP client that recorded and froze it. */
  draftedBy?: string;
  frozenBy?: string;
  /** Trials so far of an experiment that has not ended. */
  journaled(experiment: string): number | null;
  trusted: boolean;
}

/** The card of one hypothesis. */
export function hypothesisCard(facts: HypothesisFacts, sources: CardSources): HypothesisModel {
  const { id, digest, state, content, drafted, frozen } = facts;
  const titles = new Map(sources.twins.map((twin) => [twin.id, twin.title]));
  return {
    id,
    digest,
    state,
    meaning: meanings[state],
    claim: content.claim,
    rivals: content.rivals,
    plan: content.plan,
    drafted: { at: drafted.at, by: sources.draftedBy },
    frozen: frozen && { at: frozen.at, by: sources.frozenBy },
    predictions: content.predictions.map((prediction) => ({
      ...prediction,
      says: predictionInWords(prediction, (twin) => titles.get(twin) ?? twin),
      tests: facts.tests
        .filter(({ spent }) => spent.prediction === prediction.id)
        .map(testView)
        .reverse(),
    })),
    twins: sources.twins.map(({ id, title, data }) => ({ id, title, data })),
    evidence: facts.experiments.map((experiment) => evidenceView(experiment, facts, sources)).reverse(),
    plans: facts.plans
      .map(({ id, state, content: { design, driver, subject } }) => ({
        id,
        state,
        waiting: state === 'waiting',
        about: `${design.trials} trials on ${subject.id} by ${driver}`,
      }))
      .reverse(),
    supersedes: content.supersedes,
    supersededBy: facts.supersededBy,
    editedInto: facts.editedInto,
    edits: facts.edits,
    budget: sources.budget,
    moves: movesOf(state, facts.supersededBy),
    trusted: sources.trusted,
  };
}

function testView({ id, at, spent, result }: Test): TestView {
  const { level, index, procedure } = spent.budget;
  return {
    id,
    at,
    experiment: spent.experiment,
    verdict: result?.verdict ?? 'spent',
    estimate: result?.estimate ?? null,
    low: result?.low ?? null,
    high: result?.high ?? null,
    eFor: result?.eFor ?? null,
    eAgainst: result?.eAgainst ?? null,
    n: result?.n,
    level,
    index,
    procedure,
    demo: result?.demo ?? false,
    chosen: result?.chosen,
    postHoc: result?.postHoc,
  };
}

function evidenceView(experiment: ExperimentView, facts: HypothesisFacts, { journaled }: CardSources) {
  const { id, start, end, state, at } = experiment;
  const planned = facts.plans.find((plan) => plan.id === start.plan)?.content.design.trials;
  return {
    experiment: id,
    plan: start.plan,
    state,
    at,
    driver: start.driver,
    subject: start.subject,
    ...standingOf(experiment, facts),
    delivered: end?.delivered ?? journaled(id),
    asked: end?.asked ?? planned ?? null,
    approvedBy: start.approvedBy,
    demo: start.demo,
  };
}
