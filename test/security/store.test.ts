import { section } from './section.ts';

section('4. The store in a hostile or unlucky folder', {
  'a hostile folder': () => import('./store/folder.ts'),
  disks: () => import('./store/disks.ts'),
});
