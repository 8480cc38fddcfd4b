import { recording } from './families/recording.ts';

/** Half of a session is open. Its repeats are not public, so no ceiling is known; the best published twin of these neurons has 0.64. */
export const v4InDomain = recording({
  name: 'images-1',
  title: 'Macaque V4, in domain: the other half of a session of natural images',
  cite: ['Cowley, Stan, Pillow & Smith 2023, bioRxiv: Compact deep neural network models of visual cortex'],
  licence: 'GPL-3.0',
  data: 'macaque-v4-190923@2023-11.2',
  sealed: 'c5e8b891cf9268e5b12184dd9b868ebf29ca61c5402bc02f0a90a75d23bfc9a4',
  mechanism: 'ladder',
  step: 0.01,
  cap: 0.85,
  canaries: 0.05,
  budget: { workspace: 20, person: 60 },
  exposure: 'public-known',
});
