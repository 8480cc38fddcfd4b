import { userInfo } from 'node:os';
import path from 'node:path';
import { findTrusted, type SigningKey, trustKey } from '@bregma/core/approval/keys';
import { personName, trustedFolder } from '@bregma/core/approval/trusted';
import { BregmaError } from '@bregma/core/errors';
import { settingsFolder } from '@bregma/core/reading-policy';
import { openWorkspace, type Workspace } from '@bregma/core/workspace';
import { keyMade } from '../approving.ts';
import type { Command } from '../command.ts';
import { ask, mustBeAsked } from '../prompt.ts';

export const trust: Command = {
  name: 'trust',
  summary: 'accept approvals of your key in a folder, as a person',
  help: `Usage: bregma trust [--key FILE] [--name NAME] [--workspace DIR]

Makes your key when there is none yet, and accepts what it signs in this folder from now on. That is noted in your own
configuration, outside every workspace, under the folder's real path: a folder that somebody brings you, and a copy of your
own, trusts nobody. The workspace keeps a record of it. Asks at a terminal, and is refused without one. To trust it no more,
remove its file from the folder that is named at the end.

  --key FILE   your private key (default: key.pem in Bregma's configuration folder)
  --name NAME  the name under which it signs (default: your user name)`,
  options: { key: { type: 'string' }, name: { type: 'string' } },
  async run({ values, workspace: folder }) {
    mustBeAsked('A person trusts a key at a terminal.');
    const name = personName(String(values.name ?? userInfo().username));
    const key = await keyMade(String(values.key ?? path.join(settingsFolder(), 'key.pem')));
    const workspace = openWorkspace(folder);
    try {
      if (!findTrusted(workspace.bregma, key)) await accept(key, name, workspace);
      console.log(
        `${key.fingerprint} is trusted in ${workspace.folder}, as noted in ${trustedFolder(workspace.bregma)}`,
      );
      return 0;
    } finally {
      workspace.close();
    }
  },
};

async function accept(key: SigningKey, name: string, workspace: Workspace): Promise<void> {
  const wanted = key.fingerprint.slice(0, 6);
  process.stderr.write(`Key    ${key.fingerprint}\nName   ${name}\nFolder ${workspace.folder}\n`);
  if ((await ask(`Type ${wanted} to accept what this key signs there: `)) !== wanted)
    throw new BregmaError('cancelled', 'Nothing was trusted.');
  trustKey(workspace, key, name);
}
