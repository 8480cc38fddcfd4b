import { BregmaError } from '@bregma/core/errors';
import { allocateShared } from './shared-memory.ts';

/** Parameters of the model, Shiu et al. 2024 (Nature 634:210), Methods; potentials relative to rest. */
export interface LifParameters {
  /** Step, ms. */
  dtMs: number;
  /** Membrane time constant, ms. */
  tauMembraneMs: number;
  /** Synaptic time constant, ms. */
  tauSynapseMs: number;
  /** Threshold above rest, mV. */
  thresholdMv: number;
  refractoryMs: number;
  delayMs: number;
  /** Synaptic weight of one synapse, mV. */
  weightMv: number;
  /** Weight of one external spike, in synapses. */
  driveSynapses: number;
}

export const shiu2024: LifParameters = {
  dtMs: 0.1,
  tauMembraneMs: 20,
  tauSynapseMs: 5,
  thresholdMv: 7,
  refractoryMs: 2.2,
  delayMs: 1.8,
  weightMv: 0.275,
  driveSynapses: 250,
};

/** Signed synapse counts, compressed by source neuron, in memory that all threads of the engine read. Made by `packNetwork`. */
export interface LifNetwork {
  neurons: number;
  memory: WebAssembly.Memory;
  /** [neurons + 1] */
  rows: Uint32Array;
  /** Target in the low 18 bits, signed count in the high 14. */
  synapses: Uint32Array;
}

/** Most neurons, and largest count of one connection, that fit the packed form. */
const mostNeurons = 2 ** 18;
const largestCount = 2 ** 13 - 1;
/** AssemblyScript keeps its own data below. */
const networkStart = 65_536;

/** A network whose rows and synapses are still to be filled in. Throws `bad-input` and `too-large`. */
export function emptyNetwork(neurons: number, edges: number): LifNetwork {
  if (!(Number.isInteger(neurons) && neurons >= 1))
    throw new BregmaError('bad-input', `A network of ${neurons} neurons cannot be simulated.`);
  if (neurons > mostNeurons)
    throw new BregmaError('too-large', `The connectome has ${neurons} neurons; ${mostNeurons} fit.`);
  const memory = allocateShared(networkStart + 4 * (neurons + 1 + edges));
  const rows = new Uint32Array(memory.buffer, networkStart, neurons + 1);
  const synapses = new Uint32Array(memory.buffer, networkStart + rows.byteLength, edges);
  return { neurons, memory, rows, synapses };
}

/**
 * Packs a signed connectome. pre, post: indices; count: signed synapses. Several edges of one pair add up. A self-loop is allowed,
 * as in the published model: with its parameters it arrives while its neuron is refractory, unless that is driven. Throws
 * `bad-input`, naming the edge that does not fit.
 */
export function* packing(
  neurons: number,
  pre: ArrayLike<number>,
  post: ArrayLike<number>,
  count: ArrayLike<number>,
): Generator<number, LifNetwork> {
  if (post.length !== pre.length || count.length !== pre.length)
    throw new BregmaError(
      'bad-input',
      `There are ${pre.length} sources, ${post.length} targets and ${count.length} counts; an edge has one of each.`,
    );
  const { memory, rows, synapses } = emptyNetwork(neurons, pre.length);
  const known = (neuron: number) => Number.isInteger(neuron) && neuron >= 0 && neuron < neurons;
  for (let edge = 0; edge < pre.length; edge++) {
    if ((edge & 0x3ffff) === 0) yield edge / pre.length / 2;
    if (!Number.isInteger(count[edge]) || Math.abs(count[edge]) > largestCount) {
      throw new BregmaError(
        'bad-input',
        `Edge ${edge} has ${count[edge]} synapses; whole numbers up to ±${largestCount} are simulated.`,
      );
    }
    if (!(known(pre[edge]) && known(post[edge]))) {
      throw new BregmaError(
        'bad-input',
        `Edge ${edge} connects ${pre[edge]} to ${post[edge]}; there are neurons 0 to ${neurons - 1}.`,
      );
    }
    rows[pre[edge] + 1]++;
  }
  for (let i = 0; i < neurons; i++) rows[i + 1] += rows[i];
  const next = rows.slice(0, neurons);
  for (let edge = 0; edge < pre.length; edge++) {
    if ((edge & 0x3ffff) === 0) yield (1 + edge / pre.length) / 2;
    synapses[next[pre[edge]]++] = (post[edge] & 0x3ffff) | (count[edge] << 18);
  }
  return { neurons, memory, rows, synapses };
}

/** All of `packing` at once. */
export function packNetwork(...given: Parameters<typeof packing>): LifNetwork {
  const steps = packing(...given);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Part of a trial, [fromMs, untilMs); without bounds the whole trial. Bounds are rounded to steps. */
export interface Window {
  fromMs?: number;
  untilMs?: number;
}

/**
 * What happens to the network from outside during a trial. Everything acts when a step delivers, as weights and rates that
 * change during a run do in Brian2: a spike that was sent before a window and arrives in it is scaled, and it is lost on a deaf
 * neuron.
 */
export interface LifInput {
  /**
   * Poisson input into v, `driveSynapses` × `weightMv` each. A driven neuron has no refractory period in the whole trial, as in
   * the published code, whatever its windows.
   */
  poisson?: ({ neuron: number; rateHz: number } & Window)[];
  /** Deterministic input, mV into v, at the end of a step. */
  events?: { step: number; neuron: number; mv: number }[];
  /** Factor on everything that a neuron sends; 0 silences its output. Windows that overlap multiply. */
  outputScale?: ({ neuron: number; factor: number } & Window)[];
  /** Neurons that receive nothing: no synaptic, Poisson or deterministic input. What they hold decays on. */
  deaf?: ({ neuron: number } & Window)[];
}

/** The spikes of one trial. */
export interface TrialResult {
  /** Spikes of each neuron. */
  counts: Uint32Array;
  spikesTotal: number;
  /** Neuron, step, alternating, ascending by step and then by neuron; empty unless asked for. */
  spikes: Uint32Array;
}
