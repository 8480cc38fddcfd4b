import { macaqueV4 } from './families/macaque-v4.ts';

/** Half of a session is open. Its repeats are not public, so no ceiling is known; the best published twin of these neurons has 0.64. */
export const v4InDomain = macaqueV4({
  name: 'images-1',
  title: 'Macaque V4, in domain: the other half of a session of natural images',
  data: 'macaque-v4-190923@2023-11.2',
  sealed: 'c5e8b891cf9268e5b12184dd9b868ebf29ca61c5402bc02f0a90a75d23bfc9a4',
});
