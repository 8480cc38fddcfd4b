import type { Activity } from '../contracts/activity.ts';
import { memberOf } from '../members.ts';
import type { StoredRecord } from './records.ts';

/**
 * What an activity made: record ids, and digests of objects. This is the one answer to "which call made this"; the ledger's
 * index keeps it by key. An activity lists the records that it appended; one from before activities did (no `made`) is asked for
 * the one thing that its tool answered with.
 */
export function madeBy({ outputs, made, tool, status, answer }: Activity): string[] {
  if (made) return [...outputs, ...made];
  const thing = status === 'ok' ? thingOf[tool] : undefined;
  const name = thing && memberOf(memberOf(answer, 'value'), thing);
  if (typeof name !== 'string') return outputs;
  return [...outputs, tool === 'freeze_hypothesis' ? frozenKey(name) : name];
}

const frozenKey = (hypothesis: string) => `frozen ${hypothesis}`;

/** The name under which an activity of a build that did not list what it made says that it made this record: its thing's. */
export function olderKey({ kind, subject, body }: StoredRecord): string | undefined {
  if (!namedThings.some((named) => named === kind)) return undefined;
  const frozen = kind === 'hypothesis' && memberOf(body, 'state') === 'frozen';
  return frozen ? frozenKey(subject) : subject;
}

/** What a name in `madeBy` means in a graph: the hypothesis that was frozen, else what it says. */
export const thingNamed = (name: string): string => name.replace(/^frozen /, '');

/** Kinds of things that their records name by subject. */
export const namedThings = ['dataset', 'twin', 'hypothesis', 'plan'] as const;

/** Tool → the member of its answer that names what it made, in the builds whose activities do not list it. */
const thingOf: Record<string, string | undefined> = {
  add_data: 'dataset',
  build_twin: 'twin',
  record_hypothesis: 'hypothesis',
  freeze_hypothesis: 'hypothesis',
  plan_experiment: 'plan',
  test_hypothesis: 'test',
};
