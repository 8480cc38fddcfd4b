import { existsSync } from 'node:fs';
import path from 'node:path';
import { plainJson } from '@bregma/core/contracts/plain-text';
import { BregmaError } from '@bregma/core/errors';
import { verifyStore } from '@bregma/core/ledger/verify';
import { compareWithWitness } from '@bregma/core/witness/compare';
import type { Command } from '../command.ts';

export const verify: Command = {
  name: 'verify',
  summary: 'check every record and object of a workspace for changes',
  help: `Usage: bregma verify [--json] [--workspace DIR]

Recomputes the hash of every record and its link to the one before, compares the newest record with what each writer
acknowledged, and the bytes of every object with its name. Changes nothing. Exit code 1 when anything is damaged;
each fault names the record, object or file. Where the workspace has a witness, it also names what was tested or run beside it,
and the record that the witness was shown and that is gone.`,
  options: { json: { type: 'boolean' } },
  async run({ values, workspace }) {
    const folder = path.join(workspace, '.bregma');
    if (!existsSync(folder))
      throw new BregmaError('missing', `There are no records in ${workspace}: it has no .bregma folder.`, {
        next: 'Name the folder with --workspace DIR.',
      });
    const result = verifyStore(folder);
    const { faults, unasked } = await compareWithWitness(folder);
    result.faults.push(...faults);
    if (unasked) console.error(`The witness of this workspace was not asked: ${unasked}`);
    if (values.json) console.log(plainJson(result));
    else {
      for (const { what, problem } of result.faults) console.log(`✗ ${what} ${problem}`);
      const counted = `${result.records} records, ${result.objects} objects, ${result.marks} writers' marks`;
      console.log(
        result.faults.length === 0
          ? `✓ ${counted}: nothing was changed`
          : `${result.faults.length} faults in ${counted}`,
      );
    }
    return result.faults.length === 0 ? 0 : 1;
  },
};
