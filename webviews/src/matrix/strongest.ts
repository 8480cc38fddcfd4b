import type { PlainTable } from '../kit/format.ts';
import { blocksOf, meanOf } from './blocks.ts';
import type { Cells, Lines } from './cells.ts';

/** Pairs of lines that are kept: the strongest. */
const most = 1_000_000;

/** The picture as a list: pairs with a value that is not zero, strongest first. */
export function strongest(cells: Cells, down: Lines, across: Lines, value: string): PlainTable {
  const single = down.sizes.every((n) => n === 1) && across.sizes.every((n) => n === 1);
  const found = single ? eachCell(cells) : eachBlock(cells, down, across);
  found.sort((a, b) => Math.abs(b[2]) - Math.abs(a[2]));
  const [rows, columns] = single ? [cells.rows.names, cells.columns.names] : [down.names, across.names];
  return {
    columns: [cells.rows.of, cells.columns.of, single ? value : `${value}, mean`, ...(single ? [] : ['pairs'])],
    rows: found.slice(0, most).map(([r, c, mean, pairs]) => [rows[r], columns[c], mean, ...(single ? [] : [pairs])]),
  };
}

type Pair = [row: number, column: number, mean: number, pairs: number];

function eachCell({ dense, sparse, columns }: Cells): Pair[] {
  const out: Pair[] = [];
  const width = columns.names.length;
  if (sparse)
    sparse.values.forEach(
      (value: number, i: number) =>
        value !== 0 && !Number.isNaN(value) && out.push([sparse.row[i], sparse.column[i], value, 1]),
    );
  else
    dense?.forEach(
      (value: number, i: number) =>
        value !== 0 && !Number.isNaN(value) && out.push([Math.floor(i / width), i % width, value, 1]),
    );
  return out;
}

function eachBlock(cells: Cells, down: Lines, across: Lines): Pair[] {
  const [r, c] = [down.names.length, across.names.length];
  const blocks = blocksOf(cells, down, across, { from: 0, to: r }, { from: 0, to: c }, r, c);
  const out: Pair[] = [];
  blocks.sums.forEach((sum, at) => {
    if (sum !== 0) out.push([Math.floor(at / c), at % c, meanOf(blocks, at), blocks.counts[at]]);
  });
  return out;
}
