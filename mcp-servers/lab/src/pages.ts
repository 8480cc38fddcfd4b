import type { Page } from '@bregma/core/mcp/listed-pages';
import { testPages } from '@bregma/core/questions/test-page';

/** What the lab offers to read: tests of a table. */
export const pages: Page[] = testPages;
