import type { Cells, Lines } from './cells.ts';

/** Lines `from` up to, without, `to`. */
export interface Window {
  from: number;
  to: number;
}

/** Cells put together so that no more are drawn than there are pixels. */
export interface Blocks {
  rows: number;
  columns: number;
  /** Lines in a block, along rows and along columns. */
  tall: number;
  wide: number;
  /** Sum of the measured cells of each block. [rows × columns] */
  sums: Float64Array;
  /** Measured cells of each block; a zero that was measured counts. */
  counts: Float64Array;
}

/**
 * The cells of a window, summed into at most `mostRows` × `mostColumns` blocks of whole lines. Every cell of the window is in
 * exactly one block.
 */
export function blocksOf(
  cells: Cells,
  down: Lines,
  across: Lines,
  rows: Window,
  columns: Window,
  mostRows: number,
  mostColumns: number,
): Blocks {
  const tall = Math.max(1, Math.ceil((rows.to - rows.from) / Math.max(1, mostRows)));
  const wide = Math.max(1, Math.ceil((columns.to - columns.from) / Math.max(1, mostColumns)));
  const blocks: Blocks = {
    rows: Math.ceil((rows.to - rows.from) / tall),
    columns: Math.ceil((columns.to - columns.from) / wide),
    tall,
    wide,
    sums: new Float64Array(0),
    counts: new Float64Array(0),
  };
  blocks.sums = new Float64Array(blocks.rows * blocks.columns);
  blocks.counts = new Float64Array(blocks.rows * blocks.columns);
  const rowBlock = blockOfCell(down.lineOf, rows, tall);
  const columnBlock = blockOfCell(across.lineOf, columns, wide);
  if (cells.dense) sumDense(cells.dense, rowBlock, columnBlock, blocks);
  else if (cells.sparse) sumSparse(cells, rowBlock, columnBlock, blocks);
  return blocks;
}

/** Block of each row or column of the matrix; −1 outside the window. */
function blockOfCell(lineOf: Int32Array, { from, to }: Window, size: number): Int32Array {
  return lineOf.map((line) => (line >= from && line < to ? Math.floor((line - from) / size) : -1));
}

function sumDense(
  values: ArrayLike<number>,
  rowBlock: Int32Array,
  columnBlock: Int32Array,
  { sums, counts, columns }: Blocks,
): void {
  const width = columnBlock.length;
  for (let row = 0; row < rowBlock.length; row++) {
    if (rowBlock[row] < 0) continue;
    for (let column = 0; column < width; column++) {
      const value = values[row * width + column];
      if (columnBlock[column] < 0 || Number.isNaN(value)) continue;
      const at = rowBlock[row] * columns + columnBlock[column];
      sums[at] += value;
      counts[at]++;
    }
  }
}

function sumSparse(
  { sparse, absent }: Cells,
  rowBlock: Int32Array,
  columnBlock: Int32Array,
  { sums, counts, rows, columns }: Blocks,
): void {
  const { row, column, values } = sparse!;
  const zeros = absent === 'zero';
  for (let i = 0; i < values.length; i++) {
    const [r, c] = [rowBlock[row[i]], columnBlock[column[i]]];
    if (r < 0 || c < 0) continue;
    const value = values[i];
    if (Number.isNaN(value)) {
      if (zeros) counts[r * columns + c]--;
      continue;
    }
    sums[r * columns + c] += value;
    if (!zeros) counts[r * columns + c]++;
  }
  if (!zeros) return;
  const [tall, wide] = [tally(rowBlock, rows), tally(columnBlock, columns)];
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) counts[r * columns + c] += tall[r] * wide[c];
}

function tally(blocks: Int32Array, count: number): Float64Array {
  const sizes = new Float64Array(count);
  for (const block of blocks) if (block >= 0) sizes[block]++;
  return sizes;
}

/** Mean of a block; NaN where nothing was measured. */
export function meanOf({ sums, counts }: Blocks, at: number): number {
  return counts[at] > 0 ? sums[at] / counts[at] : Number.NaN;
}
