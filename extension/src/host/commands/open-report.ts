import type { Command } from '../app.ts';

/** Shows the report of the first loop. */
export const openReport: Command = {
  id: 'bregma.openReport',
  run: async (app) => (await import('../loop/first-loop.ts')).openReport(app),
};
