import type { Command } from '../app.ts';

/** Opens an empty draft. */
export const newHypothesis: Command = {
  id: 'bregma.newHypothesis',
  run: async (app) => (await import('../lab/draft.ts')).openDraft(app, 'new'),
};
