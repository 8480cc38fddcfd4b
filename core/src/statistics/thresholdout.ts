import type { Random } from './random.ts';

/** Settings of Thresholdout (Dwork et al. 2015). */
export interface ThresholdoutOptions {
  /** Distance between training and hold-out value that counts as none. */
  threshold: number;
  /** Scale of the Laplace noise. */
  tolerance: number;
}

/**
 * Thresholdout (Dwork et al. 2015, Science 349:636): answers a question with its training value unless that differs from the
 * hold-out value by more than a noisy threshold; only then is a noisy hold-out value revealed. The hold-out stays valid over many
 * adaptive questions. Returns a function that answers one question, and counts how often the hold-out was revealed.
 */
export function thresholdout(
  { threshold, tolerance }: ThresholdoutOptions,
  random: Random,
): { ask(training: number, holdout: number): number; revealed(): number } {
  const laplace = (scale: number) => {
    const u = random.uniform() - 0.5;
    return -scale * Math.sign(u) * Math.log1p(-2 * Math.abs(u));
  };
  let offset = laplace(2 * tolerance);
  let count = 0;
  return {
    ask(training, holdout) {
      if (Math.abs(holdout - training) <= threshold + offset + laplace(4 * tolerance)) return training;
      count++;
      offset = laplace(2 * tolerance);
      return holdout + laplace(tolerance);
    },
    revealed: () => count,
  };
}
