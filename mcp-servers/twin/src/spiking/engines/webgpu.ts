import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { within } from '@bregma/core/within';
import { lifShader } from '../kernels/lif-wgsl.gen.ts';
import type { LifNetwork, LifParameters, TrialResult } from '../lif.ts';
import type { Schedule, Segment } from '../lif-schedule.ts';
import { decayOver } from '../lif-solution.ts';
import type { TrialOptions } from './engine.ts';
import type { Graphics } from './graphics.ts';
import { BufferSet, eventsOf, inputOf, mapForReading, scalesOf, unitsOf } from './webgpu-buffers.ts';
import { type GpuPlan, type GpuWindow, planBatch, windowsOf } from './webgpu-plan.ts';

/** Work is handed over in pieces of about this, so that it can be cancelled and others may draw. */
const pieceMs = 50;
const mostWindowsAPiece = 256;
/** Distance of the windows in the uniform buffer, as the standard wants it. */
const stride = 256;

let queue: Promise<unknown> = Promise.resolve();

/**
 * Simulates all trials at once, or as many as fit the graphics processor; one call after the other. Rejects with `cancelled` as
 * soon as the signal fires: a piece of work that is under way ends by itself.
 */
export async function runWebgpu(
  graphics: Graphics,
  network: LifNetwork,
  schedule: Schedule,
  parameters: LifParameters,
  { signal, onProgress, ...options }: TrialOptions,
): Promise<TrialResult[]> {
  const over = new AbortController();
  let fraction = 0;
  const work = queue.then(() =>
    runNow(graphics, network, schedule, parameters, {
      ...options,
      signal: over.signal,
      onProgress: (now) => {
        fraction = now;
      },
    }),
  );
  queue = work.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  // What hears of progress may end the call.
  const unheard = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      try {
        onProgress?.(fraction);
      } catch (error) {
        reject(error);
      }
    }, 250);
  });
  try {
    return await within(Promise.race([work, unheard]), { signal });
  } finally {
    clearInterval(timer);
    over.abort();
  }
}

async function runNow(
  { device }: Graphics,
  network: LifNetwork,
  schedule: Schedule,
  parameters: LifParameters,
  options: TrialOptions,
): Promise<TrialResult[]> {
  const { seeds, keepSpikes = false, signal, onTrial } = options;
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
  const largest = Math.min(maxStorageBufferBindingSize, maxBufferSize);
  const plan = planBatch(network.neurons, schedule, seeds.length, keepSpikes, largest);
  if (network.synapses.byteLength > largest)
    throw new BregmaError('too-large', 'The synapses do not fit one buffer of the graphics processor.', {
      next: 'Use the backend wasm.',
    });
  throwIfCancelled(signal);
  const buffers = new BufferSet(device);
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  try {
    const run = new GpuRun(device, buffers, network, schedule, parameters, plan, options);
    const results: TrialResult[] = [];
    for (let first = 0; first < seeds.length; first += plan.trials) {
      for (const result of await run.batch(first, Math.min(plan.trials, seeds.length - first))) {
        results.push(result);
        onTrial?.(results.length, seeds.length);
      }
    }
    return results;
  } finally {
    const full = await device.popErrorScope();
    const wrong = await device.popErrorScope();
    buffers.destroy();
    if (full)
      // biome-ignore lint/correctness/noUnsafeFinally: what went wrong on the device is the cause of whatever else was thrown
      throw new BregmaError('too-large', 'The memory of the graphics processor is full.', {
        next: 'Simulate fewer trials, or use the backend wasm.',
      });
    // biome-ignore lint/correctness/noUnsafeFinally: as above
    if (wrong) throw new BregmaError('failed', `The graphics processor refused: ${wrong.message}`);
  }
}

class GpuRun {
  private readonly device: GPUDevice;
  private readonly buffers: BufferSet;
  private readonly network: LifNetwork;
  private readonly schedule: Schedule;
  private readonly parameters: LifParameters;
  private readonly plan: GpuPlan;
  private readonly options: TrialOptions;
  private readonly windows: GpuWindow[];
  private readonly units: number;
  private readonly pipelines;
  private readonly at;
  private readonly groups = new Map<Segment, { integrate?: GPUBindGroup; deliver?: GPUBindGroup }>();
  private readonly prepareGroup: GPUBindGroup;
  private windowsAPiece = 1;

