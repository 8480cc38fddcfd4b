import { createHash } from 'node:crypto';
import { BregmaError } from '@bregma/core/errors';
import type { LifInput, TrialResult } from './lif.ts';

/** Chance of equal input in independent trials above which equality says nothing. */
const plausible = 1e-9;

/**
 * Throws `failed` when two trials used the same random numbers, so that their spread would say nothing: their driven neurons fired
 * in exactly the same steps although that had next to no chance. Input that is likely to repeat (a weak drive, or one spike in
 * every step) is left alone, and so is equal activity of the other neurons. results: with their spikes.
 */
export function refuseSharedStreams(
  results: TrialResult[],
  poisson: Required<LifInput>['poisson'],
  { dtMs, durationMs }: { dtMs: number; durationMs: number },
): void {
  // In one step two independent draws agree with probability p² + (1 − p)².
  const chance = poisson.reduce((product, { rateHz, fromMs = 0, untilMs = durationMs }) => {
    const p = Math.min(1, (rateHz * dtMs) / 1000);
    const steps = Math.max(0, (Math.min(untilMs, durationMs) - fromMs) / dtMs);
    return product * (p * p + (1 - p) * (1 - p)) ** steps;
  }, 1);
  if (chance * ((results.length * (results.length - 1)) / 2) > plausible) return;
  const driven = new Uint8Array(1 + poisson.reduce((last, { neuron }) => Math.max(last, neuron), 0));
  for (const { neuron } of poisson) driven[neuron] = 1;
  const seen = new Map<string, number>();
  results.forEach(({ spikes }, trial) => {
    const trains: number[] = [];
    for (let k = 0; k < spikes.length; k += 2) if (driven[spikes[k]] === 1) trains.push(spikes[k], spikes[k + 1]);
    const key = createHash('sha256').update(Uint32Array.from(trains)).digest('hex');
    const earlier = seen.get(key);
    if (earlier !== undefined && trains.length > 0)
      throw new BregmaError(
        'failed',
        `Trials ${earlier + 1} and ${trial + 1} drove their neurons at the same moments: their random streams are the same, and an error computed from them would be too small.`,
        { next: 'Use another seed; if this persists, report it with the activity id.' },
      );
    seen.set(key, trial);
  });
}
