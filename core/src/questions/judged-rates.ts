import { type CountedPart, logRateRatio, rateFactorAbove } from '../statistics/rate-evidence.ts';
import { type Evidence, type Judge, type Side, sided } from './judged.ts';
import { pairsOf } from './pairs.ts';
import type { Sample } from './sample.ts';
import { groupsOf, refuse, type Units } from './units.ts';

/** Units in the order in which they came: how often it happened in each, how much was watched, and whether each is of the first group. */
interface Counts {
  counts: Float64Array;
  exposure: Float64Array;
  first: boolean[];
}

/** How units are taken in sequence. */
const oneOfEach = 'units in pairs, one of each group, as they came (Wald 1947)';

/**
 * Evidence that one rate is higher than another, of counts that are Poisson given what was watched. In sequence units are taken in
 * pairs, the k-th of one group with the k-th of the other. Of other sizes than 0 there is none: given how many events there were,
 * chance speaks of the ratio alone.
 */
export function evidenceOfRates(sample: Sample, judge: Judge): Evidence {
  const { units, members } = groupsOf(sample);
  const order = members.flat().sort((a, b) => a - b);
  const { counts, exposure } = countedIn(sample, units);
  const arrived: Counts = {
    counts: Float64Array.from(order, (unit) => counts[unit]),
    exposure: Float64Array.from(order, (unit) => exposure[unit]),
    first: order.map((unit) => members[0].includes(unit)),
  };
  const pairs = taken(arrived);
  const whole = [sumOf(arrived)];
  return evidenceOf(judge, {
    partsAt: (n) => (judge.by === 'bayes-factor' ? whole : pairs.filter(({ at }) => at < n).map(({ part }) => part)),
    looks: order.length,
    given: 'their sum',
    inTurn: oneOfEach,
    overdispersion: overdispersion(arrived),
  });
}

/**
 * The same within pairs, given how many events each pair had: pairs may differ in their rate by any factor, and of each pair chance
 * speaks of the ratio alone (Przyborowski & Wilenski 1940). In sequence pairs are taken as they came whole.
 */
export function evidenceOfPairedRates(sample: Sample, judge: Judge): Evidence {
  const { units, places } = pairsOf(sample);
  const { counts, exposure } = countedIn(sample, units);
  const parts = places.map(
    ([first, second]): CountedPart => ({
      first: counts[first],
      second: counts[second],
      firstExposure: exposure[first],
      secondExposure: exposure[second],
    }),
  );
  return evidenceOf(judge, {
    partsAt: (n) => parts.slice(0, n),
    looks: parts.length,
    given: 'the sum of each pair',
    inTurn: 'pairs as they came',
    overdispersion: overdispersionOfPairs(parts),
  });
}

interface Watched {
  /** What is known after n looks. */
  partsAt: (n: number) => CountedPart[];
  looks: number;
  /** Given what chance speaks, and how units are taken in turn. */
  given: string;
  inTurn: string;
  overdispersion: number | null;
}

function evidenceOf(judge: Judge, { partsAt, looks, given, inTurn, overdispersion: scatter }: Watched): Evidence {
  const scale = judge.scale ?? 1;
  const at = (n: number, bound: number, side: Side) => {
    if (bound !== 0) return null;
    const parts = side === 'above' ? partsAt(n) : partsAt(n).map(turned);
    if (judge.by !== 'sprt') return rateFactorAbove(parts, scale);
    return Math.min(Number.MAX_VALUE, Math.exp(logRateRatio(parts, judge.effect ?? 0)));
  };
  const counts = `Poisson counts given ${given}, log rate ratio`;
  const how = {
    'bayes-factor': `Bayes factor of ${counts} half-normal(0, ${scale})`,
    'e-process': `e-process of ${counts} half-normal(0, ${scale}), ${inTurn}`,
    sprt: `sequential probability ratio test of ${counts} ${judge.effect}, ${inTurn}`,
  };
  return { ...sided(at, looks, judge), how: how[judge.by], details: { overdispersion: scatter } };
}

/** Events and what was watched of each unit, repeats added up. Throws `bad-input` where a count is none. */
function countedIn(sample: Sample, units: Units): { counts: Float64Array; exposure: Float64Array } {
  const values = sample.numbers('value');
  if (values.some((count) => !Number.isInteger(count) || count < 0))
    refuse(
      'assumption',
      'Rates are judged by counts of events, and a value is no whole number.',
      'Give counts as value and the time or area as exposure, one row a unit; or leave judge out.',
    );
  const watched = sample.has('exposure') ? sample.numbers('exposure') : new Float64Array(sample.rows).fill(1);
  return { counts: units.sums(values), exposure: units.sums(watched) };
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

/** Units of the two groups in pairs, with the place of the later unit, at which each is whole. */
function taken({ counts, exposure, first }: Counts): { at: number; part: CountedPart }[] {
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

/**
 * The same of pairs, about the rate ratio of Mantel & Haenszel (Rothman & Boice 1979, Epidemiologic Analysis with a Programmable
 * Calculator, ch. 3): the events of each pair are shared out by it, binomially where counts are Poisson.
 */
function overdispersionOfPairs(parts: readonly CountedPart[]): number | null {
  const counted = parts.filter(({ first, second }) => first + second > 0);
  let [up, down] = [0, 0];
  for (const { first, second, firstExposure, secondExposure } of counted) {
    up += (first * secondExposure) / (firstExposure + secondExposure);
    down += (second * firstExposure) / (firstExposure + secondExposure);
  }
  if (counted.length < 2 || !(up > 0 && down > 0)) return null;
  const squares = counted.reduce((sum, { first, second, firstExposure, secondExposure }) => {
    const share = (up * firstExposure) / (up * firstExposure + down * secondExposure);
    const events = first + second;
    return sum + (first - events * share) ** 2 / (events * share * (1 - share));
  }, 0);
  return squares / (counted.length - 1);
}
