/** Precision, in parts of the range of some numbers, with which they are steps of one scale. */
const finest = 1e-7;

/** How many steps there are from the smallest to the largest of numbers that are all steps of one scale; of others, no end. */
export function stepsOf(numbers: Iterable<number>): number {
  const rising = Float64Array.from(new Set(numbers)).sort();
  if (rising.length < 2) return Number.POSITIVE_INFINITY;
  const range = rising[rising.length - 1] - rising[0];
  let step = range;
  for (let i = 1; i < rising.length; i++) {
    step = commonStep(step, rising[i] - rising[i - 1], finest * range);
    if (step < 100 * finest * range) return Number.POSITIVE_INFINITY;
  }
  return Math.round(range / step) + 1;
}

/** The largest length of which two are multiples, up to `within` (Euclid). */
function commonStep(a: number, b: number, within: number): number {
  let [long, short] = [a, b];
  while (short > within) {
    const rest = long % short;
    [long, short] = [short, short - rest < within ? 0 : rest];
  }
  return long;
}
