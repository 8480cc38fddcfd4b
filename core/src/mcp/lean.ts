import type { Outcome } from '../contracts/answer.ts';

/**
 * An answer without what says nothing: completeness of what is whole and counted by n anyway, and empty lists of licences and
 * citations. The record has them; a reader pays for each by the token.
 */
export function lean<Whole extends Pick<Outcome, 'n' | 'completeness' | 'licence' | 'cite'>>(whole: Whole): Whole {
  const { n, completeness, licence, cite } = whole;
  const counted =
    completeness !== undefined &&
    completeness.returned === completeness.available &&
    completeness.of === n?.of &&
    completeness.returned === n.count;
  return {
    ...whole,
    completeness: counted ? undefined : completeness,
    licence: licence?.length === 0 ? undefined : licence,
    cite: cite?.length === 0 ? undefined : cite,
  };
}
