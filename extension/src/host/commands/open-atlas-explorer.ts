import type { Command } from '../app.ts';
import { explore } from '../atlas/explore.ts';

/** Shows a picture of a data set: its connections, its brain in slices, its stimuli, points or tables. */
export const openAtlasExplorer: Command = { run: explore };
