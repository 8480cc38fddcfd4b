import { turn } from '@bregma/core/in-slices';
import type { Session, Trial } from '../drivers/driver.ts';
import { SessionStopped } from './guard.ts';

/** What a session delivered, and how it ended. */
export interface Performance {
  trials: Trial[];
  state: 'complete' | 'stopped' | 'failed';
  reason?: string;
}

/**
 * Takes every trial that a session delivers and hands it to `keep` before the next one starts. Never throws: a stop or a
 * failure ends it, and what was delivered before stands.
 */
export async function perform(session: Session, keep: (trial: Trial) => void): Promise<Performance> {
  const trials: Trial[] = [];
  try {
    for await (const trial of session.trials) {
      keep(trial);
      trials.push(trial);
      if (trials.length % 32 === 0) await turn();
    }
    return { trials, state: 'complete' };
  } catch (error) {
    if (error instanceof SessionStopped) return { trials, state: 'stopped', reason: error.message };
    const reason = error instanceof Error ? error.message : String(error);
    return { trials, state: 'failed', reason };
  }
}
