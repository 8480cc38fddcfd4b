import { totalmem } from 'node:os';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import type { Matrix } from '../onnx/matrix.ts';
import { solveDual } from './leave-one-out.ts';
import { type Placed, placedWeights, type Windows, windowKernels } from './placed-kernels.ts';
import {
  type Band,
  centre,
  fewestStimuli,
  type MaskGroup,
  type RidgeInput,
  type RidgeModel,
  responsesOf,
  sameMask,
} from './ridge.ts';

/** Penalties, as shares of the mean diagonal of a kernel: 0.4 and 1.2. */
const penalties = [0.4, 1.2];
/** Added to a feature's deviation, in mean deviations of its band: what hardly varies is not blown up to what does. */
const floorOfDeviation = 0.1;
/** How fast a readout loses weight as its left-out error grows, in variances of the neuron's responses. */
const temperature = 0.01;
/** Width of a window, in cells of the 7 × 7 grid: about half the image. */
const windowCells = 1.6;
/** Centres of windows along one side, in cells. */
const centres = [0.75, 2.25, 3.75, 5.25];

/** Peak of memory over the size of all kernels, as it was seen; and the share of the machine's memory that a fit may take. */
const memory = { peak: 1.8, mostOfMachine: 0.75 };

/** Spans of the bands, from the image inwards, as shares of their number: all, the first half, the last half, the last two thirds. */
const spans = [
  [0, 1],
  [0, 1 / 2],
  [1 / 2, 1],
  [1 / 3, 1],
] as const;

/** One ridge readout among those that a neuron's own is averaged from. */
interface Candidate {
  window: number;
  /** Factor of each band's kernel; 0: not in it. */
  bands: number[];
  penalty: number;
  /** [stimulus × neuron] */
  dual: Float32Array;
  /** What it would miss each stimulus by, had it been fitted without it; [stimulus × neuron] */
  residuals: Float32Array;
  /** Mean of their squares, one a neuron. */
  errors: Float64Array;
}

/**
 * Ridge regression over several kernels (banded ridge; Dupré la Tour et al. 2022, NeuroImage 264:119728) with a place for each
 * neuron. A candidate is a span of bands, a window on the image and a penalty; each is solved for all neurons at once, and a neuron's
 * readout is the mean of the candidates under weights exp(−error / (0.01 · variance)) of their leave-one-out errors (exponential
 * weights; Dalalyan & Tsybakov 2008, Mach Learn 72:39), which `rows` alone decide. The mean of linear readouts is one.
 * Bands without places are in every window whole. rows: training stimuli; features are scaled on them alone.
 */
export async function fitPlacedRidge(
  input: RidgeInput,
  rows: ArrayLike<number>,
  options: { signal?: AbortSignal } = {},
): Promise<RidgeModel> {
  const { neurons, bands } = input;
  mustFit(rows.length, bands);
  const scales = bands.map((band) => scalesOf(band, rows));
  const features = scales.reduce((sum, { mean }) => sum + mean.length, 0);
  const model: RidgeModel = {
    mean: Float64Array.from(scales.flatMap(({ mean }) => [...mean])),
    scale: Float64Array.from(scales.flatMap(({ scale }) => [...scale])),
    weights: new Float64Array(features * neurons).fill(Number.NaN),
    intercept: new Float64Array(neurons).fill(Number.NaN),
    lambda: new Float64Array(neurons).fill(Number.NaN),
    leftOutError: new Float64Array(neurons).fill(Number.NaN),
  };
  for (const group of sameMask(input, rows)) {
    if (group.measured.length < fewestStimuli) continue;
    const placed = bands.map((band, k) =>
      placedOf(
        band,
        scales[k],
        Int32Array.from(group.measured, (i) => rows[i]),
      ),
    );
    const { centred, means } = centre(responsesOf(input, rows, group));
    const found = await solveAll(placed, centred, options.signal);
    await readOut(placed, found, centred, { group, means, model, neurons });
  }
  return model;
}

/** Kernels of all windows, bands and places lie in memory at once: their size grows with the square of the stimuli. */
export function mustFit(
  stimuli: number,
  bands: Pick<Band, 'cells'>[],
  bytes = memory.mostOfMachine * totalmem(),
): void {
  const places = Math.max(...bands.map(({ cells = 1 }) => cells));
  const windows = centres.length ** 2 + 1;
  const each = 4 * memory.peak * (windows * bands.length + places);
  const most = Math.floor(Math.sqrt(bytes / each));
  if (stimuli <= most) return;
  throw new BregmaError(
    'too-large',
    `A readout with a place for each neuron needs ${Math.ceil((each * stimuli ** 2) / 1e9)} GB for ${stimuli} stimuli; it may take ${Math.floor(bytes / 1e9)} GB here, enough for ${most}.`,
    { next: `Use kind encoding-ridge or encoding-cnn, or a recording of at most ${most} fitted stimuli.` },
  );
}

