import type { Command } from '../app.ts';
import { storeOf } from '../provenance/asking.ts';
import { showComparison } from '../provenance/comparison-panel.ts';
import { pickActivity } from '../provenance/pick-activity.ts';
import { idOfItem } from '../provenance/tree.ts';

/** Puts two activities side by side. */
export const compare: Command = {
  async run(app, given, second) {
    const store = storeOf(app);
    if (!store) return;
    const named = typeof given === 'string' ? given : idOfItem(given);
    const before = named ?? (await pickActivity(store, 'Compare (1 of 2)', 'The first activity'));
    if (!before) return;
    const title = named ? 'Compare' : 'Compare (2 of 2)';
    const after =
      typeof second === 'string' ? second : await pickActivity(store, title, `Which activity beside ${before}?`);
    if (after) await showComparison(app, before, after);
  },
};