  constructor(
    device: GPUDevice,
    buffers: BufferSet,
    network: LifNetwork,
    schedule: Schedule,
    parameters: LifParameters,
    plan: GpuPlan,
    options: TrialOptions,
  ) {
    this.device = device;
    this.buffers = buffers;
    this.network = network;
    this.schedule = schedule;
    this.parameters = parameters;
    this.plan = plan;
    this.options = options;
    this.windows = windowsOf(schedule);
    this.units = unitsOf(schedule);
    this.pipelines = {
      integrate: pipeline(device, 'integrate', { 1: 'w', 2: 'w', 3: 'r', 4: 'r', 5: 'r', 6: 'w', 7: 'r' }),
      prepare: pipeline(device, 'prepare', { 6: 'w', 8: 'w', 9: 'w' }),
      deliver: pipeline(device, 'deliver', { 10: 'w', 11: 'r', 12: 'r', 13: 'r', 14: 'r', 15: 'r' }),
    };
    const cells = plan.trials * network.neurons;
    const seeds = Uint32Array.from(options.seeds.flatMap((seed) => [Number(seed & 0xffffffffn), Number(seed >> 32n)]));
    this.at = {
      window: buffers.uniform(stride * mostWindowsAPiece),
      cells: buffers.storage(16 * cells),
      sums: buffers.storage(4 * schedule.delaySteps * cells),
      events: buffers.filled(eventsOf(schedule)),
      list: buffers.storage(8 * (plan.listLength + 1)),
      seeds: buffers.filled(seeds),
      range: buffers.storage(8),
      workgroups: buffers.workgroups(),
      rows: buffers.filled(network.rows),
      synapses: buffers.filled(network.synapses),
    };
    const { list, range, workgroups } = this.at;
    this.prepareGroup = this.group('prepare', { 6: list, 8: range, 9: workgroups });
  }

  private group(name: keyof GpuRun['pipelines'], bound: Record<number, GPUBuffer>): GPUBindGroup {
    const { layout } = this.pipelines[name];
    const entries = Object.entries(bound).map(([binding, buffer]) => ({
      binding: Number(binding),
      resource: { buffer },
    }));
    const window = { binding: 0, resource: { buffer: this.at.window, size: 64 } };
    return this.device.createBindGroup({ layout, entries: [window, ...entries] });
  }

  private integrateGroup(segment: Segment): GPUBindGroup {
    const kept = this.groups.get(segment) ?? {};
    this.groups.set(segment, kept);
    if (!kept.integrate) {
      const { flags, sources } = inputOf(this.network, this.schedule, segment);
      const { cells, sums, events, list, seeds } = this.at;
      const { buffers } = this;
      const bound = {
        1: cells,
        2: sums,
        3: buffers.filled(flags),
        4: buffers.filled(sources),
        5: events,
        6: list,
        7: seeds,
      };
      kept.integrate = this.group('integrate', bound);
    }
    return kept.integrate;
  }

  private deliverGroup(segment: Segment): GPUBindGroup {
    const kept = this.groups.get(segment) ?? {};
    this.groups.set(segment, kept);
    if (!kept.deliver) {
      const { sums, rows, synapses, list, range } = this.at;
      const scales = this.buffers.filled(scalesOf(this.network, segment));
      kept.deliver = this.group('deliver', { 10: sums, 11: rows, 12: synapses, 13: scales, 14: list, 15: range });
    }
    return kept.deliver;
  }

  /** Simulates the trials of the seeds from `first` on. */
  async batch(first: number, trials: number): Promise<TrialResult[]> {
    const { signal, onProgress, seeds, keepSpikes } = this.options;
    const { steps } = this.schedule;
    this.clear();
    const spikes = Array.from({ length: trials }, (): number[][] => []);
    const mostAtOnce = keepSpikes ? Math.floor(this.plan.listLength / this.plan.mostSpikes) : mostWindowsAPiece;
    for (let next = 0; next < this.windows.length; ) {
      const from = performance.now();
      const count = Math.min(this.windowsAPiece, mostAtOnce, mostWindowsAPiece, this.windows.length - next);
      this.submit(this.windows.slice(next, next + count), first, trials);
      if (keepSpikes) await this.takeSpikes(spikes);
      else await this.device.queue.onSubmittedWorkDone();
      throwIfCancelled(signal);
      next += count;
      const { start, steps: length } = this.windows[next - 1];
      onProgress?.((first * steps + trials * (start + length)) / (seeds.length * steps));
      const ratio = pieceMs / Math.max(1, performance.now() - from);
      this.windowsAPiece = Math.max(1, Math.min(mostWindowsAPiece, Math.floor(count * Math.min(4, ratio))));
    }
    return this.results(trials, spikes);
  }

