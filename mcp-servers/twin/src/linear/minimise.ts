/** Value and gradient at a point; value Infinity where the function is not defined. */
export interface Evaluation {
  value: number;
  gradient: Float64Array;
}

/** When minimising ends. */
export interface MinimiseOptions {
  /** Steps at most. */
  steps: number;
  /** Ends when a step lowers the value by less than this share of it. */
  tolerance: number;
  /** Called after every step. */
  onStep?(step: number): Promise<void> | void;
}

/** Steps that are remembered. */
const memory = 10;
/** Share of the decrease along the slope that a step must reach (Armijo 1966, Pac J Math 16:1). */
const sufficient = 1e-4;

/**
 * Minimum of a smooth function by L-BFGS (Liu & Nocedal 1989, Math Program 45:503), each step halved until it lowers the value
 * enough. A point where the function is not defined is never accepted, so the path stays inside its domain; `start` must be.
 */
export async function minimise(
  evaluate: (point: Float64Array) => Promise<Evaluation>,
  start: Float64Array,
  { steps, tolerance, onStep }: MinimiseOptions,
): Promise<{ point: Float64Array; value: number; steps: number; converged: boolean }> {
  let point = start;
  let { value, gradient } = await evaluate(point);
  if (!Number.isFinite(value)) throw new RangeError('The start is outside the domain of the function.');
  const moves: { step: Float64Array; change: Float64Array; product: number }[] = [];
  for (let count = 0; count < steps; count++) {
    const direction = descend(gradient, moves);
    const slope = dot(gradient, direction);
    if (!(slope < 0)) return { point, value, steps: count, converged: true };
    let length = 1;
    let next = along(point, direction, length);
    let there = await evaluate(next);
    while (!(there.value <= value + sufficient * length * slope)) {
      length /= 2;
      if (length < 1e-8) return { point, value, steps: count, converged: true };
      next = along(point, direction, length);
      there = await evaluate(next);
    }
    const step = next.map((x, i) => x - point[i]);
    const change = there.gradient.map((g, i) => g - gradient[i]);
    const product = dot(step, change);
    if (product > 1e-12) moves.push({ step, change, product });
    if (moves.length > memory) moves.shift();
    const gained = value - there.value;
    [point, value, gradient] = [next, there.value, there.gradient];
    await onStep?.(count + 1);
    if (gained < tolerance * Math.abs(value)) return { point, value, steps: count + 1, converged: true };
  }
  return { point, value, steps, converged: false };
}

/** −H·gradient by the two-loop recursion; without memory a short step down the gradient. */
function descend(
  gradient: Float64Array,
  moves: { step: Float64Array; change: Float64Array; product: number }[],
): Float64Array {
  const out = Float64Array.from(gradient);
  const weights: number[] = [];
  for (const { step, change, product } of [...moves].reverse()) {
    const weight = dot(step, out) / product;
    weights.unshift(weight);
    add(out, change, -weight);
  }
  const last = moves.at(-1);
  const steepest = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
  const scale = last ? last.product / dot(last.change, last.change) : Math.min(1, 0.1 / steepest);
  for (let i = 0; i < out.length; i++) out[i] *= scale;
  for (const [i, { step, change, product }] of moves.entries()) add(out, step, weights[i] - dot(change, out) / product);
  for (let i = 0; i < out.length; i++) out[i] = -out[i];
  return out;
}

function along(point: Float64Array, direction: Float64Array, length: number): Float64Array {
  return point.map((x, i) => x + length * direction[i]);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function add(to: Float64Array, from: Float64Array, scale: number): void {
  for (let i = 0; i < to.length; i++) to[i] += scale * from[i];
}
