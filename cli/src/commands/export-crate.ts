import path from 'node:path';
import { plainJson } from '@bregma/core/contracts/plain-text';
import { BregmaError } from '@bregma/core/errors';
import { drain } from '@bregma/core/ledger/activity-page';
import { type Look, recordLook } from '@bregma/core/ledger/look';
import { describe } from '@bregma/core/mcp/record-call';
import { bytesInWords } from '@bregma/core/numbers';
import { type CrateWritten, writeCrate } from '@bregma/core/provenance/crate/write';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import type { Command } from '../command.ts';

export const exportCrate: Command = {
  name: 'export',
  summary: 'pack a claim or any record, and what it rests on, as an RO-Crate',
  help: `Usage: bregma export ID --to DIR|FILE.zip [--json] [--workspace DIR]

Writes an RO-Crate 1.1 (profile Process Run Crate 0.5): ro-crate-metadata.json with every call, tool, data release, licence and
citation; records.jsonl with the records as the ledger holds them; prov.jsonld with the lineage in W3C PROV-O; and the objects,
each checked while it is copied. Data whose licence does not let them be passed on, and what was made from them, are named with
where to get them, and not copied.
ID is what \`bregma trace\` takes: an activity, hypothesis, test, experiment, plan, twin or data set.`,
  options: { to: { type: 'string' }, json: { type: 'boolean' } },
  async run({ positionals: [id], values, workspace: folder }) {
    if (!id || typeof values.to !== 'string')
      throw new BregmaError('bad-input', 'Name what to export and where to.', {
        next: 'bregma export hyp-0123456789abcdef --to crate.zip',
      });
    const workspace = openWorkspace(folder);
    try {
      const given = { id, to: path.resolve(values.to) };
      const about = { server: 'bregma', client: 'bregma export', startedAt: new Date(), given };
      const { shown, ...written } = await onRecord(about, workspace, () =>
        drain(writeCrate(workspace.ledger, workspace.objects, id, given.to)),
      );
      if (values.json) console.log(plainJson(written));
      else {
        const { to, activities, records, copied, bytes, named } = written;
        console.log(`✓ ${to}: ${activities} calls, ${records} records, ${copied} objects (${bytesInWords(bytes)})`);
        for (const [why, count] of reasons(named)) console.log(`  ${count} objects are named, not copied. ${why}`);
      }
      return 0;
    } finally {
      workspace.close();
    }
  },
};

/** Exports, and puts what was copied on record, or why nothing was. */
async function onRecord(
  about: Omit<Look, 'inputs'>,
  workspace: OpenWorkspace,
  write: () => CrateWritten,
): Promise<CrateWritten> {
  let written: CrateWritten;
  try {
    written = write();
  } catch (error) {
    const { code, message, next } = describe(error);
    await recordLook('export', { ...about, inputs: [], error: { code, message, next } }, workspace);
    throw error;
  }
  await recordLook('export', { ...about, inputs: [written.root, ...written.shown] }, workspace);
  return written;
}

function reasons(named: { why: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { why } of named) counts.set(why, (counts.get(why) ?? 0) + 1);
  return counts;
}
