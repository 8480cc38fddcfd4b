import type { Command } from '../app.ts';

/** Undoes what connecting did to the configuration of Codex. */
export const disconnectCodex: Command = {
  run: async (app) => (await import('../agents/connect-agent.ts')).disconnectAgent(app, 'codex'),
};
