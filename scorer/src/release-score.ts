import { atDecimals } from '@bregma/core/numbers';
import type { Random } from '@bregma/core/statistics/random';

/** A score that may be told, and whether it is news. */
export interface Told {
  score: number;
  improved: boolean;
}

/** The nearest whole number of steps, without the dust of binary fractions. */
export const inSteps = (value: number, step: number): number => atDecimals(Math.round(value / step) * step, 10);

/**
 * The Ladder (Blum & Hardt 2015, arXiv 1502.04585, fig. 1): a score is told, in whole steps, when it is better than the best one so far
 * by a step; otherwise that one is told again. best: undefined before the first.
 */
export function ladder(best: number | undefined, score: number, step: number): Told {
  if (best !== undefined && score < best + step) return { score: best, improved: false };
  return { score: inSteps(score, step), improved: true };
}

/**
 * Thresholdout (Dwork et al. 2015, Science 349:636, fig. 1): while what the open part says is near what the sealed part says, the former is
 * told, which costs nothing of the latter; else the latter with noise. Threshold two steps, noise one, both in whole steps.
 */
export function thresholdout(
  given: { open: number; sealed: number; best?: number },
  step: number,
  random: Random,
): Told {
  const { open, sealed, best } = given;
  const far = Math.abs(open - sealed) > 2 * step + laplace(4 * step, random);
  const score = inSteps(far ? sealed + laplace(step, random) : open, step);
  return { score, improved: best === undefined || score >= best + step };
}

/** A draw from the Laplace distribution of this scale. */
function laplace(scale: number, random: Random): number {
  const u = random.uniform() - 0.5;
  return -scale * Math.sign(u) * Math.log(1 - 2 * Math.abs(u));
}
