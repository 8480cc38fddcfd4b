import { BregmaError } from '@bregma/core/errors';
import type { Schedule, Segment } from '../lif-schedule.ts';

/** A stretch of at most one delay, in which no neuron hears of another's spikes. */
export interface GpuWindow {
  start: number;
  steps: number;
  /** In force while it lasts. */
  now: Segment;
  /** In force when its spikes arrive; the last segment for those that arrive after the trial. */
  arrival: Segment;
}

/** Cuts a trial so that each window lies in one segment, and its spikes arrive in one. */
export function windowsOf({ steps, delaySteps, segments }: Schedule): GpuWindow[] {
  const cuts = new Set([steps]);
  for (const { until } of segments) cuts.add(until).add(until - delaySteps);
  const ends = [...cuts].filter((cut) => cut > 0 && cut <= steps).sort((a, b) => a - b);
  const windows: GpuWindow[] = [];
  const segmentAt = (step: number) => segments.find(({ until }) => step < until) ?? segments.at(-1)!;
  for (let start = 0, next = 0; start < steps; ) {
    if (ends[next] === start) next++;
    const end = Math.min(start + delaySteps, ends[next]);
    windows.push({ start, steps: end - start, now: segmentAt(start), arrival: segmentAt(start + delaySteps) });
    start = end;
  }
  return windows;
}

/** Sizes of a batch of trials. */
export interface GpuPlan {
  /** Trials at once. */
  trials: number;
  /** Most spikes of all trials in one window. */
  mostSpikes: number;
  /** Entries of the list of spikes. */
  listLength: number;
}

/** As many trials at once as fit the limits. Throws `too-large` when not even one does. */
export function planBatch(
  neurons: number,
  schedule: Schedule,
  trials: number,
  keepSpikes: boolean,
  largestBuffer: number,
): GpuPlan {
  const { delaySteps, refractorySteps, driven } = schedule;
  const spikesPerTrial = neurons * Math.ceil(delaySteps / refractorySteps) + driven.length * delaySteps;
  const largestOfTrial = Math.max(4 * delaySteps * neurons, 16 * neurons, 8 * (spikesPerTrial + 1));
  // Cells and spikes are numbered in 32 bits.
  const bytes = Math.min(largestBuffer, 2 ** 31);
  const fitting = Math.min(trials, 65_535, Math.floor(bytes / largestOfTrial));
  if (fitting < 1)
    throw new BregmaError(
      'too-large',
      `One trial needs ${Math.ceil(largestOfTrial / 2 ** 20)} MiB in one piece on the graphics processor, which allows ${Math.floor(bytes / 2 ** 20)}.`,
      {
        next: 'Use the backend wasm.',
      },
    );
  const mostSpikes = spikesPerTrial * fitting;
  const log = keepSpikes ? Math.min(2 ** 22, Math.floor(bytes / 8) - 1) : 0;
  return { trials: fitting, mostSpikes, listLength: Math.max(mostSpikes, log) };
}