  private clear(): void {
    const { cells, sums, list } = this.at;
    const encoder = this.device.createCommandEncoder();
    encoder.clearBuffer(cells);
    encoder.clearBuffer(sums);
    encoder.clearBuffer(list, 0, 8);
    this.device.queue.submit([encoder.finish()]);
  }

  private submit(windows: GpuWindow[], first: number, trials: number): void {
    const { neurons } = this.network;
    const { integrate, prepare, deliver } = this.pipelines;
    this.device.queue.writeBuffer(this.at.window, 0, this.describe(windows, first, trials));
    const encoder = this.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    windows.forEach(({ now, arrival }, k) => {
      pass.setPipeline(integrate.pipeline);
      pass.setBindGroup(0, this.integrateGroup(now), [k * stride]);
      pass.dispatchWorkgroups(Math.ceil(neurons / 64), trials);
      pass.setPipeline(prepare.pipeline);
      pass.setBindGroup(0, this.prepareGroup, [k * stride]);
      pass.dispatchWorkgroups(1);
      pass.setPipeline(deliver.pipeline);
      pass.setBindGroup(0, this.deliverGroup(arrival), [k * stride]);
      pass.dispatchWorkgroupsIndirect(this.at.workgroups, 0);
    });
    pass.end();
    this.device.queue.submit([encoder.finish()]);
  }

  /** The windows as `struct Window` of the shader. */
  private describe(windows: GpuWindow[], first: number, trials: number): ArrayBuffer {
    const { parameters: p, schedule, units, network } = this;
    const { membrane, synapse, into } = decayOver(1, p);
    const bytes = new ArrayBuffer(stride * windows.length);
    const keep = Number(this.options.keepSpikes ?? false);
    windows.forEach(({ start, steps }, k) => {
      const sizes = [network.neurons, trials, schedule.delaySteps, schedule.refractorySteps, first, keep];
      new Uint32Array(bytes, k * stride, 8).set([start, steps, ...sizes]);
      const reals = [membrane, synapse, into, p.thresholdMv, p.weightMv / units, p.weightMv * p.driveSynapses, units];
      new Float32Array(bytes, k * stride + 32, 7).set(reals);
    });
    return bytes;
  }

  private async read(buffer: GPUBuffer, offset: number, size: number): Promise<Uint32Array> {
    const staging = this.device.createBuffer({ size, usage: mapForReading });
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
    this.device.queue.submit([encoder.finish()]);
    await staging.mapAsync(1);
    const found = Uint32Array.from(new Uint32Array(staging.getMappedRange()));
    staging.destroy();
    return found;
  }

  /** Empties the list of spikes into lists of neuron and step, one a trial. */
  private async takeSpikes(spikes: number[][][]): Promise<void> {
    const { neurons } = this.network;
    const [, end] = await this.read(this.at.list, 0, 8);
    if (end === 0) return;
    const entries = await this.read(this.at.list, 8, 8 * end);
    for (let k = 0; k < entries.length; k += 2)
      spikes[Math.floor(entries[k] / neurons)].push([entries[k] % neurons, entries[k + 1]]);
    this.device.queue.writeBuffer(this.at.list, 0, new Uint32Array(2));
  }

  private async results(trials: number, spikes: number[][][]): Promise<TrialResult[]> {
    const { neurons } = this.network;
    const results: TrialResult[] = [];
    for (let trial = 0; trial < trials; trial++) {
      const cells = await this.read(this.at.cells, 16 * trial * neurons, 16 * neurons);
      const counts = new Uint32Array(neurons);
      for (let i = 0; i < neurons; i++) counts[i] = cells[4 * i + 3];
      const sorted = spikes[trial].sort(([i, s], [j, t]) => s - t || i - j);
      results.push({
        counts,
        spikesTotal: counts.reduce((sum, count) => sum + count, 0),
        spikes: Uint32Array.from(sorted.flat()),
      });
    }
    return results;
  }
}

/** A pipeline of one entry of the shader, with its layout. bound: which buffers it reads (r) and writes (w), besides the window. */
function pipeline(device: GPUDevice, entryPoint: string, bound: Record<number, 'r' | 'w'>) {
  const compute = 0x4;
  const window = { binding: 0, visibility: compute, buffer: { type: 'uniform', hasDynamicOffset: true } } as const;
  const entries = Object.entries(bound).map(([binding, use]) => ({
    binding: Number(binding),
    visibility: compute,
    buffer: { type: use === 'r' ? 'read-only-storage' : 'storage' } as const,
  }));
  const layout = device.createBindGroupLayout({ entries: [window, ...entries] });
  const module = device.createShaderModule({ code: lifShader });
  return {
    layout,
    pipeline: device.createComputePipeline({
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint },
    }),
  };
}
