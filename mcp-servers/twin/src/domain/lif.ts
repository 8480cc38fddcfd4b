import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { lifKernel } from '../kernels/lif.gen.ts';

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

/** Signed synapse counts, compressed by source neuron. */
export interface LifNetwork {
  neurons: number;
  /** [neurons + 1] */
  rows: Uint32Array;
  /** Target in the low 18 bits, signed count in the high 14. */
  synapses: Uint32Array;
}

/** Most neurons, and largest count of one connection, that fit the packed form. */
const mostNeurons = 2 ** 18;
const largestCount = 2 ** 13 - 1;

/** Packs a signed connectome. pre, post: indices; count: signed synapses. Throws `bad-input`, naming the edge that does not fit. */
export function packNetwork(
  neurons: number,
  pre: ArrayLike<number>,
  post: ArrayLike<number>,
  count: ArrayLike<number>,
): LifNetwork {
  if (neurons > mostNeurons)
    throw new BregmaError('too-large', `The connectome has ${neurons} neurons; ${mostNeurons} fit.`);
  const rows = new Uint32Array(neurons + 1);
  for (let edge = 0; edge < pre.length; edge++) {
    if (!Number.isInteger(count[edge]) || Math.abs(count[edge]) > largestCount) {
      throw new BregmaError(
        'bad-input',
        `Edge ${edge} has ${count[edge]} synapses; whole numbers up to ±${largestCount} are simulated.`,
      );
    }
    if (!(pre[edge] >= 0 && pre[edge] < neurons && post[edge] >= 0 && post[edge] < neurons)) {
      throw new BregmaError(
        'bad-input',
        `Edge ${edge} connects ${pre[edge]} to ${post[edge]}; there are neurons 0 to ${neurons - 1}.`,
      );
    }
    rows[pre[edge] + 1]++;
  }
  for (let i = 0; i < neurons; i++) rows[i + 1] += rows[i];
  const next = rows.slice(0, neurons);
  const synapses = new Uint32Array(pre.length);
  for (let edge = 0; edge < pre.length; edge++)
    synapses[next[pre[edge]]++] = (post[edge] & 0x3ffff) | (count[edge] << 18);
  return { neurons, rows, synapses };
}

/** Poisson input to one neuron. Driven neurons have no refractory period, as in the published code. */
export interface Drive {
  neuron: number;
  rateHz: number;
}

export interface LifInput {
  poisson: Drive[];
  /** Deterministic input, mV into v, at the end of a step. */
  events: { step: number; neuron: number; mv: number }[];
  /** Factor on everything that a neuron sends; 0 silences its output. */
  outputScale: Float64Array;
}

export interface TrialResult {
  /** Spikes of each neuron. */
  counts: Uint32Array;
  spikesTotal: number;
  /** Neuron, step, alternating; empty unless asked for. */
  spikes: Uint32Array;
}

type Exports = {
  place(...parts: number[]): void;
  configure(threshold: number, delay: number, peak: number): void;
  begin(seedLow: bigint, seedHigh: bigint, wide: number, dense: number): void;
  simulate32(until: number): number;
  simulate64(until: number): number;
  spikesKept(): number;
  spikesTotal(): number;
  clearSpikes(): void;
  isDense(): number;
};

/** Steps between looks at the cancel signal, at most. */
const chunkSteps = 200;
/** Steps for which decay is tabulated; after them a neuron is at rest to the last bit of f32. */
const tableSteps = 8192;

/** One instance of the kernel with its memory, for one trial after the other. */
export class LifSimulator {
  private readonly memory: WebAssembly.Memory;
  private readonly kernel: Exports;
  private readonly at: Record<string, number> = {};
  private readonly network: LifNetwork;
  private readonly parameters: LifParameters;
  private readonly wide: boolean;
  private readonly spikeLimit: number;

  private constructor(
    memory: WebAssembly.Memory,
    kernel: Exports,
    network: LifNetwork,
    parameters: LifParameters,
    wide: boolean,
    spikeLimit: number,
  ) {
    this.memory = memory;
    this.kernel = kernel;
    this.network = network;
    this.parameters = parameters;
    this.wide = wide;
    this.spikeLimit = spikeLimit;
  }

