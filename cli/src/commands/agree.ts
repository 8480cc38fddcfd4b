import { hasAgreed, noteAgreement } from '@bregma/core/agreements';
import { plain } from '@bregma/core/contracts/plain-text';
import { BregmaError } from '@bregma/core/errors';
import { memberOf } from '@bregma/core/members';
import { settingsFolder } from '@bregma/core/reading-policy';
import type { Command } from '../command.ts';
import { ask, mustBeAsked } from '../prompt.ts';
import { connectServer } from '../servers.ts';

export const agree: Command = {
  name: 'agree',
  summary: 'agree to the terms of a data set, as a person',
  help: `Usage: bregma agree ID [--workspace DIR]

Shows the terms of a registered data set and asks whether you agree. That is noted in your own configuration, outside every
workspace; terms that change are asked for again. Refused without a terminal.

Without it a client may say agree: true on your behalf. That is on record as its word, and the answer says so. A server that is
started with BREGMA_AGREE=person takes no client's word.`,
  async run({ positionals: [id], workspace }) {
    if (id === undefined)
      throw new BregmaError('bad-input', 'Which data set?', { next: 'bregma agree ID; find_data lists them.' });
    mustBeAsked('A person agrees to terms at a terminal.');
    const server = await connectServer('atlas', workspace);
    try {
      const { value } = await server.call('describe_data', { data: id });
      const terms = memberOf(value, 'terms');
      const name = String(memberOf(value, 'dataset')).split('@')[0];
      if (typeof terms !== 'string') {
        console.log(`${plain(name)} has no terms to agree to, or was added already.`);
        return 0;
      }
      if (!hasAgreed(name, terms)) await accept(name, terms);
      console.log(`You agreed to the terms of ${name}, as noted in ${settingsFolder()}`);
      return 0;
    } finally {
      await server.close();
    }
  },
};

async function accept(id: string, terms: string): Promise<void> {
  process.stderr.write(`${plain(terms)}\n`);
  if ((await ask('Type agree if you do: ')) !== 'agree') throw new BregmaError('cancelled', 'Nothing was agreed to.');
  noteAgreement(id, terms);
}
