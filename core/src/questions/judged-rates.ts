import { type CountedPart, logRateRatio, rateFactorAbove } from '../statistics/rate-evidence.ts';
import { type Evidence, type Judge, type Side, sided } from './judged.ts';
import { refuse } from './units.ts';

/** Units in the order in which they came: how often it happened in each, how much was watched, and whether each is of the first group. */
export interface Counts {
  counts: ArrayLike<number>;
  exposure: ArrayLike<number>;
  first: boolean[];
}

/**
 * Evidence that one rate is higher than another, of counts that are Poisson given what was watched. In sequence units are taken in
 * pairs, the k-th of one group with the k-th of the other. Of other sizes than 0 there is none: given how many events there were,
 * chance speaks of the ratio alone.
 */
export function evidenceOfRates(arrived: Counts, judge: Judge): Evidence {
  const { counts, exposure, first } = arrived;
  if (Array.from(counts).some((count) => !Number.isInteger(count) || count < 0))
    refuse(
      'assumption',
      'Rates are judged by counts of events, and a value is no whole number.',
      'Give counts as value and the time or area as exposure, one row a unit; or leave judge out.',
    );
  const scale = judge.scale ?? 1;
  const pairs = pairsOf(arrived);
  const whole = [sumOf({ counts, exposure, first })];
  const partsAt = (n: number) =>
    judge.by === 'bayes-factor' ? whole : pairs.filter(({ at }) => at < n).map(({ part }) => part);
  const at = (n: number, bound: number, side: Side) => {
    if (bound !== 0) return null;
    const parts = side === 'above' ? partsAt(n) : partsAt(n).map(turned);
    if (judge.by !== 'sprt') return rateFactorAbove(parts, scale);
    return Math.min(Number.MAX_VALUE, Math.exp(logRateRatio(parts, judge.effect ?? 0)));
  };
  const paired = 'units in pairs, one of each group, as they came (Wald 1947)';
  const how = {
    'bayes-factor': `Bayes factor of Poisson counts given their sum, log rate ratio half-normal(0, ${scale})`,
    'e-process': `e-process of Poisson counts given their sum, log rate ratio half-normal(0, ${scale}), ${paired}`,
    sprt: `sequential probability ratio test of Poisson counts given their sum, log rate ratio ${judge.effect}, ${paired}`,
  };
  return {
    ...sided(at, first.length, judge),
    how: how[judge.by],
    details: { overdispersion: overdispersion(arrived) },
  };
}

const turned = ({ first, second, firstExposure, secondExposure }: CountedPart): CountedPart => ({
  first: second,
  second: first,
  firstExposure: secondExposure,
  secondExposure: firstExposure,
});

function sumOf({ counts, exposure, first }: Counts): CountedPart {
  const sum = (values: ArrayLike<number>, own: boolean) =>
    first.reduce((total, one, i) => (one === own ? total + values[i] : total), 0);
  return {
    first: sum(counts, true),
    second: sum(counts, false),
    firstExposure: sum(exposure, true),
    secondExposure: sum(exposure, false),
  };
}

/** Pairs with the place of the later unit, at which each is whole. */
function pairsOf({ counts, exposure, first }: Counts): { at: number; part: CountedPart }[] {
  const places = (own: boolean) => first.flatMap((one, i) => (one === own ? [i] : []));
  const [a, b] = [places(true), places(false)];
  return a.slice(0, b.length).map((place, k) => ({
    at: Math.max(place, b[k]),
    part: {
      first: counts[place],
      second: counts[b[k]],
      firstExposure: exposure[place],
      secondExposure: exposure[b[k]],
    },
  }));
}

/** Pearson's χ² by its degrees of freedom about the rates of the groups: 1 of Poisson counts, more where evidence is too strong. */
function overdispersion({ counts, exposure, first }: Counts): number | null {
  const { first: a, second: b, firstExposure, secondExposure } = sumOf({ counts, exposure, first });
  const rates = { true: a / firstExposure, false: b / secondExposure };
  const squares = first.reduce((sum, own, i) => {
    const expected = rates[own ? 'true' : 'false'] * exposure[i];
    return expected > 0 ? sum + (counts[i] - expected) ** 2 / expected : sum;
  }, 0);
  const degrees = first.length - 2;
  return degrees > 0 ? squares / degrees : null;
}
