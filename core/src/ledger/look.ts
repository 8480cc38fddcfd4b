import { sha256 } from '../canonical.ts';
import type { Activity } from '../contracts/activity.ts';
import { environment } from '../environment.ts';
import { codeVersion } from '../version.ts';
import type { OpenWorkspace } from '../workspace.ts';
import { datasetRef } from './catalogue.ts';
import { keptArguments } from './kept-arguments.ts';
import type { LedgerReader } from './ledger.ts';
import { asRead } from './records.ts';

/** Ways in which something of the store is shown that are no tool: each look through one is an activity of its name. */
export const lookNames = ['read_resource', 'export', 'show'] as const;
/** The name of one. */
export type LookName = (typeof lookNames)[number];

/** The same as a list of SQL. */
export const looksInSql = lookNames.map((name) => `'${name}'`).join(', ');

/** Whether an activity of this name is a look: there is no call of a tool to repeat. */
export const isLook = (name: string): boolean => lookNames.some((one) => one === name);

/** One look: who looked, at what, and what they were shown. */
export interface Look {
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

interface Store {
  ledger: OpenWorkspace['ledger'];
  objects: Pick<OpenWorkspace['objects'], 'put'>;
}

/** Appends the record of a look and returns its id. What was shown is on record before anybody sees it. */
export function recordLook(name: LookName, look: Look, store: Store): Promise<string> {
  return record(name, look, releasesHolding(look.inputs, store.ledger), store);
}

/** Appends the record of a call that never came to a tool: of an unknown name, or with arguments that nobody can read. */
export function recordUnheard(name: string, look: Look, store: Store): Promise<string> {
  return record(name.replace(/[^\w.-]/g, '_').slice(0, 80) || 'unknown', look, [], store);
}

function record(
  name: string,
  { server, client, startedAt, given, inputs, shown, error }: Look,
  releases: string[],
  { ledger, objects }: Store,
): Promise<string> {
  const body: Activity = {
    server,
    tool: name,
    effect: 'read',
    ...keptArguments(given, objects),
    inputs,
    outputs: [],
    made: [],
    releases,
    code: codeVersion,
    environment,
    client,
    start: startedAt.toISOString(),
    end: new Date().toISOString(),
    status: error ? 'failed' : 'ok',
    error,
    answerDigest: shown === undefined ? undefined : sha256(shown),
  };
  return ledger.inTurn((append) => append({ kind: 'activity', subject: name, body }).id);
}

/** Releases whose values were shown: those that hold one of the objects. */
function releasesHolding(inputs: string[], ledger: LedgerReader): string[] {
  const digests = inputs.filter((input) => /^[0-9a-f]{64}$/.test(input));
  const found = digests.flatMap((digest) =>
    ledger.holdersOf(digest).flatMap((holder) => {
      const one = asRead(holder);
      return one?.kind === 'dataset' ? [datasetRef(one.body)] : [];
    }),
  );
  return [...new Set(found)];
}
