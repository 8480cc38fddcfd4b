import type { ExperimentView } from '@bregma/core/experiment/experiments';
import type { PlanState, Signature } from '@bregma/webviews/approval/model';

/** What each state of a plan means, in one line. */
export const planMeanings: Record<PlanState, string> = {
  waiting: 'Waits for a person: nothing runs until it is signed',
  reviewed: 'Somebody looked at it; that permits no run',
  approved: 'May run once, until the approval expires',
  expired: 'The approval has expired unused',
  void: 'No signature on it holds',
  rejected: 'A person rejected it',
  running: 'Runs now',
  elsewhere: 'Runs on another machine, as far as this one can tell',
  interrupted: 'Its process is gone and left no end; the trials before it are kept',
  complete: 'Ran to its end',
  stopped: 'Was stopped; the trials before it are kept',
  failed: 'Failed; the trials before it are kept',
  obsolete: 'Its hypothesis was superseded',
};

/** As codicons name them. */
export const planIcons: Record<PlanState, string> = {
  waiting: 'bell-dot',
  reviewed: 'eye',
  approved: 'verified',
  expired: 'watch',
  void: 'warning',
  rejected: 'circle-slash',
  running: 'play-circle',
  elsewhere: 'remote',
  interrupted: 'debug-disconnect',
  complete: 'pass',
  stopped: 'debug-stop',
  failed: 'error',
  obsolete: 'history',
};

/**
 * Where a plan stands. signatures and experiments: newest first. An approval that may still be used outweighs the experiments
 * before it.
 */
export function planState(
  signatures: Pick<Signature, 'standing'>[],
  experiments: Pick<ExperimentView, 'state'>[],
  hypothesisSuperseded: boolean,
): PlanState {
  const [last] = experiments;
  if (last?.state === 'running' || last?.state === 'elsewhere') return last.state;
  const standings = signatures.map(({ standing }) => standing);
  const rejected = standings.indexOf('withdrawn');
  const valid = standings.indexOf('valid');
  if (valid !== -1 && (rejected === -1 || valid < rejected)) return 'approved';
  if (last) return last.state;
  if (rejected === 0) return 'rejected';
  if (hypothesisSuperseded) return 'obsolete';
  const [newest] = standings;
  if (newest === undefined) return 'waiting';
  if (newest === 'only-reviewed') return 'reviewed';
  if (newest === 'expired') return 'expired';
  return rejected === -1 ? 'void' : 'rejected';
}
