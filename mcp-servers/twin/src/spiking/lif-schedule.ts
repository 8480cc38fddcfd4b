import { BregmaError } from '@bregma/core/errors';
import { significant } from '@bregma/core/numbers';
import type { LifInput, LifNetwork, LifParameters, Window } from './lif.ts';

/** One source of Poisson input in one stretch of a trial. */
export interface PoissonSource {
  neuron: number;
  /** Which of the neuron's own sources: each has a random stream of its own. */
  stream: number;
  /** Of a spike in one step. */
  probability: number;
}

/** A stretch of a trial in which rates, scales and deafness are constant. */
export interface Segment {
  /** First step after it. */
  until: number;
  poisson: PoissonSource[];
  /** Of every neuron that is scaled at any time in the trial. */
  scales: { neuron: number; factor: number }[];
  deaf: number[];
}

/** A trial as the engines run it: all in steps. */
export interface Schedule {
  steps: number;
  delaySteps: number;
  refractorySteps: number;
  /** Ascending; the last one ends with the trial. */
  segments: Segment[];
  /** Neurons with Poisson input at any time: they have no refractory period. */
  driven: number[];
  /** Ascending by step; none on a deaf neuron. */
  events: { step: number; neuron: number; mv: number }[];
}

/** Within these no sum leaves the range of f32, at whatever moment of a trial. */
const largest = { factor: 1000, mv: 1e6, weightMv: 1000, driveSynapses: 1e6 };
/** More steps than any buffer counts. */
const mostSteps = 2 ** 31 - 1;

/** Checks an input against its network and lays it out in steps. Throws `bad-input`, naming the entry and what would be right. */
export function layOutSchedule(
  network: LifNetwork,
  input: LifInput,
  parameters: LifParameters,
  durationMs: number,
): Schedule {
  checkParameters(parameters);
  const { dtMs } = parameters;
  const steps = Math.round(durationMs / dtMs);
  if (!(steps >= 1 && steps <= mostSteps))
    throw new BregmaError('bad-input', `A trial of ${durationMs} ms cannot be simulated in steps of ${dtMs} ms.`, {
      next: `Pass a duration between ${dtMs} and ${Math.floor(mostSteps * dtMs)} ms.`,
    });
  const { poisson = [], events = [], outputScale = [], deaf = [] } = input;
  const known = (what: string, neuron: number) => {
    if (!(Number.isInteger(neuron) && neuron >= 0 && neuron < network.neurons))
      throw new BregmaError('bad-input', `${what} names neuron ${neuron}; there are 0 to ${network.neurons - 1}.`);
  };
  const place = <Entry extends { neuron: number } & Window>(what: string, entries: Entry[]) =>
    entries.map((entry, k) => {
      const name = `${what} ${k}`;
      known(name, entry.neuron);
      return { ...entry, ...stretchOf(name, entry, dtMs, steps) };
    });
  const sources = place('Poisson input', poisson);
  const scales = place('Output scale', outputScale);
  const closed = place('Deafness', deaf);
  const streams = new Map<number, number>();
  const streamOf = sources.map(({ neuron, rateHz }, k) => {
    if (!(rateHz >= 0 && rateHz * dtMs <= 1000))
      throw new BregmaError(
        'bad-input',
        `Poisson input ${k} has ${rateHz} Hz, which cannot be drawn in steps of ${dtMs} ms.`,
        { next: `Rates go from 0 to ${1000 / dtMs} Hz.` },
      );
    const stream = streams.get(neuron) ?? 0;
    streams.set(neuron, stream + 1);
    return stream;
  });
  scales.forEach(({ factor }, k) => {
    if (!(Math.abs(factor) <= largest.factor))
      throw new BregmaError(
        'bad-input',
        `Output scale ${k} has the factor ${factor}; factors go from -${largest.factor} to ${largest.factor}.`,
      );
  });
  events.forEach(({ step, neuron, mv }, k) => {
    known(`Event ${k}`, neuron);
    if (!(Number.isInteger(step) && step >= 0 && step < steps))
      throw new BregmaError('bad-input', `Event ${k} is at step ${step}; the trial has steps 0 to ${steps - 1}.`);
    if (!Number.isFinite(mv)) throw new BregmaError('bad-input', `Event ${k} is ${mv} mV; finite numbers are allowed.`);
  });
  const edges = new Set([steps]);
  for (const { from, until } of [...sources, ...scales, ...closed]) edges.add(from).add(until);
  const ends = [...edges].filter((edge) => edge > 0).sort((a, b) => a - b);
  const segments = ends.map((until, k): Segment => {
    const at = k === 0 ? 0 : ends[k - 1];
    const holds = (entry: Stretch) => entry.from <= at && at < entry.until;
    const deafNow = new Set(closed.filter(holds).map(({ neuron }) => neuron));
    const factors = new Map(scales.map(({ neuron }) => [neuron, 1]));
    for (const { neuron, factor } of scales.filter(holds)) factors.set(neuron, (factors.get(neuron) ?? 1) * factor);
    return {
      until,
      poisson: sources.flatMap((source, i) =>
        holds(source) && source.rateHz > 0 && !deafNow.has(source.neuron)
          ? [{ neuron: source.neuron, stream: streamOf[i], probability: (source.rateHz * dtMs) / 1000 }]
          : [],
      ),
      scales: [...factors].map(([neuron, factor]) => ({ neuron, factor })),
      deaf: [...deafNow].sort((a, b) => a - b),
    };
  });
  const heard = ({ step, neuron }: { step: number; neuron: number }) =>
    !closed.some((entry) => entry.neuron === neuron && entry.from <= step && step < entry.until);
  return {
    steps,
    delaySteps: stepsOf(parameters.delayMs, dtMs),
    refractorySteps: Math.max(1, Math.round(parameters.refractoryMs / dtMs)),
    segments,
    driven: [...streams.keys()].sort((a, b) => a - b),
    events: events.filter(heard).sort((a, b) => a.step - b.step),
  };
}

