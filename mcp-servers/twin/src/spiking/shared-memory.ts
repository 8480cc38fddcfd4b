import { BregmaError } from '@bregma/core/errors';

const pageBytes = 65_536;
/** 4 GiB: all that 32-bit WebAssembly addresses. */
const mostPages = 65_536;

/**
 * The collector sees only the handle of a shared memory, a few bytes, and lets many of them wait. An array of the same size that
 * nobody ever touches costs address space alone, and tells it what a handle is worth.
 */
const ballast = new WeakMap<WebAssembly.Memory, ArrayBuffer>();

/** WebAssembly memory that threads share, of at least so many bytes. Throws `too-large` when there is no room. */
export function allocateShared(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / pageBytes);
  if (pages > mostPages) throw tooLarge(bytes);
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: mostPages, shared: true });
    countShared(memory);
    return memory;
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(bytes);
    throw error;
  }
}

/** Tells this thread's collector how much a memory holds. Every thread that gets one calls it. */
export function countShared(memory: WebAssembly.Memory): void {
  ballast.set(memory, new ArrayBuffer(memory.buffer.byteLength));
}

/** Lengthens a memory and returns the address where the new part begins. Throws `too-large` when there is no room. */
export function growShared(memory: WebAssembly.Memory, bytes: number): number {
  const at = memory.buffer.byteLength;
  const pages = Math.ceil(bytes / pageBytes);
  try {
    memory.grow(pages);
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(at + bytes);
    throw error;
  }
  return at;
}

function tooLarge(bytes: number): BregmaError {
  return new BregmaError(
    'too-large',
    `The simulation needs ${Math.ceil(bytes / 2 ** 20)} MiB in one piece; there is no room.`,
    {
      next: 'Simulate fewer trials at once (workers), keep no spikes, or free memory.',
    },
  );
}
