import { documentPage } from '@bregma/core/mcp/documents';
import type { Page } from '@bregma/core/mcp/listed-pages';

/** What the twin server offers to read: what is known of twins of the worm. */
export const pages: Page[] = documentPage('worm-twins', 'Twins of the worm: what was fitted, and how well it predicts');
