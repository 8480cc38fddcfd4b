import { section } from './section.ts';

section('5. Approval', {
  'keys and signatures': () => import('./approval/keys.ts'),
  'terms of data': () => import('./approval/agreement.ts'),
  'the witness': () => import('./approval/witness.ts'),
  'what is asked of it again': () => import('./approval/asked-again.ts'),
});
