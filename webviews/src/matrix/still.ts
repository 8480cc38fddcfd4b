import { numbersOf, unpack, wordsOf } from '../kit/numbers.ts';
import { grey, rangeOf, type Still, scaleText, stillWidthPx } from '../kit/still.ts';
import type { MatrixModel } from './model.ts';

/** Pixels along one side that a page shows at most. */
const mostSide = 400;

/** The matrix as greys; a large one in blocks, each the mean of what was measured in it. */
export function still({ rows, columns, value, dense, sparse }: MatrixModel): Still {
  const [height, width] = [wordsOf(rows.names).length, wordsOf(columns.names).length];
  const [tall, wide] = [Math.max(1, Math.ceil(height / mostSide)), Math.max(1, Math.ceil(width / mostSide))];
  const [h, w] = [Math.ceil(height / tall), Math.ceil(width / wide)];
  const sums = new Float64Array(h * w);
  const counts = new Float64Array(h * w);
  const add = (row: number, column: number, one: number) => {
    if (Number.isNaN(one)) return;
    const at = Math.floor(row / tall) * w + Math.floor(column / wide);
    sums[at] += one;
    counts[at]++;
  };
  if (dense) {
    const values = unpack(dense);
    for (let i = 0; i < values.length; i++) add(Math.floor(i / width), i % width, values[i]);
  } else if (sparse) {
    const [row, column, values] = [sparse.row, sparse.column, sparse.values].map(numbersOf);
    for (let i = 0; i < values.length; i++) add(row[i], column[i], values[i]);
    if (sparse.absent === 'zero') counts.fill(tall * wide);
  }
  const means = sums.map((sum, i) => (counts[i] > 0 ? sum / counts[i] : Number.NaN));
  const range = rangeOf([means]);
  const rgb = new Uint8Array(3 * h * w);
  for (let at = 0; at < h * w; at++) for (let k = 0; k < 3; k++) rgb[3 * at + k] = grey(means[at], range, k);
  const blocks = tall * wide > 1 ? ` One pixel is the mean of ${tall} × ${wide} pairs.` : '';
  const label = `${height} × ${width}: a row is a ${rows.of}, a column a ${columns.of}`;
  return {
    parts: [
      {
        is: 'images',
        images: [{ label, pixels: { rgb, width: w, height: h }, widthPx: stillWidthPx.one }],
        says: `${value.label}: ${scaleText(range, value.unit)}${blocks}`,
      },
    ],
  };
}
