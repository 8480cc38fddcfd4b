import { mean } from './correlation.ts';

/** How much of what a model could explain of one neuron it does. null: not measurable, as without repeats. */
export interface ExplainedVariance {
  /**
   * r² between model and the mean response that no number of repeats would change: unbiased in numerator and denominator, so that it may
   * lie below 0 or above 1 (Pospisil & Bair 2021, PLoS Comput Biol 17:e1009212, r̂²_ER).
   */
  r2er: number | null;
  /** Share of the variance of single trials that is of the stimulus: FEV (Cadena et al. 2019, PLoS Comput Biol 15:e1006897). */
  explainable: number | null;
  /**
   * Share of the explainable variance that the model explains, in its own scale and offset: FEVE of the same paper, which leaves out neurons
   * of which less than `fewestExplainable` is explainable. 1 − (mean squared error − noise) / (variance − noise).
   */
  feve: number | null;
}

/** Explainable share of the variance of single trials from which a neuron has a FEVE (Cadena et al. 2019). */
export const fewestExplainable = 0.15;

const nothing: ExplainedVariance = { r2er: null, explainable: null, feve: null };

/** A stimulus with its prediction and its measured trials. */
interface Cell {
  predicted: number;
  mean: number;
  trials: number[];
}

/**
 * Explained variance of one neuron. predictions: [stimulus], in the unit of the responses; responses: [stimulus × repeat]; NaN in either:
 * not there. sets: positions of stimuli that were predicted by one fit; for r²_ER each set has a mean of its own, because a fit knows the mean
 * of what is not in its set. Repeats may differ in number; their noise is taken to be of one size.
 */
export function explainedVariance(
  predictions: ArrayLike<number>,
  responses: ArrayLike<number>,
  repeats: number,
  sets: readonly ArrayLike<number>[],
): ExplainedVariance {
  const groups = sets.map((rows) => cellsOf(predictions, responses, repeats, rows)).filter(({ length }) => length > 2);
  const cells = groups.flat();
  const freedom = cells.reduce((sum, { trials }) => sum + trials.length - 1, 0);
  if (freedom === 0) return nothing;
  const noise = cells.reduce((sum, cell) => sum + squares(cell.trials, cell.mean), 0) / freedom;
  return { r2er: r2er(groups, noise), ...feve(cells, noise) };
}

function cellsOf(
  predictions: ArrayLike<number>,
  responses: ArrayLike<number>,
  repeats: number,
  rows: ArrayLike<number>,
): Cell[] {
  return Array.from(rows, (row) => {
    const all = Array.from({ length: repeats }, (_, repeat) => responses[row * repeats + repeat]);
    const trials = all.filter(Number.isFinite);
    return { predicted: predictions[row], mean: mean(trials), trials };
  }).filter(({ predicted, trials }) => Number.isFinite(predicted) && trials.length > 0);
}

const squares = (values: readonly number[], around: number) =>
  values.reduce((sum, value) => sum + (value - around) ** 2, 0);

/** noise: variance of one trial. A mean of n trials has noise / n, so that (Σ x·y)² is too large by Σ x² noise / n, and Σ y² likewise. */
function r2er(groups: readonly Cell[][], noise: number): number | null {
  let [xy, xx, yy, ofProduct] = [0, 0, 0, 0];
  for (const cells of groups) {
    const [x0, y0] = [mean(cells.map(({ predicted }) => predicted)), mean(cells.map((cell) => cell.mean))];
    for (const { predicted, mean: y, trials } of cells) {
      const x = predicted - x0;
      xy += x * (y - y0);
      xx += x ** 2;
      yy += (y - y0) ** 2 - (noise / trials.length) * (1 - 1 / cells.length);
      ofProduct += (x ** 2 * noise) / trials.length;
    }
  }
  const found = (xy ** 2 - ofProduct) / (xx * yy);
  return yy > 0 && Number.isFinite(found) ? found : null;
}

function feve(cells: readonly Cell[], noise: number): Pick<ExplainedVariance, 'explainable' | 'feve'> {
  const trials = cells.flatMap((cell) => cell.trials);
  const variance = squares(trials, mean(trials)) / (trials.length - 1);
  if (!(variance > 0)) return { explainable: null, feve: null };
  const missed = cells.reduce((sum, cell) => sum + squares(cell.trials, cell.predicted), 0) / trials.length;
  const explainable = (variance - noise) / variance;
  const isExplainable = explainable >= fewestExplainable;
  return { explainable, feve: isExplainable ? 1 - (missed - noise) / (variance - noise) : null };
}