interface Scales {
  mean: Float64Array;
  scale: Float64Array;
}

function scalesOf({ features, width }: Band, rows: ArrayLike<number>): Scales {
  const mean = new Float64Array(width);
  const scale = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) for (let f = 0; f < width; f++) mean[f] += features[rows[i] * width + f];
  for (let f = 0; f < width; f++) mean[f] /= rows.length;
  for (let i = 0; i < rows.length; i++)
    for (let f = 0; f < width; f++) scale[f] += (features[rows[i] * width + f] - mean[f]) ** 2;
  for (let f = 0; f < width; f++) scale[f] = Math.sqrt(scale[f] / rows.length);
  const floor = (floorOfDeviation * scale.reduce((sum, value) => sum + value, 0)) / width;
  for (let f = 0; f < width; f++) scale[f] = scale[f] + floor > 1e-9 ? scale[f] + floor : Number.POSITIVE_INFINITY;
  return { mean, scale };
}

function placedOf({ features, width, cells = 1 }: Band, { mean, scale }: Scales, rows: Int32Array): Placed {
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    for (let f = 0; f < width; f++) data[i * width + f] = (features[row * width + f] - mean[f]) / scale[f];
  });
  return { data, stimuli: rows.length, channels: width / cells, places: cells };
}

/** Windows over the places of a band: round ones that overlap, and the whole image. */
function windowsOf(places: number): Windows {
  const side = Math.round(Math.sqrt(places));
  const centred = centres.flatMap((y) => centres.map((x) => [y, x]));
  const count = centred.length + 1;
  const data = new Float32Array(count * places).fill(1);
  if (places === 1) return { data, count };
  centred.forEach(([cy, cx], window) => {
    const own = data.subarray(window * places, (window + 1) * places);
    for (let place = 0; place < places; place++) {
      const [y, x] = [Math.floor(place / side), place % side];
      own[place] = Math.exp(-((y - cy) ** 2 + (x - cx) ** 2) / (2 * windowCells ** 2));
    }
    const total = own.reduce((sum, value) => sum + value, 0);
    for (let place = 0; place < places; place++) own[place] *= places / total;
  });
  return { data, count };
}

async function solveAll(bands: Placed[], responses: Matrix, signal: AbortSignal | undefined): Promise<Candidate[]> {
  const n = responses.rows;
  const kernels: Float32Array[] = [];
  for (const band of bands) kernels.push(await windowKernels(band, windowsOf(band.places)));
  const windows = kernels[0].length / (n * n);
  // Every band weighs the same over the whole image, however many features it has.
  const shares = kernels.map((kernel) => 1 / traceOf(kernel, n, windows - 1));
  const candidates: Candidate[] = [];
  for (let window = 0; window < windows; window++)
    for (const chosen of spansOf(bands.length)) {
      if (signal) throwIfCancelled(signal);
      const sum = new Float64Array(n * n);
      for (const k of chosen) {
        const own = kernels[k].subarray(window * n * n, (window + 1) * n * n);
        for (let i = 0; i < sum.length; i++) sum[i] += shares[k] * own[i];
      }
      const diagonal = centreKernel(sum, n);
      if (!(diagonal > 0)) continue;
      for (let i = 0; i < sum.length; i++) sum[i] = sum[i] / diagonal + 1 / n;
      const factors = bands.map((_, k) => (chosen.includes(k) ? shares[k] / diagonal : 0));
      for (const penalty of penalties)
        candidates.push({ window, bands: factors, penalty, ...(await solve(sum, penalty, responses)) });
    }
  return candidates;
}

/** Places of the bands in each span; spans of few bands that are the same are one. */
function spansOf(bands: number): number[][] {
  const all = spans.map(([from, to]) =>
    Array.from({ length: bands }, (_, k) => k).slice(Math.floor(from * bands), Math.ceil(to * bands)),
  );
  return [...new Map(all.map((span) => [span.join(), span])).values()];
}

function traceOf(kernels: Float32Array, n: number, window: number): number {
  let trace = 0;
  for (let i = 0; i < n; i++) trace += kernels[window * n * n + i * n + i];
  return trace > 0 ? trace : Number.POSITIVE_INFINITY;
}

