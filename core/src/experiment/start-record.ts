import type { ValidApproval } from '../approval/check.ts';
import type { ExperimentStart, PlanRecord } from '../contracts/experiment.ts';

/**
 * The record that uses up an approval and starts an experiment: of the workspace in which it runs, and of its witness, where nothing
 * runs. where: the process that runs it, the witness's word, and what asked the witness.
 */
export function startRecord(
  { id, hash, content }: PlanRecord,
  approval: ValidApproval,
  where: Pick<ExperimentStart, 'process' | 'receipt' | 'asked'>,
): ExperimentStart {
  return {
    phase: 'started',
    plan: id,
    planHash: hash,
    hypothesis: content.hypothesis,
    driver: content.driver,
    subject: content.subject.id,
    approval: approval.id,
    nonce: approval.nonce,
    approvedBy: approval.by,
    demo: approval.demo,
    ...where,
  };
}
