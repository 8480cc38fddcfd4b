import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { allowedFolders, allowFolder } from '@bregma/core/reading-policy';
import type { Command } from '../command.ts';

export const allow: Command = {
  name: 'allow',
  summary: 'let servers read data below a folder',
  help: `Usage: bregma allow [DIR]

Servers read files below the workspace, below folders that you allowed (here, in BREGMA_ALLOW, or by opening them in the
editor), in the mirror, and the data that come with Bregma: never .bregma, devices, pipes or /proc. Symbolic links are followed to such places alone. Without
DIR the allowed folders are listed. The list is yours, outside every workspace.`,
  async run({ positionals }) {
    if (positionals.length > 1)
      throw new BregmaError('bad-input', 'One folder at a time.', { next: 'bregma allow DIR' });
    const [folder] = positionals;
    if (folder !== undefined) console.log(`Servers may now read below ${allowFolder(path.resolve(folder))}`);
    else console.log(allowedFolders().join('\n') || 'No folder is allowed besides the workspace.');
    return 0;
  },
};
