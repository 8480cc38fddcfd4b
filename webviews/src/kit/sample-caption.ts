import type { Caption } from './caption.ts';

/** What stands under a sample: it is made by a generator, and says so. */
export const sampleCaption = (title: string, extra: Partial<Caption> = {}): Caption => ({
  title,
  kind: 'synthetic',
  n: { count: 50, of: 'neurons' },
  release: ['macaque-v4-cowley2023@2023'],
  cite: ['Cowley et al. 2023'],
  activity: 'act-0123456789abcdef',
  ...extra,
});
