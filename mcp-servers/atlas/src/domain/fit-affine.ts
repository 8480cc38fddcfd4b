import { BregmaError } from '@bregma/core/errors';

/** [3 × 4]. */
type Matrix = number[][];

/** An affine that was fitted to pairs of landmarks, and how far it is off at each. */
export interface Fitted {
  matrix: Matrix;
  /** Distance of each landmark from where its pair is put, by the fit to all of them; in the unit of the pairs. */
  residuals: Float64Array;
  /** The same by the fit to all others: what the fit would be off at a place that it has not seen. */
  leaveOneOut: Float64Array;
}

/** An affine has 12 numbers, which four pairs give; a fifth is the first that can say how far it is off. */
const fewestPairs = 5;
/** A leverage this near to 1 says that nothing but this pair decides a direction. */
const alone = 1e-9;

/**
 * Fits to · = matrix · (from, 1) by least squares. from, to: [n × 3] each, as rows. The leave-one-out residual of a linear fit is its
 * residual over 1 − leverage (Belsley, Kuh & Welsch 1980, Regression Diagnostics, eq. 2.11). Throws `bad-input` for fewer than 5
 * pairs, pairs in one plane, or a pair without which the others lie in one.
 */
export function fitAffine(from: number[][], to: number[][]): Fitted {
  if (from.length < fewestPairs)
    throw new BregmaError(
      'bad-input',
      `${from.length} pairs of landmarks were given; an affine with an error needs ${fewestPairs}.`,
      {
        next: 'Give more pairs, spread over the brain.',
      },
    );
  const { centre, scale } = spreadOf(from);
  const rows = from.map((point) => [...point.map((value, axis) => (value - centre[axis]) / scale), 1]);
  const inverse = inverseOf4(normal(rows, rows));
  if (!inverse)
    throw new BregmaError('bad-input', 'The landmarks lie in one plane: the direction across it is not decided.', {
      next: 'Add landmarks away from that plane.',
    });
  const right = normal(rows, to);
  const fitted = inverse.map((row) =>
    right[0].map((_, column) =>
      dot(
        row,
        right.map((line) => line[column]),
      ),
    ),
  );
  const matrix = [0, 1, 2].map((row) =>
    unscaled(
      fitted.map((line) => line[row]),
      centre,
      scale,
    ),
  );
  const residuals = Float64Array.from(rows, (row, at) =>
    Math.hypot(
      ...to[at].map(
        (value, axis) =>
          value -
          dot(
            row,
            fitted.map((line) => line[axis]),
          ),
      ),
    ),
  );
  const leaveOneOut = residuals.map((residual, at) => {
    const leverage = dot(
      rows[at],
      inverse.map((line) => dot(line, rows[at])),
    );
    if (1 - leverage < alone)
      throw new BregmaError(
        'bad-input',
        `Without landmark ${at + 1} the others lie in one plane: its error cannot be told.`,
        {
          next: 'Add landmarks near it.',
        },
      );
    return residual / (1 - leverage);
  });
  return { matrix, residuals, leaveOneOut };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at] * b[at];
  return sum;
};

/** Where points lie and how far they reach: the fit is made about their middle, so that µm and metres are solved alike. */
function spreadOf(points: number[][]): { centre: number[]; scale: number } {
  const centre = [0, 1, 2].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  const scale = Math.max(...points.map((point) => Math.hypot(...point.map((value, axis) => value - centre[axis]))));
  return { centre, scale: scale > 0 ? scale : 1 };
}

/** A row of the matrix for points as they were given. */
function unscaled([a, b, c, shift]: number[], centre: number[], scale: number): number[] {
  const row = [a / scale, b / scale, c / scale];
  return [...row, shift - dot(row, centre)];
}

/** leftᵀ · right. */
const normal = (left: number[][], right: number[][]): number[][] =>
  left[0].map((_, i) => right[0].map((__, j) => left.reduce((sum, row, at) => sum + row[i] * right[at][j], 0)));

/** The inverse of a symmetric 4 × 4 matrix by elimination with pivots; undefined where it has none, up to rounding. */
function inverseOf4(matrix: number[][]): number[][] | undefined {
  const work = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  const largest = Math.max(...matrix.flat().map(Math.abs));
  for (let column = 0; column < 4; column++) {
    let pivot = column;
    for (let row = column + 1; row < 4; row++)
      if (Math.abs(work[row][column]) > Math.abs(work[pivot][column])) pivot = row;
    if (!(Math.abs(work[pivot][column]) > 1e-10 * largest)) return undefined;
    [work[column], work[pivot]] = [work[pivot], work[column]];
    work[column] = work[column].map((value) => value / work[column][column]);
    for (let row = 0; row < 4; row++) {
      const factor = work[row][column];
      if (row !== column) work[row] = work[row].map((value, at) => value - factor * work[column][at]);
    }
  }
  return work.map((row) => row.slice(4));
}
