import type { Page } from '@bregma/core/mcp/listed-pages';
import { testPages } from '@bregma/core/questions/test-page';
import { functionPages } from './function-page.ts';
import { publishedPage } from './published.ts';

/** What the atlas offers to read: tests of a table, and functions that its SQL knows. */
export const pages: Page[] = [...testPages, ...functionPages, publishedPage];
