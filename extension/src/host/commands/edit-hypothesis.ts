import type { Command } from '../app.ts';
import { openDraft } from '../lab/draft.ts';
import { pickHypothesis } from '../lab/pick.ts';

/** Opens a draft for editing. */
export const editHypothesis: Command = {
  id: 'bregma.editHypothesis',
  async run(app, given) {
    const id = await pickHypothesis(app, given, (state) => state === 'draft');
    if (id !== undefined) await openDraft(app, 'edit', id);
  },
};
