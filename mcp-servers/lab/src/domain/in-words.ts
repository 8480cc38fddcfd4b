import type { Prediction } from '@bregma/core/contracts/hypothesis';

/** "X is greater than 0.05" */
export function inWords(metric: string, { direction, size }: Pick<Prediction, 'direction' | 'size'>): string {
  const says = {
    greater: `is greater than ${size}`,
    less: `is less than ${size}`,
    equivalent: `is between ${-size} and ${size}`,
  };
  return `${metric} ${says[direction]}`;
}
