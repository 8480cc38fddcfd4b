import { sealPlan } from '@bregma/core/approval/statement';
import { BregmaError } from '@bregma/core/errors';
import { journaledTrials } from '@bregma/core/experiment/journal';
import { readOrder } from '@bregma/core/experiment/order';
import { killSwitch, stopReason } from '@bregma/core/experiment/stopping';
import type { PlanModel } from '@bregma/webviews/approval/model';
import { dryRunOf } from '../../experiments/dry-run.ts';
import { planCard as cardOf } from '../../experiments/plan-card.ts';
import { planChange } from '../../experiments/plan-change.ts';
import { callBehind, type LabRecords, readLab, readTwins } from '../read-lab.ts';
import type { ReadStore } from './query.ts';

/** A plan with everything that its signer must see, or null. Throws `corrupt` when it was edited under its id. */
export function planCard(store: ReadStore, id: string): PlanModel | null {
  const { ledger, objects, bregma } = store;
  const now = new Date();
  const lab = readLab(store, now);
  const plan = lab.plans.find((candidate) => candidate.id === id);
  if (!plan) return null;
  const { body } = plan.record;
  if (sealPlan(body.content).hash !== body.hash || body.id !== id)
    throw new BregmaError('corrupt', `Plan ${id} was edited: its content does not match its hash.`, {
      next: 'It cannot be approved. Make a new plan with plan_experiment.',
    });
  const hypothesis = lab.hypotheses.find((facts) => facts.id === plan.content.hypothesis);
  const call = callBehind(ledger, plan.record.id);
  const made = call?.tool === 'plan_experiment' ? call : undefined;
  let order: number[] = [];
  let problem: string | undefined;
  try {
    order = readOrder(body, { objects });
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  // SAFETY: an answer of plan_experiment, kept in place or not at all; each member is optional here.
  const answer = made?.answer as { value?: { plan?: string; would?: string } } | undefined;
  return cardOf({
    plan: body,
    madeAt: plan.record.at,
    madeBy: made?.client,
    hypothesis,
    twins: readTwins(
      ledger,
      plan.content.twins.map(({ twin }) => twin),
    ),
    signatures: plan.signatures,
    experiments: plan.experiments,
    journaled: (experiment) => journaledTrials(bregma, experiment),
    dryRun: {
      would: answer?.value?.plan === id ? answer.value.would : undefined,
      activity: made?.id,
      ...dryRunOf(plan.content, order, {
        date: now,
        frozenDigest: hypothesis?.frozen && hypothesis.digest,
        killSwitch: stopReason(killSwitch(bregma)),
      }),
      problem,
    },
    change: changeOf(plan, lab),
    now,
  });
}

/** Against the newest earlier plan of the same hypothesis. */
function changeOf(plan: LabRecords['plans'][number], { plans }: LabRecords): PlanModel['change'] {
  const before = plans.findLast(
    ({ content, record }) => content.hypothesis === plan.content.hypothesis && record.seq < plan.record.seq,
  );
  if (!before) return undefined;
  return planChange(
    before.record.body,
    plan.record.body,
    before.signatures.some(({ meaning }) => meaning === 'approve'),
  );
}
