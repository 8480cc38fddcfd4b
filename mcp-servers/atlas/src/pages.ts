import type { Page } from '@bregma/core/mcp/listed-pages';
import { testPages } from '@bregma/core/questions/test-page';
import { functionPages } from './function-page.ts';
import { publishedPage } from './published.ts';
import { ontologyPage } from './sources/ontology-terms.ts';

/** What the atlas offers to read: tests of a table, functions that its SQL knows, published numbers, terms of ontologies. */
export const pages: Page[] = [...testPages, ...functionPages, publishedPage, ontologyPage];
