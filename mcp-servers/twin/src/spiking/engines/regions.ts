import { countShared, growShared } from '../shared-memory.ts';
import { type Job, layOutJob } from './kernel-instance.ts';

/** A part of a network's memory that one thread writes. */
export interface Region {
  memory: WebAssembly.Memory;
  at: number;
  bytes: number;
  taken: boolean;
}

const regionsOf = new WeakMap<WebAssembly.Memory, Region[]>();

/** The smallest free region in which the job fits, or a new one at the end of the memory. Throws `too-large` without room. */
export function takeRegion({ memory, ...job }: Job): Region {
  const regions = regionsOf.get(memory) ?? [];
  regionsOf.set(memory, regions);
  const { bytes } = layOutJob(0, job);
  const fitting = regions.filter((region) => !region.taken && region.bytes >= bytes).sort((a, b) => a.bytes - b.bytes);
  if (fitting.length > 0) {
    fitting[0].taken = true;
    return fitting[0];
  }
  const at = growShared(memory, bytes);
  countShared(memory);
  const region = { memory, at, bytes: memory.buffer.byteLength - at, taken: true };
  regions.push(region);
  return region;
}

/** Gives a region of shared memory back. */
export function releaseRegion(region: Region): void {
  region.taken = false;
}
