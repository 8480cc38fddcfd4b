import { throwIfCancelled } from '@bregma/core/errors';
import type { LifNetwork, LifParameters, TrialResult } from '../domain/lif.ts';
import type { Schedule, Segment } from '../domain/lif-schedule.ts';
import { lifKernel } from '../kernels/lif.gen.ts';
import type { TrialOptions } from './simulate-trials.ts';

/** Simulates the trials one after the other. */
export async function runWasm(
  network: LifNetwork,
  schedule: Schedule,
  parameters: LifParameters,
  backend: 'wasm' | 'wasm-f64',
  options: TrialOptions,
): Promise<TrialResult[]> {
  const { seeds, signal, onTrial, onProgress } = options;
  const simulator = await LifSimulator.open(network, schedule, {
    parameters,
    mode: backend === 'wasm' ? 'f32' : 'f64',
    keepSpikes: options.keepSpikes ?? false,
  });
  const results: TrialResult[] = [];
  for (const seed of seeds) {
    results.push(
      await simulator.run(seed, signal, (done) =>
        onProgress?.((results.length + done / schedule.steps) / seeds.length),
      ),
    );
    onTrial?.(results.length, seeds.length);
  }
  return results;
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
class LifSimulator {
  private readonly memory: WebAssembly.Memory;
  private readonly kernel: Exports;
  private readonly at: Record<string, number> = {};
  private readonly network: LifNetwork;
  private readonly schedule: Schedule;
  private readonly ringSize: number;
  private readonly anyDeaf: boolean;
  private peak = 0;
  private readonly parameters: LifParameters;
  private readonly wide: boolean;
  private readonly spikeLimit: number;

  private constructor(
    memory: WebAssembly.Memory,
    kernel: Exports,
    network: LifNetwork,
    schedule: Schedule,
    parameters: LifParameters,
    wide: boolean,
    spikeLimit: number,
    ringSize: number,
  ) {
    this.memory = memory;
    this.kernel = kernel;
    this.network = network;
    this.schedule = schedule;
    this.ringSize = ringSize;
    this.anyDeaf = schedule.segments.some(({ deaf }) => deaf.length > 0);
    this.parameters = parameters;
    this.wide = wide;
    this.spikeLimit = spikeLimit;
  }

  /** mode: f32 is fast (lazy, dense when many are active); f64 steps every neuron and is the reference. */
  static async open(
    network: LifNetwork,
    schedule: Schedule,
    { parameters, ...options }: { parameters: LifParameters; mode: 'f32' | 'f64'; keepSpikes: boolean },
  ): Promise<LifSimulator> {
    const wide = options.mode === 'f64';
    const n = network.neurons;
    const spikeLimit = options.keepSpikes ? 2 * n + 100_000 : 0;
    const real = wide ? 8 : 4;
    const slots = schedule.delaySteps + 1;
    const inputs = Math.max(...schedule.segments.map(({ poisson }) => poisson.length));
    // A neuron sends at most once in a refractory period; driven ones may in every step.
    const ringSize =
      n * Math.ceil((slots + 1) / schedule.refractorySteps) + (slots + 1) * (schedule.driven.length + 1) + 16;
    const sizes: Record<string, number> = {
      scales: n * 8,
      table: tableSteps * 24,
      inputs: inputs * 24,
      events: schedule.events.length * 16,
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
      schedule,
      parameters,
      wide,
      spikeLimit,
      ringSize,
    );
    Object.assign(simulator.at, at);
    simulator.fill();
    return simulator;
  }

  private fill(): void {
    const { buffer } = this.memory;
    const { at, network, schedule, parameters: p } = this;
    const n = network.neurons;
    new Uint32Array(buffer, at.rows, n + 1).set(network.rows);
    new Uint32Array(buffer, at.synapses, network.synapses.length).set(network.synapses);
    new Float64Array(buffer, at.scales, n).fill(p.weightMv);
    const refractory = new Int32Array(buffer, at.refractory, n).fill(schedule.refractorySteps);
    for (const neuron of schedule.driven) refractory[neuron] = 1;
    const view = new DataView(buffer);
    schedule.events.forEach(({ step, neuron, mv }, k) => {
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
    this.peak = Math.max(...Array.from({ length: tableSteps }, (_, k) => table[3 * k + 2]));
    this.kernel.configure(p.thresholdMv, schedule.delaySteps, this.peak * (1 + 1e-6));
  }

  /** Puts rates, scales and deafness of a segment in force. */
  private enter({ poisson, scales, deaf }: Segment): void {
    const { at, network, parameters: p } = this;
    const { buffer } = this.memory;
    const n = network.neurons;
    const view = new DataView(buffer);
    poisson.forEach(({ neuron, probability }, k) => {
      view.setUint32(at.inputs + k * 24, neuron, true);
      view.setFloat64(at.inputs + k * 24 + 8, probability, true);
      view.setFloat64(at.inputs + k * 24 + 16, p.weightMv * p.driveSynapses, true);
    });
    const mvOf = new Float64Array(buffer, at.scales, n);
    for (const { neuron, factor } of scales) mvOf[neuron] = p.weightMv * factor;
    const synapses = new Uint32Array(buffer, at.synapses, network.synapses.length);
    const closed = new Set(deaf);
    if (this.anyDeaf)
      network.synapses.forEach((packed, k) => {
        synapses[k] = closed.has(packed & 0x3ffff) ? packed & 0x3ffff : packed;
      });
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
      this.ringSize,
      at.marks,
      at.hot,
      at.isHot,
      at.table,
      tableSteps,
      at.spikes,
      this.spikeLimit,
      at.inputs,
      poisson.length,
      at.refractory,
      at.events,
      this.schedule.events.length,
    );
  }

  /** Simulates one trial. seed: the trial's own random stream; same seed, same bytes. */
  async run(seed: bigint, signal: AbortSignal, onStep: (done: number) => void): Promise<TrialResult> {
    const { steps, segments } = this.schedule;
    const simulate = this.wide ? this.kernel.simulate64 : this.kernel.simulate32;
    this.enter(segments[0]);
    this.kernel.begin(
      BigInt.asUintN(64, seed * 0x9e3779b97f4a7c15n),
      BigInt.asUintN(64, seed ^ 0xbf58476d1ce4e5b9n),
      Number(this.wide),
      Number(this.wide),
    );
    const parts: Uint32Array[] = [];
    for (let done = 0, segment = 0, from = performance.now(); done < steps; ) {
      if (done === segments[segment].until) this.enter(segments[++segment]);
      done = simulate(Math.min(done + chunkSteps, segments[segment].until));
      const kept = this.kernel.spikesKept();
      if (kept > 0) parts.push(new Uint32Array(this.memory.buffer, this.at.spikes, 2 * kept).slice());
      this.kernel.clearSpikes();
      if (performance.now() - from < 50) continue;
      onStep(done);
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
