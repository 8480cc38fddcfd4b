import { existsSync } from 'node:fs';
import { journaledTrials } from '@bregma/core/experiment/journal';
import { killSwitch, stopFile, stopReason } from '@bregma/core/experiment/stopping';
import type { ExperimentsModel } from '../../experiments/listing.ts';
import { readLab } from '../read-lab.ts';
import type { ReadStore } from './query.ts';

/** Plans and experiments of the workspace, newest first. */
export function experimentList(store: ReadStore): ExperimentsModel {
  const { bregma } = store;
  const lab = readLab(store, new Date());
  const claims = new Map(lab.hypotheses.map(({ id, content }) => [id, content.claim]));
  const trials = new Map(lab.plans.map(({ id, content }) => [id, content.design.trials]));
  return {
    plans: lab.plans
      .map(({ id, state, content: { hypothesis, design, driver, subject }, record }) => ({
        id,
        state,
        hypothesis,
        claim: claims.get(hypothesis) ?? '',
        about: `${design.trials} trials on ${subject.id} by ${driver}`,
        at: record.at,
        seq: record.seq,
      }))
      .reverse(),
    experiments: lab.experiments
      .map(({ id, state, start, end, at }) => ({
        id,
        plan: start.plan,
        state,
        reason: end?.reason,
        about: `${start.driver} on ${start.subject}`,
        delivered: end?.delivered ?? journaledTrials(bregma, id),
        asked: end?.asked ?? trials.get(start.plan) ?? null,
        at,
        stopping: end === undefined && existsSync(stopFile(bregma, id)),
      }))
      .reverse(),
    killSwitch: stopReason(killSwitch(bregma)),
  };
}
