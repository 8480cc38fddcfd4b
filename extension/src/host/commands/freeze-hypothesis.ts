import type { Command } from '../app.ts';
import { pickHypothesis } from '../lab/pick.ts';

/** Freezes a draft, after saying what that means. */
export const freezeHypothesis: Command = {
  async run(app, given) {
    const id = await pickHypothesis(app, given, (state) => state === 'draft');
    if (id !== undefined) await (await import('../lab/freeze.ts')).freeze(app, id);
  },
};