/**
 * A delay in steps, to the nearest as Brian2 rounds it: ⌊delay / dt + ½⌋ with both in seconds (Stimberg et al. 2019, eLife 8:e47314;
 * cspikequeue.cpp). In milliseconds 1.65 / 0.1 is 16.499… and falls a step short.
 */
export function stepsOf(delayMs: number, dtMs: number): number {
  return Math.floor((delayMs * 1e-3) / (dtMs * 1e-3) + 0.5);
}

/** What a delay became, in words; undefined when it is a whole number of steps. */
export function roundedDelay({ delayMs, dtMs }: Pick<LifParameters, 'delayMs' | 'dtMs'>): string | undefined {
  const usedMs = significant(stepsOf(delayMs, dtMs) * dtMs, 12);
  if (Math.abs(usedMs - delayMs) < 1e-9) return undefined;
  return `the delay of ${delayMs} ms is simulated as ${usedMs} ms, the nearest whole number of steps of ${dtMs} ms`;
}

interface Stretch {
  from: number;
  until: number;
}

/** A window in steps. */
function stretchOf(what: string, { fromMs = 0, untilMs }: Window, dtMs: number, steps: number): Stretch {
  const from = Math.round(fromMs / dtMs);
  const until = untilMs === undefined ? steps : Math.min(steps, Math.round(untilMs / dtMs));
  if (from >= 0 && from < until) return { from, until };
  throw new BregmaError(
    'bad-input',
    `${what} lasts from ${fromMs} to ${untilMs ?? 'the end'} ms: no step of a trial of ${steps * dtMs} ms lies in that.`,
    { next: `Times are in ms after the start of the trial, 0 ≤ from < until ≤ ${steps * dtMs}.` },
  );
}

function checkParameters(parameters: LifParameters): void {
  const positive = ['dtMs', 'tauMembraneMs', 'tauSynapseMs', 'thresholdMv'] as const;
  for (const name of positive) {
    if (!(parameters[name] > 0 && parameters[name] < Number.POSITIVE_INFINITY))
      throw new BregmaError('bad-input', `The parameter ${name} is ${parameters[name]}; it is a positive number.`);
  }
  for (const name of ['weightMv', 'driveSynapses'] as const) {
    if (!(Math.abs(parameters[name]) <= largest[name]))
      throw new BregmaError(
        'bad-input',
        `The parameter ${name} is ${parameters[name]}; it is from -${largest[name]} to ${largest[name]}.`,
      );
  }
  const { dtMs, delayMs, refractoryMs } = parameters;
  if (!(delayMs >= dtMs * 0.5 && delayMs <= 1000))
    throw new BregmaError('bad-input', `The delay is ${delayMs} ms; it is from one step (${dtMs} ms) to 1,000 ms.`);
  if (!(refractoryMs >= 0 && refractoryMs <= 1000))
    throw new BregmaError('bad-input', `The refractory period is ${refractoryMs} ms; it is from 0 to 1,000 ms.`);
}
