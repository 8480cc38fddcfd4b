import type { Question } from '../contracts/question.ts';
import { withDigits } from '../numbers.ts';
import { pearson } from '../statistics/correlation.ts';
import { bernoulliMixtureAbove, jzsBayesFactor } from '../statistics/e-values.ts';
import { correlationFactorAbove, logCorrelationRatio } from '../statistics/r-evidence.ts';
import {
  bayesFactorAbove,
  type EffectPrior,
  logLikelihoodRatio,
  lookOfOne,
  lookOfTwo,
  type TLook,
} from '../statistics/t-evidence.ts';
import { oddsFactorAbove } from '../statistics/two-by-two.ts';
import type { Measured } from '../table-tests/table-test.ts';
import { refuse } from './units.ts';

/** Units in the order in which they came: numbers, each of the first group or of the second. */
export interface Arrivals {
  values: Float64Array;
  /** Of two groups: whether each is of the first. Absent: differences within pairs. */
  first?: boolean[];
}

/** What a judge says of a question, in place of p-values. */
export type Evidence = Pick<Measured, 'eAbove' | 'eBelow' | 'looks' | 'how'> & {
  details: Record<string, number | null>;
};
/** How a question is judged. */
export type Judge = NonNullable<Question['judge']>;
/** Which of the two claims about a bound. */
export type Side = 'above' | 'below';

/** What was measured, decided by evidence in place of p-values, which are not made. */
export function judgedBy(evidence: Evidence, measured: Measured): Measured {
  const { estimate, low, high, interval, n, groups, checks, details } = measured;
  const without = () => null;
  return {
    ...{ estimate, low, high, n, groups, checks },
    ...{ above: without, below: without },
    ...evidence,
    interval: evidence.looks ? `${interval}, as if all units were looked at once` : interval,
    details: { ...details, ...evidence.details },
  };
}

/** Prior scale of the JZS Bayes factor: "medium" of R's BayesFactor. */
const cauchyScale = Math.SQRT1_2;
/** Of an e-process: half-normal effects, as in `mean-e-value.ts`. */
const normalScale = 0.5;
/** From so many units on an e-process is looked at every so many: its value at each look holds all the same. */
const mostLooks = 200;

/** Evidence about the mean difference by Bayes factor, e-process or sequential test. */
export function evidenceOfMeans(arrivals: Arrivals, judge: Judge): Evidence {
  if (judge.by === 'sprt') return likelihoodRatios(arrivals, judge);
  const prior: EffectPrior =
    judge.by === 'bayes-factor'
      ? { kind: 'cauchy', scale: judge.scale ?? cauchyScale }
      : { kind: 'normal', scale: judge.scale ?? normalScale };
  const factor = (look: TLook) => bayesFactorAbove(look, prior);
  const whole = lookAt(arrivals, arrivals.values.length, 0, 'above');
  return {
    ...sided((n, bound, side) => factor(lookAt(arrivals, n, bound, side)), arrivals.values.length, judge),
    how:
      judge.by === 'bayes-factor'
        ? `Bayes factor, effect sizes half-Cauchy(0, ${withDigits(prior.scale, 3)}) (Rouder et al. 2009)`
        : `e-process of Student's t, effect sizes half-normal(0, ${withDigits(prior.scale, 3)}), looked at as units came`,
    // That of either direction, as it is published.
    details: prior.kind === 'cauchy' ? { bf10: jzsBayesFactor(whole.t, whole.size, prior.scale, whole.degrees) } : {},
  };
}

/** Evidence about the median difference within pairs, by their signs. */
export function evidenceOfSigns({ values }: Arrivals, judge: Judge): Evidence {
  if (judge.by !== 'e-process') refuse('design', `A median has no ${judge.by}.`, 'Take e-process, or mean_difference.');
  const at = (n: number, bound: number, side: Side) => {
    const own = values.subarray(0, n).filter((value) => value !== bound);
    const above = own.filter((value) => value > bound).length;
    return bernoulliMixtureAbove(side === 'above' ? above : own.length - above, own.length);
  };
  return {
    ...sided(at, values.length, judge),
    how: 'e-process of the signs, shares above ½ all alike likely (Ville 1939), looked at as pairs came',
    details: {},
  };
}

