import type { Command } from '../app.ts';

/** Shows the report of the first loop. */
export const openReport: Command = {
  run: async (app) => (await import('../loop/first-loop.ts')).openReport(app),
};
