import type { Partner } from './partners.ts';

/** A partner in two connectomes. */
export interface Compared {
  name: string;
  /** both; absent: the other has such neurons, but no such connection; not covered: it has no such neurons, so that nothing can be said. */
  status: 'both' | 'absent there' | 'absent here' | 'not covered there' | 'not covered here';
  weight: number | null;
  otherWeight: number | null;
  share: number | null;
  otherShare: number | null;
}

/** One side of a comparison: partners by name, and every name that the connectome has. */
export interface Side {
  partners: Partner[];
  covered: ReadonlySet<string>;
}

/** Partners of the same neurons in two connectomes, the largest share first. What is not covered is no zero: it is null. */
export function comparePartners(here: Side, there: Side): Compared[] {
  const ours = new Map(here.partners.map((partner) => [partner.name, partner]));
  const theirs = new Map(there.partners.map((partner) => [partner.name, partner]));
  const names = [...new Set([...ours.keys(), ...theirs.keys()])];
  const value = (partner: Partner | undefined, isCovered: boolean, what: 'weight' | 'share') =>
    partner ? partner[what] : isCovered ? 0 : null;
  return names
    .map((name): Compared => {
      const [our, their] = [ours.get(name), theirs.get(name)];
      const [isHere, isThere] = [here.covered.has(name), there.covered.has(name)];
      return {
        name,
        status: statusOf(our !== undefined, their !== undefined, isHere, isThere),
        weight: value(our, isHere, 'weight'),
        otherWeight: value(their, isThere, 'weight'),
        share: value(our, isHere, 'share'),
        otherShare: value(their, isThere, 'share'),
      };
    })
    .sort(
      (a, b) =>
        Math.max(b.share ?? 0, b.otherShare ?? 0) - Math.max(a.share ?? 0, a.otherShare ?? 0) ||
        (a.name < b.name ? -1 : 1),
    );
}

function statusOf(our: boolean, their: boolean, isHere: boolean, isThere: boolean): Compared['status'] {
  if (our && their) return 'both';
  if (our) return isThere ? 'absent there' : 'not covered there';
  return isHere ? 'absent here' : 'not covered here';
}
