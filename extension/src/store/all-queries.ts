import { queries as aboutNotebooks } from '@bregma/notebooks/queries/index.gen';
import { queries } from './queries/index.gen.ts';

/** Every question that the thread of the store answers: those about notebooks, which need no editor, and the editor's own. */
export const allQueries = { ...aboutNotebooks, ...queries };
