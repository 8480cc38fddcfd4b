import type { Command } from '../app.ts';
import { storeOf } from '../provenance/asking.ts';
import { pickActivity } from '../provenance/pick-activity.ts';
import { showRecord as show } from '../provenance/record-panel.ts';
import { idOfItem } from '../provenance/tree.ts';

/** Shows one record of the ledger, or what any id names. Without an id a person finds an activity by any text of it. */
export const showRecord: Command = {
  async run(app, given) {
    const store = storeOf(app);
    if (!store) return;
    const named = typeof given === 'string' ? given : idOfItem(given);
    const id =
      named ?? (await pickActivity(store, 'Show Record', 'Any text of an activity, or an id as answers give it'));
    if (id) await show(app, id);
  },
};