  /** mode: f32 is fast (lazy, dense when many are active); f64 steps every neuron and is the reference. */
  static async open(
    network: LifNetwork,
    input: LifInput,
    options: { parameters?: LifParameters; mode: 'f32' | 'f64'; keepSpikes: boolean },
  ): Promise<LifSimulator> {
    const parameters = options.parameters ?? shiu2024;
    const wide = options.mode === 'f64';
    const n = network.neurons;
    const spikeLimit = options.keepSpikes ? 2 * n + 100_000 : 0;
    const real = wide ? 8 : 4;
    const slots = Math.round(parameters.delayMs / parameters.dtMs) + 1;
    const ringSize = n + (slots + 1) * (input.poisson.length + 1) + 16;
    const sizes: Record<string, number> = {
      scales: n * 8,
      table: tableSteps * 24,
      inputs: input.poisson.length * 24,
      events: input.events.length * 16,
      rows: (n + 1) * 4,
      synapses: network.synapses.byteLength,
      v: n * real,
      g: n * real,
      frozen: n * 4,
      current: n * 4,
      counts: n * 4,
      refractory: n * 4,
      hot: n * 4,
      isHot: n,
      marks: slots * 4,
      ring: ringSize * 4,
      spikes: spikeLimit * 8,
    };
    const at: Record<string, number> = {};
    let end = 65_536; // AssemblyScript keeps its own data below
    for (const [name, size] of Object.entries(sizes)) {
      at[name] = end;
      end += (size + 15) & ~15;
    }
    const memory = new WebAssembly.Memory({ initial: Math.ceil(end / 65_536) });
    const { instance } = await WebAssembly.instantiate(lifKernel(), { env: { memory } });
    // SAFETY: the kernel is compiled from kernels/lif.ts, which exports these functions.
    const simulator = new LifSimulator(
      memory,
      instance.exports as unknown as Exports,
      network,
      parameters,
      wide,
      spikeLimit,
    );
    Object.assign(simulator.at, at);
    simulator.fill(input, ringSize);
    return simulator;
  }

  private fill(input: LifInput, ringSize: number): void {
    const { buffer } = this.memory;
    const { at, network, parameters: p } = this;
    const n = network.neurons;
    new Uint32Array(buffer, at.rows, n + 1).set(network.rows);
    new Uint32Array(buffer, at.synapses, network.synapses.length).set(network.synapses);
    const scales = new Float64Array(buffer, at.scales, n);
    for (let i = 0; i < n; i++) scales[i] = p.weightMv * input.outputScale[i];
    new Int32Array(buffer, at.refractory, n).fill(Math.round(p.refractoryMs / p.dtMs));
    const view = new DataView(buffer);
    input.poisson.forEach(({ neuron, rateHz }, k) => {
      new Int32Array(buffer, at.refractory, n)[neuron] = 0;
      view.setUint32(at.inputs + k * 24, neuron, true);
      view.setFloat64(at.inputs + k * 24 + 8, (rateHz * p.dtMs) / 1000, true);
      view.setFloat64(at.inputs + k * 24 + 16, p.weightMv * p.driveSynapses, true);
    });
    input.events.forEach(({ step, neuron, mv }, k) => {
      view.setUint32(at.events + k * 16, step, true);
      view.setUint32(at.events + k * 16 + 4, neuron, true);
      view.setFloat64(at.events + k * 16 + 8, mv, true);
    });
    const table = new Float64Array(buffer, at.table, tableSteps * 3);
    const coupling = p.tauSynapseMs / (p.tauSynapseMs - p.tauMembraneMs);
    for (let k = 0; k < tableSteps; k++) {
      const [membrane, synapse] = [Math.exp((-k * p.dtMs) / p.tauMembraneMs), Math.exp((-k * p.dtMs) / p.tauSynapseMs)];
      // v' = (g − v)/τm with g' = −g/τ, integrated exactly over k steps.
      table.set([membrane, synapse, coupling * (synapse - membrane)], 3 * k);
    }
    const peak = Math.max(...Array.from({ length: tableSteps }, (_, k) => table[3 * k + 2]));
    this.kernel.place(
      n,
      at.rows,
      at.synapses,
      at.scales,
      at.v,
      at.g,
      at.frozen,
      at.current,
      at.counts,
      at.ring,
      ringSize,
      at.marks,
      at.hot,
      at.isHot,
      at.table,
      tableSteps,
      at.spikes,
      this.spikeLimit,
      at.inputs,
      input.poisson.length,
      at.refractory,
      at.events,
      input.events.length,
    );
    this.kernel.configure(p.thresholdMv, Math.round(p.delayMs / p.dtMs), peak * (1 + 1e-6));
  }

  /** Simulates one trial. seed: the trial's own random stream; same seed, same bytes. */
  async run(durationMs: number, seed: bigint, signal: AbortSignal): Promise<TrialResult> {
    const steps = Math.round(durationMs / this.parameters.dtMs);
    const simulate = this.wide ? this.kernel.simulate64 : this.kernel.simulate32;
    this.kernel.begin(
      BigInt.asUintN(64, seed * 0x9e3779b97f4a7c15n),
      BigInt.asUintN(64, seed ^ 0xbf58476d1ce4e5b9n),
      Number(this.wide),
      Number(this.wide),
    );
    const parts: Uint32Array[] = [];
    for (let done = 0, from = performance.now(); done < steps; ) {
      done = simulate(Math.min(done + chunkSteps, steps));
      const kept = this.kernel.spikesKept();
      if (kept > 0) parts.push(new Uint32Array(this.memory.buffer, this.at.spikes, 2 * kept).slice());
      this.kernel.clearSpikes();
      if (performance.now() - from < 50) continue;
      await new Promise((resolve) => setImmediate(resolve));
      throwIfCancelled(signal);
      from = performance.now();
    }
    const spikes = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      spikes.set(part, offset);
      offset += part.length;
    }
    return {
      counts: new Uint32Array(this.memory.buffer, this.at.counts, this.network.neurons).slice(),
      spikesTotal: this.kernel.spikesTotal(),
      spikes,
    };
  }
}
