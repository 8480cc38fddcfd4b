import { jackknifeError } from '@bregma/core/statistics/jackknife';

/** Groups of stimulated neurons that are left out in turn. */
export const groups = 10;

/** 97.5 % quantile of Student's t with `groups` − 1 = 9 degrees of freedom. */
const t975 = 2.2621571627;

/** A value with its uncertainty. */
export interface Uncertain {
  value: number;
  /** Standard error. */
  se: number;
  /** 95 % interval. */
  low: number;
  high: number;
}

/**
 * Delete-a-group jackknife (Tukey 1958, Ann Math Stat 29:614; Kott 2001, J Off Stat 17:521): how much a number would scatter
 * if other neurons had been stimulated. refits: the number as each refit without one group gives it.
 */
export function jackknife(value: number, refits: number[]): Uncertain {
  const se = jackknifeError(refits);
  return { value, se, low: value - t975 * se, high: value + t975 * se };
}
