import { type Block, type Network, openNetwork } from '@bregma/readers/onnx-engine';
import { GraphBuilder } from './graph.ts';

/** A dense matrix of doubles, row by row. */
export interface Matrix {
  data: Float64Array;
  rows: number;
  columns: number;
}

const products = new Map<string, Promise<Network>>();

function product(transposeA: boolean, transposeB: boolean): Promise<Network> {
  const key = `${transposeA}${transposeB}`;
  let network = products.get(key);
  if (!network) {
    network = (async () => {
      const graph = new GraphBuilder();
      const a = graph.input('a', 'double', ['i', 'k']);
      const b = graph.input('b', 'double', ['k2', 'j']);
      graph.output(
        'c',
        graph.node('Gemm', [a, b], { transA: Number(transposeA), transB: Number(transposeB) }),
        'double',
        ['m', 'n'],
      );
      return openNetwork(await graph.bytes('product'));
    })();
    products.set(key, network);
  }
  return network;
}

/** a·b, either transposed first, by ONNX Runtime's GEMM in double precision. */
export async function multiply(
  a: Matrix,
  b: Matrix,
  options: { transposeA?: boolean; transposeB?: boolean } = {},
): Promise<Matrix> {
  const network = await product(options.transposeA ?? false, options.transposeB ?? false);
  const block = ({ data, rows, columns }: Matrix): Block => ({ data, shape: [rows, columns] });
  const { c } = await network.run({ a: block(a), b: block(b) });
  // SAFETY: the graph's output is declared double.
  return { data: c.data as Float64Array, rows: c.shape[0], columns: c.shape[1] };
}

/** Rows and columns of a diagonal block: the block itself is factorised here, everything else is GEMM. */
const blockSize = 96;

/**
 * Inverse of the lower Cholesky factor of a symmetric positive definite matrix: L⁻¹ with a = L·Lᵀ, blocked, right-looking
 * (Golub & Van Loan, Matrix Computations, 4th ed., §4.2.9). Throws RangeError when `a` is not positive definite.
 */
export async function inverseCholesky({ data, rows: n }: Matrix): Promise<Matrix> {
  const work = new Float64Array(data);
  const inverse = new Float64Array(n * n);
  const diagonal: Matrix[] = [];
  for (let start = 0; start < n; start += blockSize) {
    const size = Math.min(blockSize, n - start);
    const inverted = invertBlock(factorBlock(blockOf(work, n, start, start, size, size)));
    diagonal.push(inverted);
    const below = n - start - size;
    if (below === 0) continue;
    const panel = await multiply(blockOf(work, n, start + size, start, below, size), inverted, { transposeB: true });
    const update = await multiply(panel, panel, { transposeB: true });
    for (let i = 0; i < below; i++) {
      const row = (start + size + i) * n + start + size;
      for (let j = 0; j < below; j++) work[row + j] -= update.data[i * below + j];
      work.set(panel.data.subarray(i * size, (i + 1) * size), (start + size + i) * n + start);
    }
  }
  // Block row i of L⁻¹: Lii⁻¹·(I − Σ over k < i of Lik·(L⁻¹)k).
  for (let block = 0, start = 0; start < n; block++, start += blockSize) {
    const size = Math.min(blockSize, n - start);
    const right: Matrix = { data: new Float64Array(size * (start + size)), rows: size, columns: start + size };
    if (start > 0) {
      const sum = await multiply(blockOf(work, n, start, 0, size, start), blockOf(inverse, n, 0, 0, start, start));
      for (let i = 0; i < size; i++)
        for (let j = 0; j < start; j++) right.data[i * (start + size) + j] = -sum.data[i * start + j];
    }
    for (let i = 0; i < size; i++) right.data[i * (start + size) + start + i] = 1;
    const solved = await multiply(diagonal[block], right);
    for (let i = 0; i < size; i++)
      inverse.set(solved.data.subarray(i * (start + size), (i + 1) * (start + size)), (start + i) * n);
  }
  return { data: inverse, rows: n, columns: n };
}

/** A block of a matrix: [rows × columns] from a row and a column on, a copy. data: row by row, `stride` numbers each. */
export function blockOf(
  data: Float64Array,
  stride: number,
  row: number,
  column: number,
  rows: number,
  columns: number,
): Matrix {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    out.set(data.subarray((row + i) * stride + column, (row + i) * stride + column + columns), i * columns);
  return { data: out, rows, columns };
}

/** Lower Cholesky factor of a small block, in place. */
function factorBlock({ data, rows: n }: Matrix): Matrix {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = data[i * n + j];
      for (let k = 0; k < j; k++) sum -= data[i * n + k] * data[j * n + k];
      if (i !== j) data[i * n + j] = sum / data[j * n + j];
      else if (sum > 0) data[i * n + i] = Math.sqrt(sum);
      else
        throw new RangeError(
          'The matrix is not positive definite: raise λ, or remove features that repeat each other.',
        );
    }
    data.fill(0, i * n + i + 1, (i + 1) * n);
  }
  return { data, rows: n, columns: n };
}

/** Inverse of a small lower triangular block. */
function invertBlock({ data, rows: n }: Matrix): Matrix {
  const out = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    out[j * n + j] = 1 / data[j * n + j];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= data[i * n + k] * out[k * n + j];
      out[i * n + j] = sum / data[i * n + i];
    }
  }
  return { data: out, rows: n, columns: n };
}
