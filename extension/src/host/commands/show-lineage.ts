import type { Command } from '../app.ts';
import { storeOf } from '../provenance/asking.ts';
import { showLineagePanel } from '../provenance/lineage-panel.ts';
import { pickActivity } from '../provenance/pick-activity.ts';
import { idOfItem } from '../provenance/tree.ts';

/** Shows what a record rests on, back to raw files. */
export const showLineage: Command = {
  async run(app, given) {
    const store = storeOf(app);
    if (!store) return;
    const named = typeof given === 'string' ? given : idOfItem(given);
    const id =
      named ??
      (await pickActivity(store, 'Show Lineage', 'Any text of an activity, or the id of a claim, twin or data set'));
    if (id) await showLineagePanel(app, id);
  },
};
