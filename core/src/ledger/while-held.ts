import { setTimeout } from 'node:timers/promises';
import { BregmaError } from '../errors.ts';

/** How long whoever needs a ledger waits while another process holds it, ms. */
export const mostPatienceMs = 60_000;

/** Tries again while another process holds the ledger, up to a minute; between two tries its thread does other things. */
export async function whileHeld<Result>(attempt: () => Result): Promise<Result> {
  const giveUpAt = performance.now() + mostPatienceMs;
  for (let pauseMs = 4; ; pauseMs = Math.min(2 * pauseMs, 100)) {
    try {
      return attempt();
    } catch (error) {
      const held = error instanceof BregmaError && error.fields.held === true;
      if (!held || performance.now() > giveUpAt) throw error;
    }
    // Several that wait do not come back at the same moments.
    await setTimeout(pauseMs * (0.5 + Math.random()));
  }
}
