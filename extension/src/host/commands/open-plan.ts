import type { Command } from '../app.ts';
import { pickPlan } from '../lab/pick.ts';

/** Opens an experiment plan, to review and sign it. */
export const openPlan: Command = {
  async run(app, given) {
    const id = await pickPlan(app, given);
    if (id !== undefined) await (await import('../lab/plan.ts')).openPlan(app, id);
  },
};
