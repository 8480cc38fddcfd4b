import * as z from 'zod';
import type { Activity } from '../contracts/activity.ts';
import { BregmaError, unknownName } from '../errors.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { isLook } from '../ledger/look.ts';
import type { LedgerRecord } from '../ledger/records.ts';
import type { ObjectStore } from '../objects/objects.ts';

/** The activity to repeat. Throws when there is none, when it did not succeed, or when it acted on the world. */
export function replayable(ledger: LedgerReader, id: string): LedgerRecord<'activity'> {
  const record = ledger.find('activity', id);
  if (!record) {
    const next = 'Take an activity id (act-…) from an answer, from `bregma trace`, or from find_records.';
    throw unknownName('activity', id, [], next, 'in this workspace');
  }
  const { status, effect, tool } = record.body;
  if (isLook(tool))
    throw new BregmaError(
      'conflict',
      `Activity ${id} (${tool}) is a look at what was there: there is no call to repeat.`,
      {
        next: 'Replay the activity that made what was looked at; `bregma trace` shows it.',
      },
    );
  if (record.subject !== tool)
    throw new BregmaError('corrupt', `Activity ${id} is of ${record.subject} and says that it is of ${tool}.`, {
      next: 'Run `bregma verify`.',
    });
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

/** The arguments as they were given, read from their object when they were large. Throws `missing` or `corrupt`. */
export function argumentsOf(activity: Activity, objects: Pick<ObjectStore, 'get'>): Record<string, unknown> {
  if (!activity.argumentsObject) return activity.arguments;
  return z.record(z.string(), z.unknown()).parse(JSON.parse(objects.get(activity.argumentsObject).toString('utf8')));
}

/** The answer as it was given, read from its object when it was large; null when there is none. Throws `missing` or `corrupt`. */
export function answerOf(activity: Activity, objects: ObjectStore): unknown {
  if (activity.answer !== undefined) return activity.answer;
  return activity.answerObject ? JSON.parse(objects.get(activity.answerObject).toString('utf8')) : null;
}
