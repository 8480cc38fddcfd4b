import type { Random } from '@bregma/core/statistics/random';

/**
 * Randomised complete blocks: every block shows each stimulus that still has presentations left once, in fresh random order.
 * repeats: presentations of each stimulus, same order as stimuli.
 */
export function blockOrder(stimuli: number[], repeats: number[], random: Random): number[] {
  const order: number[] = [];
  for (let block = 0; block < Math.max(...repeats); block++)
    order.push(...random.shuffle(stimuli.filter((_, i) => repeats[i] > block)));
  return order;
}
