import type { LifNetwork } from '../lif.ts';
import type { Schedule } from '../lif-schedule.ts';

/** Addresses in shared memory of everything that one thread writes while it simulates. */
export type Layout = Record<Part, number> & { bytes: number; ringSize: number; slots: number; spikeLimit: number };

const parts = [
  'control',
  'state',
  'gs',
  'frozen',
  'hot',
  'flags',
  'scales',
  'counts',
  'ring',
  'marks',
  'spikes',
  'events',
  'sources',
  'bins',
  'table',
  'floors',
] as const;
type Part = (typeof parts)[number];

/** Cells of the table of the least v that still reaches threshold. */
export const floorCells = 512;

/** Sizes of all parts, laid out from `at`. backend: what the state is made of; tableSize: steps for which decay is tabulated. */
export function layOut(
  at: number,
  network: Pick<LifNetwork, 'neurons'>,
  schedule: Schedule,
  backend: 'wasm' | 'wasm-f64',
  keepSpikes: boolean,
  tableSize: number,
): Layout {
  const n = network.neurons;
  const padded = (n + 7) & ~7; // the kernels look at up to eight neurons at once
  const exact = backend === 'wasm-f64';
  const reach = Math.max(schedule.delaySteps, schedule.refractorySteps);
  const slots = reach + 2;
  // A neuron sends at most once in a refractory period; a driven one may in every step.
  const ringSize = n * Math.ceil(slots / schedule.refractorySteps) + slots * schedule.driven.length + 1;
  const sources = Math.max(...schedule.segments.map(({ poisson }) => poisson.length));
  const spikeLimit = keepSpikes ? 2 * n + 16_384 : 0;
  const sizes: Record<Part, number> = {
    control: 64,
    state: padded * 8,
    gs: exact ? padded * 8 : 0,
    frozen: exact ? n * 4 : 0,
    hot: exact ? 0 : n * 4,
    flags: n,
    scales: n * 8,
    counts: n * 4,
    ring: ringSize * 4,
    marks: slots * 4,
    spikes: spikeLimit * 8,
    events: schedule.events.length * 16,
    sources: sources * 16,
    bins: 64 + sources * 16 * 8,
    table: exact ? 0 : (tableSize + 1) * 32,
    floors: exact ? 0 : floorCells * 4,
  };
  const start = at;
  // SAFETY: the next lines give every part its address.
  const found = {} as Record<Part, number>;
  for (const part of parts) {
    found[part] = at;
    at += (sizes[part] + 63) & ~63;
  }
  return { ...found, bytes: at - start, ringSize, slots, spikeLimit };
}
