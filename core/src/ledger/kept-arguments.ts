import { canonicalJson } from '../canonical.ts';
import type { Activity } from '../contracts/activity.ts';
import type { ObjectRef } from '../contracts/answer.ts';
import { cutBelow, isNestedBeyond } from '../nesting.ts';
import type { ObjectStore } from '../objects/objects.ts';

/** Answers and arguments above this many characters of JSON are kept as an object instead of in the ledger row. */
export const inlineLimit = 16_384;

/**
 * Arguments as the ledger keeps them: in place when small, else as an object, with what there is of them in a line. No call takes what is
 * nested deeper than `mostNested`: of such arguments what lies above that is kept.
 */
export function keptArguments(
  came: unknown,
  objects: Pick<ObjectStore, 'put'>,
): Pick<Activity, 'arguments' | 'argumentsObject'> {
  const given = isNestedBeyond(came) ? cutBelow(came) : came;
  const isRecord = typeof given === 'object' && given !== null && !Array.isArray(given);
  // SAFETY: an object that is no array; members of any type.
  const members = isRecord ? (given as Record<string, unknown>) : given === undefined ? {} : { given };
  const json = canonicalJson(members);
  if (json.length <= inlineLimit) return { arguments: members };
  const kept: ObjectRef = objects.put(json, 'application/json');
  return { arguments: shortened(members), argumentsObject: kept.object };
}

/** The members whose JSON is short; of the others, how long it is. */
function shortened(members: Record<string, unknown>): Record<string, unknown> {
  const short = Object.entries(members)
    .slice(0, 50)
    .map(([name, value]) => {
      const { length } = canonicalJson(value);
      return [name.slice(0, 100), length <= 200 ? value : `… ${length} characters of JSON`];
    });
  return Object.fromEntries(short);
}