/** Wald's sequential test of Student's t: effect δ beyond the bound against none (Rushton 1950; Hajnal 1961, Biometrika 48:65). */
function likelihoodRatios(arrivals: Arrivals, judge: Judge): Evidence {
  const { effect } = judge;
  if (effect === undefined)
    refuse(
      'design',
      'A sequential test needs the effect that it looks for.',
      'judge: {by: "sprt", effect: 0.5, beta: 0.1}',
    );
  const at = (n: number, bound: number, side: Side) => {
    const look = lookAt(arrivals, n, bound, 'above');
    const ratio =
      look.degrees < 1 || Number.isNaN(look.t) ? 0 : logLikelihoodRatio(look, side === 'above' ? effect : -effect);
    return Math.min(Number.MAX_VALUE, Math.exp(ratio));
  };
  return {
    ...sided(at, arrivals.values.length, judge),
    how: `sequential probability ratio test of Student's t, effect ${effect} SD, looked at as units came`,
    details: {},
  };
}

/** Evidence about a correlation of two measured numbers, one of each a unit. */
export function evidenceOfCorrelation(x: Float64Array, y: Float64Array, judge: Judge): Evidence {
  const width = judge.scale ?? 1;
  const seen = new Map<number, number>();
  const rOf = (n: number) => {
    const r = seen.get(n) ?? pearson(x.subarray(0, n), y.subarray(0, n));
    seen.set(n, r);
    return r;
  };
  const factor = (n: number, bound: number, side: Side) =>
    side === 'above'
      ? correlationFactorAbove(rOf(n), n, bound, width)
      : correlationFactorAbove(-rOf(n), n, -bound, width);
  const ratio = (n: number, bound: number, side: Side) => {
    const sought = bound + (side === 'above' ? 1 : -1) * (judge.effect ?? 0);
    // There is no correlation beyond 1: nothing is looked for on that side.
    if (Math.abs(sought) >= 1 || n < 3 || Number.isNaN(rOf(n))) return 1;
    return Math.min(Number.MAX_VALUE, Math.exp(logCorrelationRatio(rOf(n), n, sought, bound)));
  };
  const prior = `correlations stretched beta of width ${width} (Ly et al. 2016)`;
  const how = {
    'bayes-factor': `Bayes factor, ${prior}`,
    'e-process': `e-process of Pearson's r, ${prior}, looked at as units came`,
    sprt: `sequential probability ratio test of Pearson's r, ${judge.effect} beyond the size, looked at as units came`,
  };
  const both = (factor(x.length, 0, 'above') + factor(x.length, 0, 'below')) / 2;
  return {
    ...sided(judge.by === 'sprt' ? ratio : factor, x.length, judge),
    how: how[judge.by],
    // That of either direction, as it is published.
    details: judge.by === 'bayes-factor' ? { bf10: both } : {},
  };
}

/** Units in the order in which they came: whether it happened, and whether each is of the first group. */
export interface Outcomes {
  happened: boolean[];
  first: boolean[];
}

/**
 * Evidence about an odds ratio, whatever the share is in which it happens at all. In sequence units are taken in pairs, the k-th
 * of one group with the k-th of the other; of pairs that differ, the share in which it happened in the first group alone is
 * odds / (1 + odds) (Wald 1947, Sequential Analysis, ch. 6).
 */
