/** ∫ f from `from` to `to` by Simpson's rule over an even number of `steps`. */
export function integrate(f: (x: number) => number, from: number, to: number, steps: number): number {
  const width = (to - from) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) sum += weight(i, steps) * f(from + i * width);
  return (sum * width) / 3;
}

/**
 * log ∫ exp(log f) from `from` to `to` by Simpson's rule over an even number of `steps`, where the integrand itself may be too large or too
 * small for a number. top: the largest value of log f, where it is known.
 */
export function logIntegral(
  logOf: (x: number) => number,
  from: number,
  to: number,
  { steps, top: known }: { steps: number; top?: number },
): number {
  const width = (to - from) / steps;
  const logs = new Float64Array(steps + 1);
  for (let i = 0; i <= steps; i++) logs[i] = logOf(from + i * width);
  const top = known ?? logs.reduce((most, log) => Math.max(most, log));
  let sum = 0;
  for (let i = 0; i <= steps; i++) sum += weight(i, steps) * Math.exp(logs[i] - top);
  return top + Math.log((sum * width) / 3);
}

const weight = (i: number, steps: number) => (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2);
