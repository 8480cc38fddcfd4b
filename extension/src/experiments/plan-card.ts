import type { ValidApproval } from '@bregma/core/approval/check';
import { Approval, type PlanRecord } from '@bregma/core/contracts/experiment';
import { predictionInWords } from '@bregma/core/contracts/metric';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import type { ExperimentView } from '@bregma/core/experiment/experiments';
import type { StoredRecord } from '@bregma/core/ledger/records';
import type { PlanModel, Signature } from '@bregma/webviews/approval/model';
import type { HypothesisFacts } from '../hypotheses/facts.ts';
import { protocolExpired } from './dry-run.ts';
import { planMeanings, planState } from './plan-state.ts';

/** What the card of a plan is made from. */
export interface PlanSources {
  plan: PlanRecord;
  madeAt: string;
  madeBy?: string;
  hypothesis?: HypothesisFacts;
  twins: TwinCard[];
  signatures: Signature[];
  /** Newest first. */
  experiments: ExperimentView[];
  journaled(experiment: string): number | null;
  dryRun: PlanModel['dryRun'];
  change: PlanModel['change'];
  now: Date;
}

/** The plan as the person reads it who may sign it. The editor adds its own key and whether the folder is trusted. */
export function planCard(sources: PlanSources): PlanModel {
  const { plan, hypothesis, twins, signatures, experiments, now } = sources;
  const { id, hash, content } = plan;
  const { design, limits, cost } = content;
  const titles = new Map(twins.map((twin) => [twin.id, twin.title]));
  const state = planState(signatures, experiments, hypothesis?.state === 'superseded');
  return {
    id,
    hash,
    state,
    meaning: planMeanings[state],
    madeAt: sources.madeAt,
    madeBy: sources.madeBy,
    hypothesis: {
      id: content.hypothesis,
      state: hypothesis?.state ?? 'draft',
      claim: hypothesis?.content.claim ?? '',
      predictions: (hypothesis?.content.predictions ?? []).map((prediction) =>
        predictionInWords(prediction, (twin) => titles.get(twin) ?? twin),
      ),
    },
    driver: content.driver,
    subject: { ...content.subject, expired: protocolExpired(content, now) },
    design: {
      trials: design.trials,
      stimuli: design.stimuli,
      repeats: {
        fewest: design.repeats.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
        most: design.repeats.reduce((a, b) => Math.max(a, b), 0),
      },
      randomisation: design.randomisation,
      orderSeed: design.orderSeed,
      paceMs: design.paceMs,
      proposedBy: design.proposedBy,
    },
    power: content.power,
    limits: [
      { what: 'Trials', planned: design.trials, limit: limits.maxTrials, unit: '' },
      { what: 'Time', planned: cost.durationS, limit: limits.maxDurationS, unit: 's' },
      { what: 'Stimuli', planned: design.stimuli.length, limit: limits.allowedStimuli.length, unit: '' },
    ],
    cost,
    twins: content.twins.map(({ twin, fittedOn }) => ({
      id: twin,
      title: titles.get(twin) ?? twin,
      fittedOn: fittedOn === 'all' ? 'all stimuli, or not known' : `${fittedOn.length} stimuli`,
    })),
    dryRun: sources.dryRun,
    change: sources.change,
    signatures,
    experiments: experiments.map(({ id, state, end, start, at }) => ({
      id,
      state,
      reason: end?.reason,
      delivered: end?.delivered ?? sources.journaled(id),
      asked: end?.asked ?? design.trials,
      kind: end?.kind,
      approvedBy: start.approvedBy,
      at,
    })),
    key: null,
    trusted: false,
  };
}

/** A signature with what the check of approvals says of it. */
export function signatureView({
  record,
  judged,
}: {
  record: StoredRecord;
  judged: ValidApproval | BregmaError;
}): Signature {
  const parsed = Approval.safeParse(record.body);
  const statement = parsed.success ? parsed.data.statement : undefined;
  const refused = judged instanceof BregmaError ? judged : undefined;
  return {
    id: record.id,
    by: statement?.by ?? 'nobody',
    meaning: statement?.meaning ?? null,
    signedAt: statement?.signedAt ?? record.at,
    expires: statement?.expires ?? '',
    comment: statement?.comment,
    demo: statement?.demo ?? false,
    standing: refused ? String(refused.fields.refusal) : 'valid',
    why: refused?.message,
  };
}
