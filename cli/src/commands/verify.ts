import { existsSync } from 'node:fs';
import path from 'node:path';
import { plain, plainJson } from '@bregma/core/contracts/plain-text';
import { BregmaError } from '@bregma/core/errors';
import { verifyStore } from '@bregma/core/ledger/verify';
import { compareWithWitness } from '@bregma/core/witness/compare';
import type { Command } from '../command.ts';

export const verify: Command = {
  name: 'verify',
  summary: 'check every record and object of a workspace for changes',
  help: `Usage: bregma verify [--json] [--workspace DIR]
       bregma verify --page FILE.html --crate DIR|FILE.zip [--json]

Recomputes the hash of every record and its link to the one before, compares the newest record with what each writer
acknowledged, and the bytes of every object with its name. Changes nothing. Exit code 1 when anything is damaged;
each fault names the record, object or file. Where the workspace has a witness, it also names what was tested or run beside it,
and the record that the witness was shown and that is gone.

--page   a notebook that was published as HTML (bregma run NOTEBOOK --to html): was it, or its crate, changed since?
--crate  what \`bregma export\` packed of the record that the page names; no workspace is needed`,
  options: { json: { type: 'boolean' }, page: { type: 'string' }, crate: { type: 'string' } },
  async run({ values, workspace }) {
    if (values.page !== undefined || values.crate !== undefined) return verifyPage(values);
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

/** Checks a published page against its crate, and says what was found. */
async function verifyPage({ page, crate, json }: Record<string, unknown>): Promise<number> {
  if (typeof page !== 'string' || typeof crate !== 'string')
    throw new BregmaError('bad-input', 'A page is checked against its crate: name both.', {
      next: 'bregma verify --page tuning.html --crate crate.zip',
    });
  const { checkPageFile } = await import('../notebook/check-page.ts');
  const findings = await checkPageFile(path.resolve(page), path.resolve(crate));
  if (json) console.log(plainJson(findings));
  else
    for (const { holds, says } of findings)
      console.log(plain(`${holds ? '✓' : '✗'} ${says}`, Number.POSITIVE_INFINITY));
  return findings.every(({ holds }) => holds) ? 0 : 1;
}
