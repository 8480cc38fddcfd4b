import { throwIfCancelled } from '@bregma/core/errors';
import { inverseCholesky, type Matrix, multiply } from '../onnx/matrix.ts';

/** Features of one kind for every stimulus. Each band weighs the same in the kernel, however many features it has. */
export interface Band {
  name: string;
  /** [stimulus × width] */
  features: Float32Array;
  width: number;
}

/** A linear readout of standardised features: response = Σ weights · (feature − mean) / scale + intercept. */
export interface RidgeModel {
  /** One a feature, bands one after another. */
  mean: Float64Array;
  scale: Float64Array;
  /** [feature × neuron] */
  weights: Float64Array;
  /** Spikes per window, one a neuron. */
  intercept: Float64Array;
  /** The λ that was chosen for each neuron. */
  lambda: Float64Array;
}

export interface RidgeInput {
  bands: Band[];
  /** [neuron × stimulus]; NaN: not measured. */
  responses: Float64Array;
  neurons: number;
  stimuli: number;
}

/** λ relative to the number of training stimuli, for a kernel whose diagonal is about the number of bands. */
export const defaultLambdas = [-4, -3.5, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1].map((exponent) => 10 ** exponent);

/** Fewest measured stimuli from which a neuron is fitted. */
const fewestStimuli = 10;

/**
 * Ridge regression in its dual form, all neurons at once. λ is chosen for each neuron by leave-one-out over `rows` alone, in
 * closed form (PRESS; Allen 1974, Technometrics 16:125): residual i = α_i / (K + λI)⁻¹_ii. A neuron that was not measured on
 * some rows is fitted on the others; with fewer than 10 its prediction is NaN.
 * rows: training stimuli. Features are standardised on them alone.
 */
export async function fitRidge(
  input: RidgeInput,
  rows: ArrayLike<number>,
  options: { lambdas?: number[]; signal?: AbortSignal } = {},
): Promise<RidgeModel> {
  const { neurons } = input;
  const lambdas = options.lambdas ?? defaultLambdas;
  const { mean, scale, design } = standardise(input.bands, rows);
  const features = mean.length;
  const weights = new Float64Array(features * neurons).fill(Number.NaN);
  const intercept = new Float64Array(neurons).fill(Number.NaN);
  const lambda = new Float64Array(neurons).fill(Number.NaN);
  const kernel = await multiply(design, design, { transposeB: true });
  for (const group of sameMask(input, rows)) {
    if (group.measured.length < fewestStimuli) continue;
    const centred = centre(input, rows, group, intercept);
    const alpha = await bestDual(
      submatrix(kernel, group.measured),
      centred,
      group.neurons,
      lambdas,
      lambda,
      options.signal,
    );
    const part = await multiply(rowsOf(design, group.measured), alpha, { transposeA: true });
    for (let f = 0; f < features; f++) {
      const shrink = bandShrink(input.bands, f);
      group.neurons.forEach((neuron, column) => {
        weights[f * neurons + neuron] = part.data[f * alpha.columns + column] * shrink;
      });
    }
  }
  return { mean, scale, weights, intercept, lambda };
}

/** Predicted responses [neuron × row] of a readout. */
export async function predictRidge(model: RidgeModel, bands: Band[], rows: ArrayLike<number>): Promise<Float64Array> {
  const features = model.mean.length;
  const neurons = model.intercept.length;
  const inputs: Matrix = { data: new Float64Array(rows.length * features), rows: rows.length, columns: features };
  let at = 0;
  for (const { features: values, width } of bands) {
    for (let i = 0; i < rows.length; i++) {
      for (let f = 0; f < width; f++)
        inputs.data[i * features + at + f] = (values[rows[i] * width + f] - model.mean[at + f]) / model.scale[at + f];
    }
    at += width;
  }
  const product = await multiply({ data: model.weights, rows: features, columns: neurons }, inputs, {
    transposeA: true,
    transposeB: true,
  });
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let i = 0; i < rows.length; i++) product.data[neuron * rows.length + i] += model.intercept[neuron];
  }
  return product.data;
}

/** Standardised features of the training rows, each band divided by the root of its width; constant features become 0. */
function standardise(
  bands: Band[],
  rows: ArrayLike<number>,
): { mean: Float64Array; scale: Float64Array; design: Matrix } {
  const features = bands.reduce((sum, { width }) => sum + width, 0);
  const mean = new Float64Array(features);
  const scale = new Float64Array(features);
  const design: Matrix = { data: new Float64Array(rows.length * features), rows: rows.length, columns: features };
  let at = 0;
  for (const band of bands) {
    for (let f = 0; f < band.width; f++) {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < rows.length; i++) sum += band.features[rows[i] * band.width + f];
      const centre = sum / rows.length;
      for (let i = 0; i < rows.length; i++) squares += (band.features[rows[i] * band.width + f] - centre) ** 2;
      const deviation = Math.sqrt(squares / rows.length);
      mean[at + f] = centre;
      scale[at + f] = deviation > 1e-9 ? deviation : Number.POSITIVE_INFINITY;
      const factor = 1 / (scale[at + f] * Math.sqrt(band.width));
      for (let i = 0; i < rows.length; i++)
        design.data[i * features + at + f] = (band.features[rows[i] * band.width + f] - centre) * factor;
    }
    at += band.width;
  }
  return { mean, scale, design };
}

