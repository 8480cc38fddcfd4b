import { judgeApprovals } from '@bregma/core/approval/check';
import { acceptedKeys, type TrustedKey } from '@bregma/core/approval/trusted';
import type { Activity } from '@bregma/core/contracts/activity';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { type ExperimentView, listExperiments } from '@bregma/core/experiment/experiments';
import { groupBy } from '@bregma/core/group-by';
import { nextLevel } from '@bregma/core/hypothesis/budget';
import { statesOf } from '@bregma/core/hypothesis/status';
import { readTwins as readAllTwins } from '@bregma/core/ledger/catalogue';
import type { Ledger } from '@bregma/core/ledger/ledger';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import { twinNames } from '@bregma/core/ledger/twin-names';
import type { Signature } from '@bregma/webviews/approval/model';
import type { Budget } from '@bregma/webviews/kit/life-cycle';
import { signatureView } from '../experiments/plan-card.ts';
import { planState } from '../experiments/plan-state.ts';
import { type HypothesisFacts, hypothesisFacts, type PlanFact } from '../hypotheses/facts.ts';
import type { ReadStore } from './queries/query.ts';

/** Plans, signatures and experiments of a workspace, worked out once for a query. */
export interface LabRecords {
  hypotheses: HypothesisFacts[];
  plans: (PlanFact & { record: LedgerRecord<'plan'>; signatures: Signature[]; experiments: ExperimentView[] })[];
  experiments: ExperimentView[];
}

/** Reads everything that the lab has on record. Records of a form that this Bregma does not know are left out. */
export function readLab({ ledger, bregma }: ReadStore, now: Date): LabRecords {
  const hypotheses = ledger.list('hypothesis');
  const tests = ledger.list('test');
  const experiments = listExperiments(ledger);
  const states = statesOf(
    hypotheses,
    tests.map(({ body }) => body),
  );
  const trusted = trustedKeys(bregma);
  const experimentsOf = groupBy(experiments, ({ start }) => start.plan);
  const plans = ledger.list('plan').map((record) => {
    const { id, content } = record.body;
    const signatures = judgeApprovals(ledger, record.body, trusted, now, { demo: true }).map(signatureView);
    const ran = (experimentsOf.get(id) ?? []).toReversed();
    const state = planState(signatures, ran, states.get(content.hypothesis) === 'superseded');
    return { id, content, state, record, signatures, experiments: ran };
  });
  return { hypotheses: hypothesisFacts({ hypotheses, tests, plans, experiments }), plans, experiments };
}

/** The keys that the workspace accepts; none when a file among them is no key, so that every signature shows as void. */
function trustedKeys(bregma: string): TrustedKey[] {
  try {
    return acceptedKeys(bregma);
  } catch {
    return [];
  }
}

/** What is left of the error budget. */
export function readBudget(ledger: Ledger): Budget {
  const { procedure, alpha, index, discoveries, level } = nextLevel(ledger);
  return { procedure, alpha, tests: index - 1, discoveries, nextLevel: level };
}

/** The twins that the workspace knows, of these ids when they are given; each under a title that no other has. */
export function readTwins(ledger: Ledger, ids?: Iterable<string>): TwinCard[] {
  const wanted = ids && new Set(ids);
  const { found } = readAllTwins(ledger);
  const names = twinNames(found);
  return found
    .filter(({ id }) => wanted?.has(id) ?? true)
    .map((twin) => ({ ...twin, title: names.get(twin.id)?.name ?? twin.title }));
}

/** The call that made the thing of this name first, as far as records say. */
export function callBehind(ledger: Ledger, name: string): (Activity & { id: string }) | undefined {
  const [maker] = ledger.makersOf(name);
  return maker && { ...maker.body, id: maker.id };
}
