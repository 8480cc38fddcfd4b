import { invert, marginOf } from '../linear/dense.ts';
import { type Evaluation, minimise } from '../linear/minimise.ts';
import { type Matrix, multiply } from '../onnx/matrix.ts';
import type { Stimulations } from './stimulations.ts';

/** Connections that may be non-zero, and how strongly each is held to 0. */
export interface Support {
  pre: Int32Array;
  post: Int32Array;
  /** Ridge penalty of each, relative to `ridge`. */
  penalty: Float64Array;
}

/** Settings of the fit of stable linear dynamics. */
export interface DynamicsOptions {
  /** Penalty on squared weights: noise variance over variance of weights, responses in standard deviations. */
  ridge: number;
  /** Weight of the barrier that keeps the network stable. */
  margin: number;
}

/** What a stimulated neuron itself does, in standard deviations of all responses. */
export const stimulus = 2;
/** The numerical abscissa of the weights stays below this. */
export const bound = 0.95;
const steps = 300;
const tolerance = 1e-5;

/**
 * Fits the weights W [post × pre] of a linear network, τ·dx/dt = −x + W·x + u, to responses to the stimulation of single neurons.
 *
 * Its response is R·e_j with R = (I − W)⁻¹: the steady state under a lasting stimulus, which is also the whole of what a pulse
 * sets off, ∫ exp((W − I)t/τ) dt/τ; an average over the seconds after a stimulus lies between the two views. (Galán 2008, PLoS
 * ONE 3:e2148; Creamer, Leifer & Pillow 2024, bioRxiv 2024.09.22.614271 fit such a system in time.)
 *
 * The loss has one term for each place where noise enters: responses scatter around R·u (noise of the measurement), and each
 * neuron scatters around what its inputs, as measured, make it do (noise inside the network: what neurons do together without
 * any stimulus shows who drives whom). Both are squared errors with equal weight, plus a ridge on each allowed connection; the
 * sign and the strength are free, so that anatomy says where and the data say how much.
 *
 * Stable by construction: the loss has the barrier −margin · log det(bound·I − (W + Wᵀ)/2), which is finite only where
 * xᵀWx < bound·|x|² for all x ≠ 0. There every eigenvalue λ of W with unit eigenvector v has Re λ = Re v*Wv < bound < 1, so
 * d|x|²/dt < 0 without input, and |R| ≤ 1/(1 − bound). The search starts at W = 0, inside, and never accepts a point outside.
 * Returns the weights of `support`.
 */
export async function fitDynamics(
  data: Stimulations,
  support: Support,
  options: DynamicsOptions,
  onStep?: (step: number) => Promise<void>,
): Promise<{ weights: Float64Array; steps: number; converged: boolean }> {
  const evaluate = objective(data, support, options);
  const found = await minimise(evaluate, new Float64Array(support.pre.length), { steps, tolerance, onStep });
  return { weights: found.point, steps: found.steps, converged: found.converged };
}

/** The loss and its gradient by the adjoint: ∂L/∂W = Rᵀ·(∂L/∂R)·Rᵀ for R = (I − W)⁻¹. */
export function objective(
  data: Stimulations,
  { pre, post, penalty }: Support,
  { ridge, margin }: DynamicsOptions,
): (weights: Float64Array) => Promise<Evaluation> {
  const { neurons: n, stimulated, responses } = data;
  const K = stimulated.length;
  const inputs: Matrix = { data: Float64Array.from(responses), rows: n, columns: K };
  stimulated.forEach((j, k) => {
    inputs.data[j * K + k] = stimulus;
  });
  return async (weights) => {
    const W = denseWeights(weights, { pre, post }, n);
    const barrier = await invert(marginOf(W, n, bound), n);
    if (!barrier.pivots.every((pivot) => pivot > 0))
      return { value: Number.POSITIVE_INFINITY, gradient: new Float64Array(weights.length) };
    let value = -margin * barrier.pivots.reduce((sum, pivot) => sum + Math.log(pivot), 0);
    const R: Matrix = { data: await responsesOf(W, n), rows: n, columns: n };
    const driven = await multiply({ data: W, rows: n, columns: n }, inputs);
    const missed = errors(data, R.data, driven.data);
    value += missed.squares / 2;
    const byResponse: Matrix = { data: missed.byResponse, rows: n, columns: n };
    const inside: Matrix = { data: missed.inside, rows: n, columns: K };
    const adjoint = await multiply(await multiply(R, byResponse, { transposeA: true }), R, { transposeB: true });
    const local = await multiply(inside, inputs, { transposeB: true });
    const gradient = new Float64Array(weights.length);
    for (let edge = 0; edge < weights.length; edge++) {
      const at = post[edge] * n + pre[edge];
      const held = ridge * penalty[edge] * weights[edge];
      value += (held * weights[edge]) / 2;
      gradient[edge] = adjoint.data[at] + local.data[at] + margin * barrier.inverse[at] + held;
    }
    return { value, gradient };
  };
}

/** Squared errors of both terms, and their gradients by R and by W·inputs. */
function errors(
  { neurons: n, stimulated, responses, counts }: Stimulations,
  R: Float64Array,
  driven: Float64Array,
): { squares: number; byResponse: Float64Array; inside: Float64Array } {
  const K = stimulated.length;
  const byResponse = new Float64Array(n * n);
  const inside = new Float64Array(n * K);
  let squares = 0;
  for (let i = 0; i < n; i++)
    for (let k = 0; k < K; k++) {
      const at = i * K + k;
      const count = counts[at];
      if (count === 0) continue;
      const to = i * n + stimulated[k];
      const outer = stimulus * R[to] - responses[at];
      const inner = driven[at] - responses[at];
      squares += count * (outer * outer + inner * inner);
      byResponse[to] += count * stimulus * outer;
      inside[at] = count * inner;
    }
  return { squares, byResponse, inside };
}

/** W [post × pre]. */
export function denseWeights(
  weights: ArrayLike<number>,
  { pre, post }: Pick<Support, 'pre' | 'post'>,
  n: number,
): Float64Array {
  const W = new Float64Array(n * n);
  for (let edge = 0; edge < pre.length; edge++) W[post[edge] * n + pre[edge]] = weights[edge];
  return W;
}

/** R = (I − W)⁻¹, [responding × stimulated]. */
export async function responsesOf(W: Float64Array, n: number): Promise<Float64Array> {
  const system = W.map((weight) => -weight);
  for (let i = 0; i < n; i++) system[i * n + i] += 1;
  return (await invert(system, n)).inverse;
}

/** Predicted responses [responding × stimulated] in the unit of the data; the diagonal is the stimulated neuron itself. */
export async function predictResponses(
  W: Float64Array,
  { offset, scale }: Pick<Stimulations, 'offset' | 'scale'>,
): Promise<Float64Array> {
  const n = offset.length;
  const R = await responsesOf(W, n);
  return R.map((response, at) => offset[Math.floor(at / n)] + stimulus * scale * response);
}

/**
 * W without the connections from these neurons, or from and to them. The network stays stable: the eigenvalues of what is left
 * are 0 and those of W between the other neurons, whose symmetric part is a principal block of W's.
 */
export function silence(W: Float64Array, neurons: number[], n: number, scope: 'outgoing' | 'both'): Float64Array {
  const out = Float64Array.from(W);
  for (const neuron of neurons)
    for (let k = 0; k < n; k++) {
      out[k * n + neuron] = 0;
      if (scope === 'both') out[neuron * n + k] = 0;
    }
  return out;
}
