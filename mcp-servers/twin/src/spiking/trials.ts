import { pause } from '@bregma/core/in-slices';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { makeRandom } from '@bregma/core/statistics/random';
import type { Backend } from './engines/engine.ts';
import { simulateTrials } from './engines/simulate-trials.ts';
import type { LifInput, LifNetwork, LifParameters, TrialResult } from './lif.ts';

/** Spikes that are kept, and stored, of one run: beyond them only counts. */
const mostSpikes = 4_000_000;
/** Counts that are in memory at a time. */
const mostCounts = 64_000_000;

/** What stays the same over all simulations of one run. */
export interface Bench {
  parameters: LifParameters;
  durationMs: number;
  backend: Backend;
  /** The stimulus with every perturbation. */
  input: Required<LifInput>;
  /** The stimulus alone, when something is silenced or scaled: what the perturbation is compared with. */
  baseline?: Required<LifInput>;
  context: ToolContext;
  progress: Progress;
  /** Backends that were used, filled in. */
  used: Set<string>;
}

/** Progress over simulated trials and other steps, each of which counts as one; reading the connections came before. */
export class Progress {
  private done = 1;
  private readonly context: ToolContext;
  private readonly total: number;

  /** steps: all that are to come. */
  constructor(context: ToolContext, steps: number) {
    this.context = context;
    this.total = 1 + steps;
  }

  /** share: 0 to 1 of the step that is under way. */
  within(share: number, message: string, steps = 1): void {
    this.context.progress({ done: this.done + share * steps, total: this.total, message });
  }

  finish(message: string, steps = 1): void {
    this.done += steps;
    this.within(0, message);
  }
}

/** Seeds of trials: each a random stream of its own. */
export function seedsOf(seed: number, trials: number): bigint[] {
  const random = makeRandom(`${seed} trial`);
  return Array.from(
    { length: trials },
    () => (BigInt(random.integer(2 ** 31)) << 31n) | BigInt(random.integer(2 ** 31)),
  );
}

/**
 * Simulates trials, and with the same random streams their baseline, a batch at a time, so that the counts of all need not be in
 * memory. Spikes are kept for the first trials, as many as the limit holds.
 */
export async function visitTrials(
  network: LifNetwork,
  seeds: bigint[],
  { message, keepSpikes }: { message: string; keepSpikes: boolean },
  bench: Bench,
  visit: (perturbed: TrialResult, baseline: TrialResult | undefined, hasSpikes: boolean) => void,
): Promise<void> {
  const { parameters, durationMs, backend, context, progress } = bench;
  const batch = Math.max(1, Math.floor(mostCounts / network.neurons));
  let kept = 0;
  for (let from = 0; from < seeds.length; ) {
    // The first trial shows how many spikes one has.
    const room = from === 0 ? 1 : Math.floor(((mostSpikes - kept) * from) / Math.max(1, kept));
    const keep = keepSpikes && room > 0;
    const some = seeds.slice(from, from + (keep ? Math.min(batch, room) : batch));
    const simulate = async (input: Required<LifInput>, keepThese: boolean) => {
      const found = await simulateTrials(network, input, {
        backend,
        parameters,
        durationMs,
        seeds: some,
        keepSpikes: keepThese,
        signal: context.signal,
        onProgress: (share) => progress.within(share, message, some.length),
      });
      progress.finish(message, some.length);
      bench.used.add(found.device ? `${found.backend} (${found.device})` : found.backend);
      return found.results;
    };
    const perturbed = await simulate(bench.input, keep);
    const baseline = bench.baseline && (await simulate(bench.baseline, false));
    for (const [k, result] of perturbed.entries()) {
      if (keep) kept += result.spikesTotal;
      visit(result, baseline?.[k], keep);
      await pause(context.signal);
    }
    from += some.length;
  }
}
