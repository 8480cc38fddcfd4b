import { section } from './section.ts';

section('6. Proof', {
  kills: () => import('./proof/kills.ts'),
  'the corpus of cases': () => import('./proof/corpus.ts'),
});
