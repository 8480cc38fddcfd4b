import type { Command } from '../app.ts';
import { pickHypothesis } from '../lab/pick.ts';

/** Opens the card of a hypothesis. */
export const openHypothesis: Command = {
  async run(app, given) {
    const id = await pickHypothesis(app, given);
    if (id !== undefined) await (await import('../lab/hypothesis.ts')).openHypothesis(app, id);
  },
};