export function evidenceOfOdds(outcomes: Outcomes, judge: Judge): Evidence {
  const scale = judge.scale ?? 1;
  const pairs = discordant(outcomes);
  const whole = (_: number, bound: number, side: Side) => {
    const count = (first: boolean, happened: boolean) =>
      outcomes.happened.filter((own, i) => own === happened && outcomes.first[i] === first).length;
    const [a, b, c, d] = [count(true, true), count(true, false), count(false, true), count(false, false)];
    return side === 'above'
      ? oddsFactorAbove({ a, b, c, d }, bound, scale)
      : oddsFactorAbove({ a: c, b: d, c: a, d: b }, 1 / bound, scale);
  };
  const inPairs = (n: number, bound: number, side: Side) => {
    const own = pairs.filter(({ at }) => at < n);
    const higher = own.filter(({ firstAlone }) => firstAlone === (side === 'above')).length;
    const odds = side === 'above' ? bound : 1 / bound;
    const share = odds / (1 + odds);
    if (judge.by === 'e-process') return bernoulliMixtureAbove(higher, own.length, share);
    const sought = (odds * Math.exp(judge.effect ?? 0)) / (1 + odds * Math.exp(judge.effect ?? 0));
    const ratio = higher * Math.log(sought / share) + (own.length - higher) * Math.log((1 - sought) / (1 - share));
    return Math.min(Number.MAX_VALUE, Math.exp(ratio));
  };
  const paired = 'units in pairs, one of each group, as they came (Wald 1947)';
  const how = {
    'bayes-factor': `Bayes factor given the margins, log odds ratio half-normal(0, ${scale})`,
    'e-process': `e-process of ${paired}, Beta-Binomial`,
    sprt: `sequential probability ratio test of ${paired}, log odds ratio ${judge.effect} beyond the size`,
  };
  const bayes = judge.by === 'bayes-factor';
  return {
    ...sided(bayes ? whole : inPairs, outcomes.happened.length, judge),
    how: how[judge.by],
    details: bayes ? { bf10: (whole(0, 1, 'above') + whole(0, 1, 'below')) / 2 } : { differingPairs: pairs.length },
  };
}

/** Pairs that differ: when each was whole, as the place of its later unit. */
function discordant({ happened, first }: Outcomes): { at: number; firstAlone: boolean }[] {
  const places = (own: boolean) => first.flatMap((one, i) => (one === own ? [i] : []));
  const [a, b] = [places(true), places(false)];
  return a
    .slice(0, b.length)
    .map((place, k) => ({ at: Math.max(place, b[k]), firstAlone: happened[place], other: happened[b[k]] }))
    .filter(({ firstAlone, other }) => firstAlone !== other)
    .sort((one, other) => one.at - other.at);
}

/** Evidence at the end and, of a sequence, after each look. at: after n units; null where there is none of this bound. */
export function sided(
  at: (n: number, bound: number, side: Side) => number | null,
  n: number,
  { by }: Judge,
): Pick<Measured, 'eAbove' | 'eBelow' | 'looks'> {
  const once = { eAbove: (bound: number) => at(n, bound, 'above'), eBelow: (bound: number) => at(n, bound, 'below') };
  if (by === 'bayes-factor') return once;
  const every = by === 'sprt' ? 1 : Math.ceil(n / mostLooks);
  const places = Array.from({ length: n }, (_, i) => i + 1).filter((place) => place === n || place % every === 0);
  const known = new Map<string, Float64Array>();
  const sequence = (bound: number, side: Side) => {
    const found = known.get(`${side} ${bound}`) ?? Float64Array.from(places, (place) => at(place, bound, side) ?? 1);
    known.set(`${side} ${bound}`, found);
    return found;
  };
  return {
    ...once,
    looks: { places, above: (bound) => sequence(bound, 'above'), below: (bound) => sequence(bound, 'below') },
  };
}

/** The first n units as a t statistic, the first group moved by the bound; of "below" mirrored. */
function lookAt({ values, first }: Arrivals, n: number, bound: number, side: Side): TLook {
  const sign = side === 'above' ? 1 : -1;
  if (!first) return lookOfOne(values.subarray(0, n).map((value) => sign * (value - bound)));
  const part = (own: boolean) =>
    values
      .subarray(0, n)
      .filter((_, i) => first[i] === own)
      .map((value) => sign * (own ? value - bound : value));
  return lookOfTwo(part(true), part(false));
}
