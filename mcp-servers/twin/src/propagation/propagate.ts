import { throwIfCancelled } from '@bregma/core/errors';
import type { Connectome } from '../domain/connectome.ts';
import { type Matrix, multiply } from '../onnx/matrix.ts';

/** Factors on the wiring: gain on all of it, chemical and electrical on their parts; compress: of the synapse counts. */
export interface PropagationOptions {
  gain: number;
  chemical: number;
  electrical: number;
  compress: 'none' | 'sqrt' | 'log';
}

/** Doublings of the series; 2⁷ = 128 terms, of which the last is below gain¹²⁸. */
const doublings = 7;

/**
 * Response of every neuron to a unit stimulus of each: (I − W)⁻¹ − I = W + W² + W³ + …, with W the connectome scaled to the
 * spectral radius `gain` < 1, so that the network is stable. Returns [responding × stimulated]; what a neuron does to itself
 * by its own stimulation is left out. Signs of synapses are not used: this twin says how far activity reaches.
 */
export async function propagate(
  connectome: Connectome,
  options: PropagationOptions,
  signal: AbortSignal,
): Promise<Float64Array> {
  const n = connectome.neurons.length;
  const weights: Matrix = { data: weightMatrix(connectome, options), rows: n, columns: n };
  const radius = spectralRadius(weights);
  if (radius > 0) for (let i = 0; i < weights.data.length; i++) weights.data[i] *= options.gain / radius;
  // S(2k) = S(k) + W^k · S(k): the sum of the first 2k powers from the sum of the first k.
  let sum: Matrix = { ...weights, data: Float64Array.from(weights.data) };
  let power = weights;
  for (let step = 0; step < doublings; step++) {
    throwIfCancelled(signal);
    const later = await multiply(power, sum);
    for (let i = 0; i < later.data.length; i++) later.data[i] += sum.data[i];
    sum = later;
    power = await multiply(power, power);
  }
  return sum.data;
}

/** Strengths [post × pre]. */
function weightMatrix(
  { neurons, pre, post, weight, electrical }: Connectome,
  options: PropagationOptions,
): Float64Array {
  const n = neurons.length;
  const strength = { none: (x: number) => x, sqrt: Math.sqrt, log: Math.log1p }[options.compress];
  const matrix = new Float64Array(n * n);
  for (let edge = 0; edge < pre.length; edge++) {
    if (pre[edge] === post[edge]) continue;
    const value = strength(weight[edge]) * (electrical[edge] ? options.electrical : options.chemical);
    matrix[post[edge] * n + pre[edge]] += value;
    if (electrical[edge]) matrix[pre[edge] * n + post[edge]] += value;
  }
  return matrix;
}

/** Largest eigenvalue of a matrix without negative entries, by power iteration on W + I, which is aperiodic (Perron–Frobenius). */
export function spectralRadius({ data, rows: n }: Matrix): number {
  let vector = new Float64Array(n).fill(1 / n);
  let radius = 0;
  for (let step = 0; step < 300; step++) {
    const next = Float64Array.from(vector);
    for (let i = 0; i < n; i++) {
      let total = 0;
      for (let j = 0; j < n; j++) total += data[i * n + j] * vector[j];
      next[i] += total;
    }
    const norm = next.reduce((total, value) => total + value, 0);
    const before = radius;
    radius = norm - 1;
    for (let i = 0; i < n; i++) next[i] /= norm;
    vector = next;
    if (Math.abs(radius - before) < 1e-10 * norm) break;
  }
  return Math.max(0, radius);
}
