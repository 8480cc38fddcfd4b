// Inverse of a small dense matrix of doubles by Gauss–Jordan elimination without pivoting, two columns at once. Every number is
// rounded as the same steps on one number at a time round it: there is no fused multiply and add in it.

/** Rows at most. */
const mostRows: i32 = 80;
/** Doubles between two rows: even, so that a row is whole pairs. */
const stride: usize = mostRows;

const matrix = memory.data(80 * 80 * 8, 16);
const pivots = memory.data(80 * 8, 16);

/** Where the matrix lies, and its inverse after it: f64, `rowDoubles()` from row to row; what stands between two rows is not looked at. */
export function matrixAt(): usize { return matrix; }
export function pivotsAt(): usize { return pivots; }
export function rowDoubles(): usize { return stride; }

/** Puts the inverse of the first n rows and columns in their place, and the pivots of the elimination beside it. */
export function eliminate(n: i32): void {
  const rowBytes: usize = stride << 3;
  const pairs: usize = (<usize>n + 1) >> 1;
  const end = matrix + <usize>n * rowBytes;
  for (let k = 0; k < n; k++) {
    const row = matrix + <usize>k * rowBytes;
    const column: usize = <usize>k << 3;
    const pivot = load<f64>(row + column);
    store<f64>(pivots + column, pivot);
    store<f64>(row + column, 1);
    const divisor = f64x2.splat(pivot);
    for (let at = row, last = row + (pairs << 4); at < last; at += 16) v128.store(at, f64x2.div(v128.load(at), divisor));
    for (let other = matrix; other < end; other += rowBytes) {
      const scale = load<f64>(other + column);
      if (other == row || scale == 0) continue;
      store<f64>(other + column, 0);
      subtract(other, row, scale, pairs);
    }
  }
}

/** Subtracts a multiple of one row from another. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function subtract(from: usize, row: usize, scale: f64, pairs: usize): void {
  const scales = f64x2.splat(scale);
  const last = from + (pairs << 4);
  for (; from < last; from += 16, row += 16)
    v128.store(from, f64x2.sub(v128.load(from), f64x2.mul(scales, v128.load(row))));
}
