import type { Verdict } from '../contracts/hypothesis.ts';
import type { Standing } from '../questions/analyse.ts';
import { meanEValue } from '../statistics/e-values.ts';
import { harmonic } from '../statistics/online-fdr.ts';
import { judge } from './budget.ts';

/** What a family says together, and each of its members. */
export interface FamilyVerdict {
  /** Of the claim "it holds of at least `least` members". */
  standing: Standing;
  least: number;
  verdicts: Verdict[];
  /** p-values of the members, adjusted for all of them, against "the claim is false of it"; null where there is none. */
  adjusted: (number | null)[];
}

/**
 * A family is one test of the workspace with levels of its own. That the claim holds of at least u of n members is a partial
 * conjunction (Benjamini & Heller 2008, Biometrics 64:1215): p = (n − u + 1) · p₍ᵤ₎, e = mean of the n − u + 1 smallest; its
 * opposite is one of n − u + 1 members. Members are told apart at the same level by Benjamini & Yekutieli 2001 (Ann Stat 29:1165),
 * of e-values by e-BH (Wang & Ramdas 2022, J R Stat Soc B 84:822). All hold whatever the members share. share: of members.
 */
export function familyVerdict(members: Standing[], level: number, share?: number): FamilyVerdict {
  const n = members.length;
  const least = share === undefined ? 1 : Math.max(1, Math.ceil(share * n - 1e-9));
  const most = n - least + 1;
  const column = (key: keyof Standing) => members.map((member) => member[key]);
  const standing: Standing = {
    pFor: partialP(column('pFor'), least),
    pAgainst: partialP(column('pAgainst'), most),
    eFor: partialE(column('eFor'), least),
    eAgainst: partialE(column('eAgainst'), most),
  };
  const adjusted = stepUp(column('pFor'));
  const against = stepUp(column('pAgainst'));
  const [eFor, eAgainst] = [stepUp(inverted(column('eFor')), 1), stepUp(inverted(column('eAgainst')), 1)];
  const verdicts = members.map(
    (_, i) =>
      judge(
        { pFor: least1(adjusted[i], eFor[i]), pAgainst: least1(against[i], eAgainst[i]), eFor: null, eAgainst: null },
        level,
      ).verdict,
  );
  return { standing, least, verdicts, adjusted: members.map((_, i) => least1(adjusted[i], eFor[i])) };
}

const least1 = (a: number | null, b: number | null) => (a === null ? b : a);
const inverted = (values: (number | null)[]) => values.map((e) => (e === null ? null : Math.min(1, 1 / e)));

function partialP(values: (number | null)[], u: number): number | null {
  if (values.every((value) => value === null)) return null;
  const sorted = values.map((value) => value ?? 1).sort((a, b) => a - b);
  return Math.min(1, (values.length - u + 1) * sorted[u - 1]);
}

function partialE(values: (number | null)[], u: number): number | null {
  if (values.every((value) => value === null)) return null;
  const smallest = values
    .map((value) => value ?? 0)
    .sort((a, b) => a - b)
    .slice(0, values.length - u + 1);
  return meanEValue(smallest);
}

/** p-values adjusted by the step-up procedure, times `factor`; null stays and counts as a member. */
function stepUp(values: (number | null)[], factor = harmonic(values.length)): (number | null)[] {
  const n = values.length;
  const order = values.map((_, i) => i).sort((a, b) => (values[b] ?? 1) - (values[a] ?? 1));
  let smallest = 1;
  const adjusted = new Array<number>(n);
  order.forEach((index, k) => {
    smallest = Math.min(smallest, ((values[index] ?? 1) * n * factor) / (n - k));
    adjusted[index] = smallest;
  });
  return values.map((value, i) => (value === null ? null : adjusted[i]));
}
