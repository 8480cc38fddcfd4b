import { section } from './section.ts';

section('1. Reading', {
  'what a server reads': () => import('./reading/policy.ts'),
  'no network': () => import('./reading/network.ts'),
  importing: () => import('./reading/import.ts'),
  'hostile files': () => import('./reading/hostile-files.ts'),
  'damaged containers': () => import('./reading/damaged-containers.ts'),
  'what tells less than it holds, or too much': () => import('./reading/told-short.ts'),
  'workbooks that claim': () => import('./reading/workbooks.ts'),
  'notebooks of strangers': () => import('./reading/notebooks.ts'),
  'the zoo of formats': () => import('./reading/zoo.ts'),
});
