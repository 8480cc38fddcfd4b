import type { Command } from '../app.ts';
import { openDraft } from '../lab/draft.ts';

/** Opens an empty draft. */
export const newHypothesis: Command = { id: 'bregma.newHypothesis', run: (app) => openDraft(app, 'new') };
