import type { LifParameters, TrialResult } from '../lif.ts';
import type { Schedule, Segment } from '../lif-schedule.ts';
import { couplingOf, decayOver, leastPotential } from '../lif-solution.ts';
import { floorCells, type Layout, layOut } from './layout.ts';

/** All that a thread needs to know to simulate trials of one call. Structured-cloneable; the memory is shared. */
export interface Job {
  id: number;
  memory: WebAssembly.Memory;
  network: { neurons: number; rowsAt: number; synapsesAt: number };
  schedule: Schedule;
  parameters: LifParameters;
  backend: 'wasm' | 'wasm-f64';
  keepSpikes: boolean;
}

/** Exports of both kernels; `place` takes what only the one has. */
interface Kernel {
  placeNetwork(n: number, rows: number, synapses: number, scales: number, flags: number, control: number): void;
  placeSpikes(
    counts: number,
    ring: number,
    ringSize: number,
    marks: number,
    slots: number,
    spikes: number,
    limit: number,
  ): void;
  placeInput(events: number, eventCount: number, sources: number, bins: number): void;
  configure(threshold: number, delay: number, refractory: number, driveMv: number): void;
  place(...parts: number[]): void;
  begin(key0: number, key1: number): void;
  enterSegment(sourceCount: number, anyDeaf: number): void;
  simulate(until: number): number;
  spikesKept(): number;
  spikesTotal(): number;
  clearSpikes(): void;
}

/** Bits of a neuron's flags, as in kernels/spiking/parts/trial.ts. */
const driven = 2;
const deaf = 4;

/** Stored numbers of the lazy kernel grow by at most e to this before their base moves on: far from the end of f32. */
const mostGrowth = 40;

/** Steps for which the lazy kernel tabulates decay. */
export function tableSizeOf({ dtMs, tauMembraneMs, tauSynapseMs }: LifParameters): number {
  return Math.max(1, Math.min(4096, Math.floor((mostGrowth * Math.min(tauMembraneMs, tauSynapseMs)) / dtMs)));
}

/** The layout of a job's region, as main thread and worker both compute it. */
export function layOutJob(
  at: number,
  { network, schedule, parameters, backend, keepSpikes }: Omit<Job, 'id' | 'memory'>,
): Layout {
  return layOut(at, network, schedule, backend, keepSpikes, tableSizeOf(parameters));
}

/** One instance of a kernel on a region of a shared memory. */
export class KernelInstance {
  private readonly kernel: Kernel;
  private readonly job: Job;
  private readonly at: Layout;
  private deafNow: number[] = [];

