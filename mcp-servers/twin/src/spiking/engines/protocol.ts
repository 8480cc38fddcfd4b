import type { TrialResult } from '../lif.ts';
import type { Job } from './kernel-instance.ts';

/** To a thread: one trial, with the job that it belongs to when the thread does not have it yet; or: let go of the last job. */
export type Request =
  | { trial: number; seed: bigint; job?: { job: Job; module: WebAssembly.Module; regionAt: number } }
  | { forget: true };

/** From a thread. Without result and failure: the trial was stopped. */
export interface Reply {
  trial: number;
  result?: TrialResult;
  failed?: string;
}
