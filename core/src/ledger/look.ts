import { sha256 } from '../canonical.ts';
import type { Activity } from '../contracts/activity.ts';
import { codeVersion } from '../version.ts';
import type { OpenWorkspace } from '../workspace.ts';
import { keptArguments } from './kept-arguments.ts';

/** Ways in which something of the store is shown that are no tool: each look through one is an activity of its name. */
const lookNames = ['read_resource', 'export'] as const;
type LookName = (typeof lookNames)[number];

/** Whether an activity of this name is a look: there is no call of a tool to repeat. */
export const isLook = (name: string): boolean => lookNames.some((one) => one === name);

/** One look: who looked, at what, and what they were shown. */
interface Look {
  server: string;
  client: string;
  startedAt: Date;
  given: unknown;
  /** Digests, record ids and releases whose content was shown; none of what stayed closed. */
  inputs: string[];
  /** What was shown, when it is small enough to be hashed at once. */
  shown?: string;
  /** Why nothing was shown. */
  error?: Activity['error'];
}

/** Appends the record of a look and returns its id. What was shown is on record before anybody sees it. */
export async function recordLook(
  name: LookName,
  { server, client, startedAt, given, inputs, shown, error }: Look,
  { ledger, objects }: Pick<OpenWorkspace, 'ledger' | 'objects'>,
): Promise<string> {
  const body: Activity = {
    server,
    tool: name,
    effect: 'read',
    ...keptArguments(given, objects),
    inputs,
    outputs: [],
    made: [],
    releases: [],
    code: codeVersion,
    client,
    start: startedAt.toISOString(),
    end: new Date().toISOString(),
    status: error ? 'failed' : 'ok',
    error,
    answerDigest: shown === undefined ? undefined : sha256(shown),
  };
  return ledger.inTurn((append) => append({ kind: 'activity', subject: name, body }).id);
}
