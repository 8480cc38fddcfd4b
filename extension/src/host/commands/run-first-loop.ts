import type { Command } from '../app.ts';

/** Walks from a recording to a verdict on the embedded data. */
export const runFirstLoop: Command = {
  run: async (app) => (await import('../loop/first-loop.ts')).runFirstLoop(app),
};
