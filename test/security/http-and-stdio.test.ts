import { section } from './section.ts';

section('3. HTTP and stdio', {
  HTTP: () => import('./http-and-stdio/http.ts'),
  stdio: () => import('./http-and-stdio/stdio.ts'),
});
