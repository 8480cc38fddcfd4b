import type { Command } from '../app.ts';

/** Undoes what connecting did to the configuration of Claude Code. */
export const disconnectClaudeCode: Command = {
  run: async (app) => (await import('../agents/connect-agent.ts')).disconnectAgent(app, 'claude-code'),
};
