import { plainJson } from '@bregma/core/contracts/plain-text';
import { BregmaError } from '@bregma/core/errors';
import { type ActivitiesCompared, compareRecords } from '@bregma/core/provenance/compare';
import { argumentsOf, replayable } from '@bregma/core/provenance/replay';
import { parseServerName } from '@bregma/core/server-names';
import { openWorkspace } from '@bregma/core/workspace';
import type { Command } from '../command.ts';
import { connectServer } from '../servers.ts';

export const replay: Command = {
  name: 'replay',
  summary: 'run an activity again and compare, bit for bit',
  help: `Usage: bregma replay ACTIVITY [--json] [--workspace DIR]

Calls the same tool with the same arguments and says whether the answer and its objects have the same bytes, or where they
differ. The repetition is an activity of its own. Activities that acted (a test, an experiment) are not repeated.
Exit code 0 when bit-equal, 1 when not.`,
  options: { json: { type: 'boolean' } },
  async run({ positionals: [id], values, workspace: folder }) {
    if (!id)
      throw new BregmaError('bad-input', 'Name the activity to repeat.', {
        next: 'bregma replay act-0123456789abcdef',
      });
    const workspace = openWorkspace(folder);
    try {
      const first = replayable(workspace.ledger, id);
      const before = first.body;
      const connection = await connectServer(parseServerName(before.server), folder);
      let answer: { activity: string };
      try {
        answer = await connection.call(before.tool, argumentsOf(before, workspace.objects), { replayOf: id });
      } finally {
        await connection.close();
      }
      const after = workspace.ledger.find('activity', answer.activity);
      if (!after)
        throw new BregmaError('corrupt', `The repetition ${answer.activity} is not in the ledger.`, {
          next: 'bregma verify',
        });
      const result = compareRecords(first, after, workspace.objects);
      if (values.json) console.log(plainJson({ before: id, after: answer.activity, ...result }));
      else report(id, answer.activity, before.tool, result);
      return result.equal ? 0 : 1;
    } finally {
      workspace.close();
    }
  },
};

function report(before: string, after: string, tool: string, result: ActivitiesCompared): void {
  const { equal, run, answer, more, outputs, numbers } = result;
  const code = run.find(({ path }) => path === 'code');
  if (code) console.log(`The code changed: ${code.before} → ${code.after}`);
  if (equal) {
    console.log(`✓ ${tool}: ${after} is bit-equal to ${before}`);
    return;
  }
  console.log(`✗ ${tool}: ${after} differs from ${before}`);
  for (const { path, before: was, after: is, delta } of answer.slice(0, 50))
    console.log(
      `  ${path}: ${JSON.stringify(was)} → ${JSON.stringify(is)}${delta === undefined ? '' : ` (${signed(delta)})`}`,
    );
  if (more || answer.length > 50) console.log('  … and more: --json lists them');
  for (const [i, { equal: same, note }] of outputs.entries()) if (!same) console.log(`  outputs[${i}]: ${note}`);
  for (const { path, n, differing, largest, rms, r } of numbers) {
    if (differing > 0)
      console.log(
        `  ${path}: ${differing} of ${n} numbers differ, at most by ${largest}, rms ${rms}${r === null ? '' : `, r = ${r}`}`,
      );
  }
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${value}`;
