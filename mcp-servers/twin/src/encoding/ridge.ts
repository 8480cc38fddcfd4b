import { type Matrix, multiply } from '../onnx/matrix.ts';
import { bestRidge } from './leave-one-out.ts';

/** Features of one kind for every stimulus. Each band weighs the same in the kernel, however many features it has. */
export interface Band {
  name: string;
  /** [stimulus × width] */
  features: Float32Array;
  width: number;
  /** Places in each channel, C order [channel × place]; undefined: no places. */
  cells?: number;
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
  /** Mean squared error of predicting a training row that was left out, under that λ; one a neuron, squared units of the responses. */
  leftOutError: Float64Array;
}

/** What a ridge is fitted on. */
export interface RidgeInput {
  bands: Band[];
  /** [neuron × stimulus]; NaN: not measured. */
  responses: Float64Array;
  neurons: number;
  stimuli: number;
}

/** Fits all neurons on `rows`, which alone decide everything. */
export type FitReadout = (
  input: RidgeInput,
  rows: ArrayLike<number>,
  options: { signal?: AbortSignal },
) => Promise<RidgeModel>;

/** λ relative to the number of training stimuli, for a kernel whose diagonal is about the number of bands. */
export const defaultLambdas = [-4, -3.5, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1].map((exponent) => 10 ** exponent);

/** Fewest measured stimuli from which a neuron is fitted. */
export const fewestStimuli = 10;

/**
 * Ridge regression of all neurons at once. λ is chosen for each neuron by leave-one-out over `rows` alone. A neuron that was not
 * measured on some rows is fitted, with its own intercept, on the others; with fewer than 10 its prediction is NaN.
 * rows: training stimuli. Features are standardised on them alone.
 */
export async function fitRidge(
  input: RidgeInput,
  rows: ArrayLike<number>,
  options: { lambdas?: number[]; signal?: AbortSignal } = {},
): Promise<RidgeModel> {
  const { neurons } = input;
  const { mean, scale, design } = standardise(input.bands, rows);
  const features = mean.length;
  const shrink = bandShrink(input.bands);
  const weights = new Float64Array(features * neurons).fill(Number.NaN);
  const intercept = new Float64Array(neurons).fill(Number.NaN);
  const lambda = new Float64Array(neurons).fill(Number.NaN);
  const leftOutError = new Float64Array(neurons).fill(Number.NaN);
  const lambdas = options.lambdas ?? defaultLambdas;
  for (const group of sameMask(input, rows)) {
    if (group.measured.length < fewestStimuli) continue;
    const x = centre(rowsOf(design, group.measured));
    const y = centre(responsesOf(input, rows, group));
    const best = await bestRidge({ design: x.centred, responses: y.centred }, lambdas, options.signal);
    group.neurons.forEach((neuron, column) => {
      lambda[neuron] = best.lambda[column];
      leftOutError[neuron] = best.errors[lambdas.indexOf(best.lambda[column]) * group.neurons.length + column];
      intercept[neuron] = y.means[column];
      for (let f = 0; f < features; f++) {
        const weight = best.weights.data[f * best.weights.columns + column];
        intercept[neuron] -= weight * x.means[f];
        weights[f * neurons + neuron] = weight * shrink[f];
      }
    });
  }
  return { mean, scale, weights, intercept, lambda, leftOutError };
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

/** What turns the weight of a column of the design into that of a standardised feature, one a feature. */
function bandShrink(bands: Band[]): Float64Array {
  return Float64Array.from(bands.flatMap(({ width }) => new Array<number>(width).fill(1 / Math.sqrt(width))));
}

/** Neurons that were measured on the same rows. */
export interface MaskGroup {
  neurons: number[];
  /** Positions within `rows` where these neurons were measured. */
  measured: Int32Array;
}

/** Neurons with the same missing rows share one factorisation. */
export function sameMask({ responses, neurons, stimuli }: RidgeInput, rows: ArrayLike<number>): MaskGroup[] {
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

/** Responses of the group's neurons where they were measured, [row × neuron]. */
export function responsesOf(
  { responses, stimuli }: RidgeInput,
  rows: ArrayLike<number>,
  { neurons, measured }: MaskGroup,
): Matrix {
  const data = new Float64Array(measured.length * neurons.length);
  measured.forEach((i, row) => {
    neurons.forEach((neuron, column) => {
      data[row * neurons.length + column] = responses[neuron * stimuli + rows[i]];
    });
  });
  return { data, rows: measured.length, columns: neurons.length };
}

/** The matrix without the mean of each column, and the means. */
export function centre({ data, rows, columns }: Matrix): { centred: Matrix; means: Float64Array } {
  const means = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) means[j] += data[i * columns + j];
  for (let j = 0; j < columns; j++) means[j] /= rows;
  const centred = Float64Array.from(data);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) centred[i * columns + j] -= means[j];
  return { centred: { data: centred, rows, columns }, means };
}

function rowsOf(matrix: Matrix, index: Int32Array): Matrix {
  if (index.length === matrix.rows) return matrix;
  const data = new Float64Array(index.length * matrix.columns);
  index.forEach((row, i) => {
    data.set(matrix.data.subarray(row * matrix.columns, (row + 1) * matrix.columns), i * matrix.columns);
  });
  return { data, rows: index.length, columns: matrix.columns };
}
