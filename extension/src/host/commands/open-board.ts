import type { Command } from '../app.ts';
import { openBoard as open } from '../lab/board.ts';

/** Opens the board of hypotheses. */
export const openBoard: Command = { id: 'bregma.openBoard', run: open };
