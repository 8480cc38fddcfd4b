import type { Command } from '../app.ts';
import { releaseKillSwitch as release } from '../lab/kill-switch.ts';

/** Turns the kill switch off, after asking. */
export const releaseKillSwitch: Command = { run: release };
