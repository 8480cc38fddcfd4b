/** A log-likelihood at one place: its value, its slope, and how it bends there, less the second derivatives [k × k]. */
export interface Surface {
  value: number;
  slope: Float64Array;
  bend: Float64Array[];
}

/** Where a log-likelihood is highest, and the covariance of the coefficients there (the inverse of its bend). */
interface Peak {
  at: Float64Array;
  value: number;
  covariance: Float64Array[];
}

/** A likelihood that has a peak is there after ten steps; one that rises without an end never is. */
const mostSteps = 40;
const near = 1e-9;

/** The peak of a concave log-likelihood of k coefficients by Newton's method from 0; undefined where it rises without an end. */
export function peakOf(k: number, surface: (at: Float64Array) => Surface): Peak | undefined {
  let at = new Float64Array(k);
  let found = surface(at);
  for (let step = 0; step < mostSteps; step++) {
    const covariance = inverseOf(found.bend);
    if (!covariance) return undefined;
    const way = times(covariance, found.slope);
    if (way.every((one, i) => Math.abs(one) < near * (1 + Math.abs(at[i]))))
      return { at, value: found.value, covariance };
    const next = upwards(at, way, found.value, surface);
    if (!next) return undefined;
    [at, found] = [next.at, next.found];
  }
  return undefined;
}

/** A step that does not lead down: half of it is tried as long as it does. */
function upwards(at: Float64Array, way: Float64Array, value: number, surface: (at: Float64Array) => Surface) {
  for (let share = 1; share > 1e-6; share /= 2) {
    const next = at.map((one, i) => one + share * way[i]);
    const found = surface(next);
    if (found.value >= value - 1e-12 * Math.abs(value)) return { at: next, found };
  }
  return undefined;
}

const times = (matrix: readonly Float64Array[], values: Float64Array): Float64Array =>
  Float64Array.from(matrix, (row) => row.reduce((sum, one, i) => sum + one * values[i], 0));

/** The inverse of a symmetric matrix by Gauss and Jordan; undefined where it is not positive definite. */
function inverseOf(matrix: readonly Float64Array[]): Float64Array[] | undefined {
  const size = matrix.length;
  const rows = matrix.map((row, i) =>
    Float64Array.from({ length: 2 * size }, (_, j) => (j < size ? row[j] : Number(j - size === i))),
  );
  for (let i = 0; i < size; i++) {
    const pivot = rows[i][i];
    if (!(pivot > 1e-10 * matrix[i][i])) return undefined;
    rows[i] = rows[i].map((one) => one / pivot);
    for (let j = 0; j < size; j++) {
      const factor = rows[j][i];
      if (j !== i && factor !== 0) rows[j] = rows[j].map((one, column) => one - factor * rows[i][column]);
    }
  }
  return rows.map((row) => row.slice(size));
}

/**
 * Rao's score of the last coefficient, in standard errors, where the others are as likely as they can be and it is 0; 0 where nothing
 * is known of it.
 */
export function scoreOf({ slope, bend }: Surface): number {
  const last = slope.length - 1;
  const others = inverseOf(bend.slice(0, last).map((row) => row.slice(0, last)));
  if (!others) return 0;
  const beside = bend[last].slice(0, last);
  const said = times(others, beside).reduce((sum, one, i) => sum + one * beside[i], 0);
  const information = bend[last][last] - said;
  return information > 1e-10 * bend[last][last] ? slope[last] / Math.sqrt(information) : 0;
}
