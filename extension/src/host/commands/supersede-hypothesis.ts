import type { Command } from '../app.ts';
import { pickHypothesis } from '../lab/pick.ts';

/** Starts a new version of a frozen hypothesis. */
export const supersedeHypothesis: Command = {
  async run(app, given) {
    const id = await pickHypothesis(app, given, (state) => state !== 'draft' && state !== 'superseded');
    if (id !== undefined) await (await import('../lab/draft.ts')).openDraft(app, 'supersede', id);
  },
};
