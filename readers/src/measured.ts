/** The value in an array of numbers, or in a cell of a Parquet file that has no NULL, that says "not measured". */
export const notMeasured = Number.NaN;

/** Whether a value of an array was measured. */
export const isMeasured = (value: number): boolean => !Number.isNaN(value);

/** A cell of a table as a number: what the table leaves empty was not measured. */
export const numberOrNotMeasured = (value: unknown): number =>
  value === null || value === undefined ? notMeasured : Number(value);

/** Values that were measured. */
export function countMeasured(values: ArrayLike<number>): number {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (isMeasured(values[at])) count++;
  return count;
}

/**
 * Means over the last axis, of what was measured; "not measured" where nothing was.
 * trials: C order [… × repeat], of `repeats` each.
 */
export function meanOverRepeats(trials: ArrayLike<number>, repeats: number): Float64Array {
  return Float64Array.from({ length: trials.length / repeats }, (_, cell) => {
    let [sum, count] = [0, 0];
    for (let at = cell * repeats; at < (cell + 1) * repeats; at++) {
      if (!isMeasured(trials[at])) continue;
      sum += trials[at];
      count++;
    }
    return count === 0 ? notMeasured : sum / count;
  });
}
