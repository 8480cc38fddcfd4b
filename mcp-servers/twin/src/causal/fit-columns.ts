import { BregmaError } from '@bregma/core/errors';
import { pause } from '@bregma/core/in-slices';
import { pearson } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { folds } from '../encoding/score.ts';
import { denseWeights, fitDynamics, predictResponses, type Support } from './linear-dynamics.ts';
import { type CausalMatrix, mirrorOf, prepareStimulations } from './stimulations.ts';

/** How a causal twin is fitted. nested: the penalty is chosen inside the training part. */
export interface FitSettings {
  ridge: number | 'nested';
  margin: number;
  bilateral: boolean;
}

/** A network as fitted to some columns of a matrix of responses. */
export interface CausalFit {
  /** [post × pre] */
  W: Float64Array;
  /** In the unit of the data. */
  offset: Float64Array;
  scale: number;
  ridge: number;
  converged: boolean;
}

/** Fewest stimulated neurons to fit to. */
export const fewestStimulated = 10;
const ridges = [10, 20, 50];
const innerFolds = 3;

/** Fits to these columns alone. ridge `nested`: the best of 10, 20 and 50 in three folds of these columns. */
export async function fitColumns(
  matrix: CausalMatrix,
  support: Support,
  columns: ArrayLike<number>,
  settings: FitSettings,
  signal: AbortSignal,
): Promise<CausalFit> {
  if (columns.length < fewestStimulated)
    throw new BregmaError(
      'bad-input',
      `${columns.length} stimulated neurons are too few to fit to: at least ${fewestStimulated} are needed.`,
    );
  const data = prepareStimulations(matrix, columns, settings);
  if (!(data.scale > 0)) throw new BregmaError('bad-input', 'The responses do not vary: there is nothing to fit.');
  const ridge =
    settings.ridge === 'nested' ? await chooseRidge(matrix, support, columns, settings, signal) : settings.ridge;
  const { weights, converged } = await fitDynamics(data, support, { ridge, margin: settings.margin }, async () => {
    await pause(signal);
  });
  const { offset, scale } = data;
  return { W: denseWeights(weights, support, matrix.names.length), offset, scale, ridge, converged };
}

/** Predictions for held-out stimulated neurons, and the fits that made them. */
export interface CrossFit {
  /** [responding × stimulated], each column by a fit that did not see it; NaN elsewhere. */
  predictions: Float64Array;
  /** One a group. */
  fits: CausalFit[];
}

/** k random groups of columns. bySide: a neuron and its homologue on the other side are in one group. */
export function groupColumns(
  { names }: CausalMatrix,
  columns: ArrayLike<number>,
  k: number,
  seed: string,
  bySide = false,
): Int32Array[] {
  const mirror = mirrorOf(names);
  const unitOf = (column: number) => (bySide ? Math.min(column, mirror[column]) : column);
  const units = [...new Set(Array.from(columns, unitOf))];
  return folds(units, makeRandom(seed), k).map((fold) => {
    const chosen = new Set(Array.from(fold, (i) => units[i]));
    return Int32Array.from(Array.from(columns).filter((column) => chosen.has(unitOf(column))));
  });
}

/** Leaves each of these groups of columns out once. onFold: called after each. */
export async function crossFit(
  matrix: CausalMatrix,
  support: Support,
  columns: ArrayLike<number>,
  settings: FitSettings,
  { sets, signal, onFold }: { sets: Int32Array[]; signal: AbortSignal; onFold?(fold: number): void },
): Promise<CrossFit> {
  const n = matrix.names.length;
  const predictions = new Float64Array(n * n).fill(Number.NaN);
  const fits: CausalFit[] = [];
  for (const [fold, set] of sets.entries()) {
    const held = new Set(set);
    const rest = Int32Array.from(Array.from(columns).filter((column) => !held.has(column)));
    const fit = await fitColumns(matrix, support, rest, settings, signal);
    placeColumns(await predictResponses(fit.W, fit), set, predictions, n);
    fits.push(fit);
    onFold?.(fold + 1);
  }
  return { predictions, fits };
}

/** Copies columns of one [n × n] matrix into another. */
export function placeColumns(from: Float64Array, columns: ArrayLike<number>, to: Float64Array, n: number): void {
  for (let i = 0; i < n; i++)
    for (let c = 0; c < columns.length; c++) to[i * n + columns[c]] = from[i * n + columns[c]];
}

async function chooseRidge(
  matrix: CausalMatrix,
  support: Support,
  columns: ArrayLike<number>,
  settings: FitSettings,
  signal: AbortSignal,
): Promise<number> {
  let best = { ridge: ridges[0], r: Number.NEGATIVE_INFINITY };
  const sets = groupColumns(matrix, columns, innerFolds, 'ridge');
  for (const ridge of ridges) {
    const { predictions } = await crossFit(matrix, support, columns, { ...settings, ridge }, { sets, signal });
    const r = pearson(predictions, offDiagonal(matrix));
    if (r > best.r) best = { ridge, r };
  }
  return best.ridge;
}

/** The measured responses with NaN on the diagonal. */
export function offDiagonal({ names, responses }: CausalMatrix): Float64Array {
  const n = names.length;
  return responses.map((value, at) => (Math.floor(at / n) === at % n ? Number.NaN : value));
}
