import type { Command } from '../app.ts';

/** Opens an empty draft. */
export const newHypothesis: Command = {
  run: async (app) => (await import('../lab/draft.ts')).openDraft(app, 'new'),
};
