import type { PlanContent } from '@bregma/core/contracts/experiment';
import type { HypothesisContent, HypothesisState, TestResult, TestSpend } from '@bregma/core/contracts/hypothesis';
import type { ExperimentView } from '@bregma/core/experiment/experiments';
import { groupBy } from '@bregma/core/group-by';
import { replacedDrafts, statesOf } from '@bregma/core/hypothesis/status';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import type { PlanState } from '@bregma/webviews/approval/model';

/** A spent test with its result, if it has one. */
export interface Test {
  id: string;
  at: string;
  spent: TestSpend;
  result?: TestResult;
}

/** A plan as hypotheses show it. */
export interface PlanFact {
  id: string;
  state: PlanState;
  content: PlanContent;
}

/** All that the ledger says of one hypothesis. */
export interface HypothesisFacts {
  id: string;
  state: HypothesisState;
  content: HypothesisContent;
  digest: string;
  drafted: { id: string; at: string; seq: number };
  frozen?: { id: string; at: string; seq: number };
  supersededBy?: string;
  /** The wording that took the place of this draft. */
  editedInto?: string;
  /** Earlier wordings of this draft, newest first. */
  edits: string[];
  /** Oldest first. */
  tests: Test[];
  plans: PlanFact[];
  experiments: ExperimentView[];
}

/** The records that hypotheses, their plans, experiments and tests left. */
export interface HypothesisRecords {
  hypotheses: LedgerRecord<'hypothesis'>[];
  tests: LedgerRecord<'test'>[];
  plans: PlanFact[];
  experiments: ExperimentView[];
}

/** Every hypothesis of a workspace, in order of its first record. Lists are oldest first. */
export function hypothesisFacts({ hypotheses, tests, plans, experiments }: HypothesisRecords): HypothesisFacts[] {
  const states = statesOf(
    hypotheses,
    tests.map(({ body }) => body),
  );
  const editedInto = replacedDrafts(hypotheses);
  const supersededBy = new Map(
    hypotheses.flatMap(({ subject, body }) =>
      body.state === 'frozen' && body.content.supersedes ? [[body.content.supersedes, subject] as const] : [],
    ),
  );
  const results = new Map(tests.flatMap(({ body }) => (body.phase === 'result' ? [[body.test, body] as const] : [])));
  const testsOf = groupBy(
    tests.flatMap(({ id, at, body }) =>
      body.phase === 'spent' ? [{ id, at, spent: body, result: results.get(id) }] : [],
    ),
    ({ spent }) => spent.hypothesis,
  );
  const plansOf = groupBy(plans, ({ content }) => content.hypothesis);
  const experimentsOf = groupBy(experiments, ({ start }) => start.hypothesis);
  return [...groupBy(hypotheses, ({ subject }) => subject)].map(([id, records]) => {
    const [first] = records;
    const frozen = records.find(({ body }) => body.state === 'frozen');
    return {
      id,
      state: states.get(id) ?? 'draft',
      content: first.body.content,
      digest: first.body.digest,
      drafted: first,
      frozen,
      supersededBy: supersededBy.get(id),
      editedInto: frozen ? undefined : editedInto.get(id),
      edits: editsOf(id, editedInto),
      tests: testsOf.get(id) ?? [],
      plans: plansOf.get(id) ?? [],
      experiments: experimentsOf.get(id) ?? [],
    };
  });
}

/** Wordings that led to this one, newest first. */
function editsOf(id: string, editedInto: Map<string, string>): string[] {
  const found: string[] = [];
  const before = new Map([...editedInto].map(([from, to]) => [to, from]));
  for (let at = before.get(id); at !== undefined && at !== id && !found.includes(at); at = before.get(at))
    found.push(at);
  return found;
}
