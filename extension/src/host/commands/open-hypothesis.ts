import type { Command } from '../app.ts';
import { openHypothesis as open } from '../lab/hypothesis.ts';
import { pickHypothesis } from '../lab/pick.ts';

/** Opens the card of a hypothesis. */
export const openHypothesis: Command = {
  id: 'bregma.openHypothesis',
  async run(app, given) {
    const id = await pickHypothesis(app, given);
    if (id !== undefined) await open(app, id);
  },
};
