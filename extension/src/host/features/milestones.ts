import type { Feature } from '../app.ts';
import { sayMilestone } from '../milestone-contexts.ts';

/** Tells the walkthrough and the empty trees how far this folder is. */
export const milestones: Feature = {
  name: 'milestones',
  activate({ context, folder, store }) {
    sayMilestone('folderOpen', folder !== undefined);
    if (!store) return;
    const look = async () => {
      if (store.seq() === 0) return;
      try {
        const { data, verdict } = await store.ask.milestones();
        sayMilestone('hasData', data);
        sayMilestone('hasVerdict', verdict);
        if (verdict) listening.dispose();
      } catch {
        // A ledger that cannot be read is told where it is shown; the walkthrough waits.
      }
    };
    const listening = store.onGrown(() => void look(), ['dataset', 'test']);
    context.subscriptions.push(listening);
  },
};
