import type { Command } from '../app.ts';
import { stopEverything as stopAll } from '../lab/kill-switch.ts';

/** Turns the kill switch on. */
export const stopEverything: Command = { run: stopAll };
