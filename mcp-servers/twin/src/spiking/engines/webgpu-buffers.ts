import type { LifNetwork } from '../lif.ts';
import type { Schedule, Segment } from '../lif-schedule.ts';
import { greatestDraw } from './kernel-instance.ts';

// Bits of the buffers' uses, fixed by the WebGPU standard.
const copySource = 0x4;
const copyTarget = 0x8;
const uniform = 0x40;
const storage = 0x80;
const indirect = 0x100;
export const mapForReading = 0x1 | copyTarget;

/** Makes buffers and remembers them, so that a run gives all of them back. */
export class BufferSet {
  private readonly device: GPUDevice;
  private readonly all: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.device = device;
  }

  make(size: number, usage: number): GPUBuffer {
    const buffer = this.device.createBuffer({ size: Math.max(16, (size + 3) & ~3), usage });
    this.all.push(buffer);
    return buffer;
  }

  /** A storage buffer of zeros. */
  storage(size: number): GPUBuffer {
    return this.make(size, storage | copySource | copyTarget);
  }

  uniform(size: number): GPUBuffer {
    return this.make(size, uniform | copyTarget);
  }

  /** Numbers of workgroups that a shader writes. */
  workgroups(): GPUBuffer {
    return this.make(12, storage | indirect);
  }

  filled(data: Uint32Array | Float32Array | ArrayBuffer): GPUBuffer {
    const buffer = this.storage(data.byteLength);
    this.write(buffer, data);
    return buffer;
  }

  /** In pieces and out of shared memory, of which Dawn takes none. */
  write(buffer: GPUBuffer, data: Uint32Array | Float32Array | ArrayBuffer): void {
    const bytes =
      data instanceof ArrayBuffer
        ? new Uint8Array(data)
        : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const piece = 2 ** 22;
    for (let at = 0; at < bytes.length; at += piece)
      this.device.queue.writeBuffer(buffer, at, Uint8Array.from(bytes.subarray(at, at + piece)));
  }

  destroy(): void {
    for (const buffer of this.all) buffer.destroy();
  }
}

/** Flags of all neurons, and the Poisson sources, of a segment: see kernels/spiking/lif.wgsl. */
export function inputOf(
  { neurons }: LifNetwork,
  { driven }: Schedule,
  { poisson, deaf }: Segment,
): { flags: Uint32Array<ArrayBuffer>; sources: Uint32Array<ArrayBuffer> } {
  const flags = new Uint32Array(neurons);
  for (const neuron of driven) flags[neuron] |= 1;
  for (const neuron of deaf) flags[neuron] |= 2;
  const sorted = poisson.toSorted((a, b) => a.neuron - b.neuron);
  const sources = new Uint32Array(4 * (sorted.length + 1)).fill(0xffffffff);
  sorted.forEach(({ neuron, stream, probability }, k) => {
    sources.set([neuron, stream, greatestDraw(probability), 0], 4 * k);
    if (flags[neuron] >> 2 === 0) flags[neuron] |= (k + 1) << 2;
  });
  return { flags, sources };
}

/** Deterministic input, ascending by neuron and step, with an end mark. */
export function eventsOf({ events }: Schedule): ArrayBuffer {
  const sorted = events.toSorted((a, b) => a.neuron - b.neuron || a.step - b.step);
  const bytes = new ArrayBuffer(16 * (sorted.length + 1));
  const numbers = new Uint32Array(bytes).fill(0xffffffff);
  const reals = new Float32Array(bytes);
  sorted.forEach(({ neuron, step, mv }, k) => {
    numbers.set([neuron, step], 4 * k);
    reals[4 * k + 2] = mv;
  });
  return bytes;
}

/** Factor on what each neuron sends. */
export function scalesOf({ neurons }: LifNetwork, { scales }: Segment): Float32Array<ArrayBuffer> {
  const factors = new Float32Array(neurons).fill(1);
  for (const { neuron, factor } of scales) factors[neuron] = factor;
  return factors;
}

/**
 * Into how many units a synapse is divided, so that scaled ones stay whole numbers: at most 1,024, and so few that 64 of the
 * largest connections, scaled most, can arrive at once.
 */
export function unitsOf({ segments }: Schedule): number {
  const factors = segments.flatMap(({ scales }) => scales.map(({ factor }) => factor));
  if (factors.every(Number.isInteger)) return 1;
  const largest = factors.reduce((most, factor) => Math.max(most, Math.abs(factor)), 1);
  return Math.max(1, Math.min(1024, 2 ** Math.floor(Math.log2(4096 / largest))));
}
