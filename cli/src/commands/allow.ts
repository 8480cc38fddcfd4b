import path from 'node:path';
import { allowedHosts, allowHost, isHost } from '@bregma/core/allowed-hosts';
import { BregmaError } from '@bregma/core/errors';
import { allowedFolders, allowFolder, whatIsRead } from '@bregma/core/reading-policy';
import type { Command } from '../command.ts';

export const allow: Command = {
  name: 'allow',
  summary: 'let servers read data below a folder, or from a host',
  help: `Usage: bregma allow [DIR | https://HOST]

${whatIsRead}
Folders that are open in the editor are allowed to its servers.

The name of a host means that host alone, with https, and never an address of your own network unless you named that very address.

Without an argument what is allowed is listed. The lists are yours, outside every workspace.`,
  async run({ positionals }) {
    if (positionals.length > 1)
      throw new BregmaError('bad-input', 'One folder or host at a time.', { next: 'bregma allow DIR' });
    const [folder] = positionals;
    if (folder !== undefined && isHost(folder)) console.log(`Servers may now read from ${allowHost(folder)}`);
    else if (folder !== undefined) console.log(`Servers may now read below ${allowFolder(path.resolve(folder))}`);
    else
      console.log(
        [...allowedFolders(), ...allowedHosts()].join('\n') || 'No folder or host is allowed besides the workspace.',
      );
    return 0;
  },
};
