import type { Command } from '../app.ts';

/** Writes Bregma's servers into the configuration of Codex. */
export const connectCodex: Command = {
  run: async (app) => (await import('../agents/connect-agent.ts')).connectAgent(app, 'codex'),
};
