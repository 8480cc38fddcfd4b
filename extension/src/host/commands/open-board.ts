import type { Command } from '../app.ts';

/** Opens the board of hypotheses. */
export const openBoard: Command = {
  run: async (app) => (await import('../lab/board.ts')).openBoard(app),
};
