import type { Command } from '../app.ts';
import { pickHypothesis } from '../lab/pick.ts';

/** Opens a draft for editing. */
export const editHypothesis: Command = {
  async run(app, given) {
    const id = await pickHypothesis(app, given, (state) => state === 'draft');
    if (id !== undefined) await (await import('../lab/draft.ts')).openDraft(app, 'edit', id);
  },
};
