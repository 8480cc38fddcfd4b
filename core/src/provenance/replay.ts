import type { Activity } from '../contracts/activity.ts';
import { BregmaError } from '../errors.ts';
import type { Ledger, LedgerRecord } from '../store/ledger.ts';
import type { ObjectStore } from '../store/objects.ts';
import { type Difference, differences } from './difference.ts';

export interface Comparison {
  /** True when both activities gave the same bytes: the same answer and the same objects. */
  equal: boolean;
  differences: Difference[];
  /** Both code versions, when they differ. */
  code?: { before: string; after: string };
}

/** The activity to repeat. Throws when there is none, when it did not succeed, or when it acted on the world. */
export function replayable(ledger: Ledger, id: string): LedgerRecord<Activity> {
  const record = ledger.byId<Activity>(id);
  if (record?.kind !== 'activity') {
    throw new BregmaError('unknown-name', `No activity '${id.slice(0, 80)}' in this workspace.`, {
      next: 'Take an activity id (act-…) from an answer, from `bregma trace`, or from find_records.',
    });
  }
  const { status, effect, tool } = record.body;
  if (status !== 'ok')
    throw new BregmaError(
      'conflict',
      `Activity ${id} (${tool}) ended as '${status}': there is no answer to compare with.`,
    );
  if (effect === 'act') {
    throw new BregmaError(
      'not-allowed',
      `Activity ${id} (${tool}) acted: repeating it would spend budget or use the subject again.`,
      {
        next: 'Replay the activities that it rests on; `bregma trace` lists them.',
      },
    );
  }
  return record;
}

/** Compares two successful activities: bit-equal, or where their answers differ. */
export function compareActivities(before: Activity, after: Activity, objects: ObjectStore): Comparison {
  const equal = before.answerDigest === after.answerDigest && before.outputs.join() === after.outputs.join();
  return {
    equal,
    differences: equal
      ? []
      : [
          ...differences(answerOf(before, objects), answerOf(after, objects)),
          ...differences(before.outputs, after.outputs, 20, 'outputs'),
        ],
    code: before.code === after.code ? undefined : { before: before.code, after: after.code },
  };
}

/** The answer as it was given, read from its object when it was large; null when there is none. Throws `missing` or `corrupt`. */
export function answerOf(activity: Activity, objects: ObjectStore): unknown {
  if (activity.answer !== undefined) return activity.answer;
  return activity.answerObject ? JSON.parse(objects.get(activity.answerObject).toString('utf8')) : null;
}
