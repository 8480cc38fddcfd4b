import { section } from './section.ts';

section('4. The store in a hostile or unlucky folder', {
  'a hostile folder': () => import('./store/folder.ts'),
  'what verify and a stop make of damage': () => import('./store/damage.ts'),
  disks: () => import('./store/disks.ts'),
});
