import { section } from './section.ts';

section('2. What the server says and keeps', {
  'text from data': () => import('./said-and-kept/text.ts'),
  SQL: () => import('./said-and-kept/sql.ts'),
  'responses before their test': () => import('./said-and-kept/unspent.ts'),
  'withheld responses': () => import('./said-and-kept/withheld.ts'),
  'withheld rows of a table': () => import('./said-and-kept/withheld-rows.ts'),
  'looks and calls on record': () => import('./said-and-kept/records.ts'),
});
