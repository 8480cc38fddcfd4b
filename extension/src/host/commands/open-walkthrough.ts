import type { Command } from '../app.ts';
import { openWalkthroughAnew } from '../milestone-contexts.ts';

/** Opens “Get started with Bregma”. */
export const openWalkthrough: Command = {
  run: ({ context }) => openWalkthroughAnew(`${context.extension.id}#bregma.start`),
};