  /** regionAt: where the region of this instance begins. Fills in all that does not change between trials. */
  constructor(module: WebAssembly.Module, job: Job, regionAt: number) {
    this.job = job;
    this.at = layOutJob(regionAt, job);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: job.memory } });
    // SAFETY: both kernels are compiled from mcp-servers/twin/kernels/spiking and export these functions.
    this.kernel = exports as unknown as Kernel;
    this.fill();
  }

  private fill(): void {
    const { at, kernel } = this;
    const { network, schedule, parameters: p, backend } = this.job;
    const { buffer } = this.job.memory;
    const n = network.neurons;
    new Float64Array(buffer, at.scales, n).fill(p.weightMv);
    const flags = new Uint8Array(buffer, at.flags, n).fill(0);
    for (const neuron of schedule.driven) flags[neuron] = driven;
    const view = new DataView(buffer);
    schedule.events.forEach(({ step, neuron, mv }, k) => {
      view.setUint32(at.events + k * 16, step, true);
      view.setUint32(at.events + k * 16 + 4, neuron, true);
      view.setFloat64(at.events + k * 16 + 8, mv, true);
    });
    kernel.placeNetwork(n, network.rowsAt, network.synapsesAt, at.scales, at.flags, at.control);
    kernel.placeSpikes(at.counts, at.ring, at.ringSize, at.marks, at.slots, at.spikes, at.spikeLimit);
    kernel.placeInput(at.events, schedule.events.length, at.sources, at.bins);
    kernel.configure(p.thresholdMv, schedule.delaySteps, schedule.refractorySteps, p.weightMv * p.driveSynapses);
    if (backend === 'wasm-f64') {
      const { membrane, synapse, into } = decayOver(1, p);
      kernel.place(at.state, at.gs, at.frozen, membrane, synapse, into);
    } else this.fillLazy(buffer);
  }

  private fillLazy(buffer: SharedArrayBuffer): void {
    const { at, kernel } = this;
    const { parameters: p } = this.job;
    const tableSize = tableSizeOf(p);
    const table = new Float64Array(buffer, at.table, 4 * (tableSize + 1));
    for (let k = 0; k <= tableSize; k++) {
      const { membrane, synapse } = decayOver(k, p);
      table.set([membrane, synapse, 1 / membrane, 1 / synapse], 4 * k);
    }
    // A cell holds for all of its g, so it takes the value of its upper end; the last one, for every larger g, holds always.
    const first = p.thresholdMv * (1 - 1e-5);
    const cellsPerMv = (floorCells - 1) / (15 * p.thresholdMv);
    const floors = new Float32Array(buffer, at.floors, floorCells);
    for (let cell = 0; cell < floorCells - 1; cell++)
      floors[cell] = leastPotential(first + (cell + 1) / cellsPerMv, p) - 1e-4 * p.thresholdMv;
    floors[floorCells - 1] = Number.NEGATIVE_INFINITY;
    // On the curve of least v, a = v - c·g grows with g where c < 0, from where v = g = threshold.
    const coupling = couplingOf(p);
    const firstA = coupling < 0 ? first * (1 - coupling) : Number.NEGATIVE_INFINITY;
    kernel.place(at.state, at.hot, at.table, tableSize, at.floors, floorCells, coupling, first, firstA, cellsPerMv);
  }

  /** Puts rates, scales and deafness of a segment in force. */
  private enter({ poisson, scales, deaf: closed }: Segment): void {
    const { at, kernel } = this;
    const { network, parameters: p } = this.job;
    const { buffer } = this.job.memory;
    const sources = new Uint32Array(buffer, at.sources, poisson.length * 4);
    poisson.forEach(({ neuron, stream, probability }, k) => {
      sources.set([neuron, stream, greatestDraw(probability), 0], 4 * k);
    });
    const mvOf = new Float64Array(buffer, at.scales, network.neurons);
    for (const { neuron, factor } of scales) mvOf[neuron] = p.weightMv * factor;
    const flags = new Uint8Array(buffer, at.flags, network.neurons);
    for (const neuron of this.deafNow) flags[neuron] &= ~deaf;
    for (const neuron of closed) flags[neuron] |= deaf;
    this.deafNow = closed;
    kernel.enterSegment(poisson.length, Number(closed.length > 0));
  }

  /** Simulates one trial. Returns nothing when the control word told it to stop. */
  run(seed: bigint): TrialResult | undefined {
    const { at, kernel } = this;
    const { schedule, network, memory } = this.job;
    const { steps, segments } = schedule;
    const control = new Int32Array(memory.buffer, at.control, 1);
    this.enter(segments[0]);
    kernel.begin(Number(seed & 0xffffffffn), Number(seed >> 32n));
    const parts: Uint32Array[] = [];
    for (let done = 0, segment = 0; done < steps; ) {
      if (done === segments[segment].until) this.enter(segments[++segment]);
      done = kernel.simulate(segments[segment].until);
      const kept = kernel.spikesKept();
      if (kept > 0) parts.push(new Uint32Array(memory.buffer, at.spikes, 2 * kept).slice());
      kernel.clearSpikes();
      if (Atomics.load(control, 0) !== 0) return undefined;
    }
    return {
      counts: copy(new Uint32Array(memory.buffer, at.counts, network.neurons)),
      spikesTotal: kernel.spikesTotal(),
      spikes: joined(parts),
    };
  }
}

/** Of 32 random bits, the greatest number that is a spike. */
export function greatestDraw(probability: number): number {
  return Math.min(2 ** 32, Math.max(1, Math.round(probability * 2 ** 32))) - 1;
}

/** Out of shared memory, so that it can be handed over. */
function copy(shared: Uint32Array): Uint32Array {
  const own = new Uint32Array(shared.length);
  own.set(shared);
  return own;
}

function joined(parts: Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
