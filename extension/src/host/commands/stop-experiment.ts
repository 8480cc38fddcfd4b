import type { Command } from '../app.ts';
import { idOf } from '../lab/guards.ts';
import { stop } from '../lab/stop.ts';

/** Stops the experiment that runs, with or without its server. */
export const stopExperiment: Command = {
  run: (app, given) => stop(app, idOf(given)),
};
