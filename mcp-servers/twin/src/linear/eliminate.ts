import { eliminateKernel } from './kernels/eliminate.gen.ts';

/** Rows of the largest matrix that is eliminated as one. */
export const mostEliminated = 80;

/** What kernels/linear/eliminate.ts exports. */
interface Kernel {
  memory: { buffer: ArrayBuffer };
  matrixAt(): number;
  pivotsAt(): number;
  rowDoubles(): number;
  eliminate(n: number): void;
}

let kernel: Kernel | undefined;

function open(): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(eliminateKernel()), {});
  // SAFETY: the module is compiled from mcp-servers/twin/kernels/linear/eliminate.ts, which exports these.
  return exports as unknown as Kernel;
}

/**
 * Inverse [n × n] of a matrix of at most `mostEliminated` rows by Gauss–Jordan elimination without pivoting, with its pivots; neither
 * means anything where a pivot is 0.
 */
export function eliminate(matrix: Float64Array, n: number): { inverse: Float64Array; pivots: Float64Array } {
  kernel ??= open();
  const stride = kernel.rowDoubles();
  const work = new Float64Array(kernel.memory.buffer, kernel.matrixAt(), n * stride);
  for (let i = 0; i < n; i++) work.set(matrix.subarray(i * n, (i + 1) * n), i * stride);
  kernel.eliminate(n);
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse.set(work.subarray(i * stride, i * stride + n), i * n);
  return { inverse, pivots: new Float64Array(kernel.memory.buffer, kernel.pivotsAt(), n).slice() };
}