function bandShrink(bands: Band[], feature: number): number {
  let at = 0;
  for (const { width } of bands) {
    at += width;
    if (feature < at) return 1 / Math.sqrt(width);
  }
  return 1;
}

interface MaskGroup {
  neurons: number[];
  /** Positions within `rows` where these neurons were measured. */
  measured: Int32Array;
}

/** Neurons with the same missing rows share one factorisation. */
function sameMask({ responses, neurons, stimuli }: RidgeInput, rows: ArrayLike<number>): MaskGroup[] {
  const groups = new Map<string, MaskGroup>();
  for (let neuron = 0; neuron < neurons; neuron++) {
    const measured: number[] = [];
    for (let i = 0; i < rows.length; i++) if (!Number.isNaN(responses[neuron * stimuli + rows[i]])) measured.push(i);
    const key = measured.length === rows.length ? 'all' : measured.join();
    const group = groups.get(key);
    if (group) group.neurons.push(neuron);
    else groups.set(key, { neurons: [neuron], measured: Int32Array.from(measured) });
  }
  return [...groups.values()];
}

function centre(
  input: RidgeInput,
  rows: ArrayLike<number>,
  { neurons, measured }: MaskGroup,
  intercept: Float64Array,
): Matrix {
  const out: Matrix = {
    data: new Float64Array(measured.length * neurons.length),
    rows: measured.length,
    columns: neurons.length,
  };
  neurons.forEach((neuron, column) => {
    let sum = 0;
    for (const i of measured) sum += input.responses[neuron * input.stimuli + rows[i]];
    const mean = sum / measured.length;
    intercept[neuron] = mean;
    measured.forEach((i, row) => {
      out.data[row * neurons.length + column] = input.responses[neuron * input.stimuli + rows[i]] - mean;
    });
  });
  return out;
}

/** Dual coefficients [row × neuron] under each neuron's own best λ. */
async function bestDual(
  kernel: Matrix,
  centred: Matrix,
  neurons: number[],
  lambdas: number[],
  chosen: Float64Array,
  signal?: AbortSignal,
): Promise<Matrix> {
  const n = kernel.rows;
  const columns = centred.columns;
  const best: Matrix = { data: new Float64Array(n * columns), rows: n, columns };
  const lowest = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  for (const lambda of lambdas) {
    if (signal) throwIfCancelled(signal);
    const regular = Float64Array.from(kernel.data);
    for (let i = 0; i < n; i++) regular[i * n + i] += lambda * n;
    const inverse = await inverseCholesky({ data: regular, rows: n, columns: n });
    const alpha = await multiply(inverse, await multiply(inverse, centred), { transposeA: true });
    const diagonal = new Float64Array(n);
    for (let k = 0; k < n; k++) for (let i = 0; i <= k; i++) diagonal[i] += inverse.data[k * n + i] ** 2;
    for (let column = 0; column < columns; column++) {
      let press = 0;
      for (let i = 0; i < n; i++) press += (alpha.data[i * columns + column] / diagonal[i]) ** 2;
      if (press >= lowest[column]) continue;
      lowest[column] = press;
      chosen[neurons[column]] = lambda;
      for (let i = 0; i < n; i++) best.data[i * columns + column] = alpha.data[i * columns + column];
    }
  }
  return best;
}

function submatrix(matrix: Matrix, index: Int32Array): Matrix {
  if (index.length === matrix.rows) return matrix;
  const data = new Float64Array(index.length ** 2);
  index.forEach((row, i) => {
    index.forEach((column, j) => {
      data[i * index.length + j] = matrix.data[row * matrix.columns + column];
    });
  });
  return { data, rows: index.length, columns: index.length };
}

function rowsOf(matrix: Matrix, index: Int32Array): Matrix {
  if (index.length === matrix.rows) return matrix;
  const data = new Float64Array(index.length * matrix.columns);
  index.forEach((row, i) => {
    data.set(matrix.data.subarray(row * matrix.columns, (row + 1) * matrix.columns), i * matrix.columns);
  });
  return { data, rows: index.length, columns: matrix.columns };
}