/** Centres a kernel in place, and returns the mean of its diagonal. */
function centreKernel(kernel: Float64Array, n: number): number {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) means[i] += kernel[i * n + j] / n;
  const whole = means.reduce((sum, value) => sum + value, 0) / n;
  let diagonal = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) kernel[i * n + j] -= means[i] + means[j] - whole;
    diagonal += kernel[i * n + i] / n;
  }
  return diagonal;
}

/** One penalty on a lifted kernel of mean diagonal 1. */
async function solve(lifted: Float64Array, penalty: number, responses: Matrix) {
  const { rows: n, columns } = responses;
  const { alpha, diagonal } = await solveDual(lifted, { lift: 1, penalty }, responses);
  const residuals = new Float32Array(n * columns);
  const errors = new Float64Array(columns);
  for (let i = 0; i < n; i++)
    for (let column = 0; column < columns; column++) {
      const missed = alpha.data[i * columns + column] / diagonal[i];
      residuals[i * columns + column] = missed;
      errors[column] += missed ** 2 / n;
    }
  return { dual: new Float32Array(alpha.data), residuals, errors };
}

/** Weights of the candidates, [candidate][neuron]: all on the best where responses do not vary. */
function weigh(candidates: Candidate[], { data, rows, columns }: Matrix): Float64Array[] {
  const weights = candidates.map(() => new Float64Array(columns));
  for (let column = 0; column < columns; column++) {
    let variance = 0;
    for (let i = 0; i < rows; i++) variance += data[i * columns + column] ** 2 / rows;
    const best = Math.min(...candidates.map(({ errors }) => errors[column]));
    let total = 0;
    candidates.forEach(({ errors }, k) => {
      const behind = errors[column] - best;
      weights[k][column] = behind === 0 ? 1 : Math.exp(-behind / (temperature * variance));
      total += weights[k][column];
    });
    for (const own of weights) own[column] /= total;
  }
  return weights;
}

interface Target {
  group: MaskGroup;
  means: Float64Array;
  model: RidgeModel;
  neurons: number;
}

/** Folds the candidates into one linear readout of the group's neurons. */
async function readOut(
  bands: Placed[],
  candidates: Candidate[],
  responses: Matrix,
  { group, means, model, neurons }: Target,
): Promise<void> {
  const { rows: n, columns } = responses;
  const weights = weigh(candidates, responses);
  const missed = new Float64Array(n * columns);
  group.neurons.forEach((neuron, column) => {
    model.intercept[neuron] = means[column];
    model.lambda[neuron] = candidates.reduce((sum, { penalty }, k) => sum + penalty * weights[k][column], 0);
  });
  candidates.forEach(({ residuals }, k) => addScaled(missed, residuals, weights[k], 1));
  group.neurons.forEach((neuron, column) => {
    model.leftOutError[neuron] = 0;
    for (let i = 0; i < n; i++) model.leftOutError[neuron] += missed[i * columns + column] ** 2 / n;
  });
  let at = 0;
  for (const [k, band] of bands.entries()) {
    const windows = windowsOf(band.places);
    const dual = new Float32Array(windows.count * n * columns);
    candidates.forEach((candidate, c) => {
      if (candidate.bands[k] === 0) return;
      const own = dual.subarray(candidate.window * n * columns, (candidate.window + 1) * n * columns);
      addScaled(own, candidate.dual, weights[c], candidate.bands[k]);
    });
    const found = await placedWeights(band, windows, dual, columns);
    place(found, meansOf(band), at, { group, model, neurons });
    at += band.channels * band.places;
  }
}

function addScaled(into: Float32Array | Float64Array, what: Float32Array, weights: Float64Array, factor: number): void {
  const { length } = weights;
  for (let i = 0; i < into.length; i++) into[i] += factor * weights[i % length] * what[i];
}

/** Mean of each feature over the stimuli of the group. */
function meansOf({ data, stimuli, channels, places }: Placed): Float64Array {
  const width = channels * places;
  const means = new Float64Array(width);
  for (let i = 0; i < stimuli; i++) for (let f = 0; f < width; f++) means[f] += data[i * width + f] / stimuli;
  return means;
}

function place(
  found: Float32Array,
  featureMeans: Float64Array,
  at: number,
  { group, model, neurons }: Pick<Target, 'group' | 'model' | 'neurons'>,
): void {
  const columns = group.neurons.length;
  group.neurons.forEach((neuron, column) => {
    featureMeans.forEach((mean, f) => {
      const weight = found[f * columns + column];
      model.weights[(at + f) * neurons + neuron] = weight;
      model.intercept[neuron] -= weight * mean;
    });
  });
}
