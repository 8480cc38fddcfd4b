import type { Command } from '../app.ts';

/** Writes Bregma's servers into the configuration of Claude Code. */
export const connectClaudeCode: Command = {
  run: async (app) => (await import('../agents/connect-agent.ts')).connectAgent(app, 'claude-code'),
};
