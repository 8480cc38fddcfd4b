import type { Outcome } from '../contracts/answer.ts';

/** What a card says of a licence that nobody gave. */
const unstated = 'not stated';

/**
 * An answer without what says nothing: completeness of what is whole and counted by n anyway, licences that nobody gave, an empty list
 * of citations, and the size and type of objects, which whoever opens one by its digest is told. The record has them; a reader pays
 * for each by the token.
 */
export function lean<Whole extends Pick<Outcome, 'value' | 'n' | 'completeness' | 'licence' | 'cite'>>(
  whole: Whole,
): Whole {
  const { n, completeness, licence, cite } = whole;
  const counted =
    completeness !== undefined &&
    completeness.returned === completeness.available &&
    completeness.of === n?.of &&
    completeness.returned === n.count;
  return {
    ...whole,
    value: byDigestAlone(whole.value),
    completeness: counted ? undefined : completeness,
    licence: licence?.every((own) => own === unstated) ? undefined : licence,
    cite: cite?.length === 0 ? undefined : cite,
  };
}

/** A value in which references to objects are their digests. */
function byDigestAlone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(byDigestAlone);
  if (typeof value !== 'object' || value === null) return value;
  const isReference = 'object' in value && 'bytes' in value && 'mediaType' in value;
  const kept = Object.entries(value).filter(([name]) => !(isReference && (name === 'bytes' || name === 'mediaType')));
  return Object.fromEntries(kept.map(([name, one]) => [name, byDigestAlone(one)]));
}
