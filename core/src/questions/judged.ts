import type { Question } from '../contracts/question.ts';
import { bernoulliMixtureAbove, jzsBayesFactor } from '../statistics/e-values.ts';
import {
  bayesFactorAbove,
  type EffectPrior,
  logLikelihoodRatio,
  lookOfOne,
  lookOfTwo,
  type TLook,
} from '../statistics/t-evidence.ts';
import type { Measured } from '../table-tests/table-test.ts';
import { refuse } from './units.ts';

/** Units in the order in which they came: numbers, each of the first group or of the second. */
export interface Arrivals {
  values: Float64Array;
  /** Of two groups: whether each is of the first. Absent: differences within pairs. */
  first?: boolean[];
}

type Evidence = Pick<Measured, 'eAbove' | 'eBelow' | 'looks' | 'how'> & { details: Record<string, number | null> };
type Judge = NonNullable<Question['judge']>;

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
    ...sided((n, bound, side) => factor(lookAt(arrivals, n, bound, side)), arrivals, judge),
    how:
      judge.by === 'bayes-factor'
        ? `Bayes factor, effect sizes half-Cauchy(0, ${prior.scale.toPrecision(3)}) (Rouder et al. 2009)`
        : `e-process of Student's t, effect sizes half-normal(0, ${prior.scale.toPrecision(3)}), looked at as units came`,
    // That of either direction, as it is published.
    details: prior.kind === 'cauchy' ? { bf10: jzsBayesFactor(whole.t, whole.size, prior.scale, whole.degrees) } : {},
  };
}

/** Evidence about the median difference within pairs, by their signs. */
export function evidenceOfSigns({ values }: Arrivals, judge: Judge): Evidence {
  if (judge.by !== 'e-process') refuse('design', `A median has no ${judge.by}.`, 'Take e-process, or mean_difference.');
  const at = (n: number, bound: number, side: 'above' | 'below') => {
    const own = values.subarray(0, n).filter((value) => value !== bound);
    const above = own.filter((value) => value > bound).length;
    return bernoulliMixtureAbove(side === 'above' ? above : own.length - above, own.length);
  };
  return {
    ...sided(at, { values }, judge),
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
  const at = (n: number, bound: number, side: 'above' | 'below') => {
    const look = lookAt(arrivals, n, bound, 'above');
    const ratio =
      look.degrees < 1 || Number.isNaN(look.t) ? 0 : logLikelihoodRatio(look, side === 'above' ? effect : -effect);
    return Math.min(Number.MAX_VALUE, Math.exp(ratio));
  };
  return {
    ...sided(at, arrivals, judge),
    how: `sequential probability ratio test of Student's t, effect ${effect} SD, looked at as units came`,
    details: {},
  };
}

function sided(
  at: (n: number, bound: number, side: 'above' | 'below') => number,
  { values }: Arrivals,
  { by }: Judge,
): Pick<Measured, 'eAbove' | 'eBelow' | 'looks'> {
  const n = values.length;
  const once = { eAbove: (bound: number) => at(n, bound, 'above'), eBelow: (bound: number) => at(n, bound, 'below') };
  if (by === 'bayes-factor') return once;
  const every = by === 'sprt' ? 1 : Math.ceil(n / mostLooks);
  const places = Array.from({ length: n }, (_, i) => i + 1).filter((place) => place === n || place % every === 0);
  const known = new Map<string, Float64Array>();
  const sequence = (bound: number, side: 'above' | 'below') => {
    const found = known.get(`${side} ${bound}`) ?? Float64Array.from(places, (place) => at(place, bound, side));
    known.set(`${side} ${bound}`, found);
    return found;
  };
  return {
    ...once,
    looks: { places, above: (bound) => sequence(bound, 'above'), below: (bound) => sequence(bound, 'below') },
  };
}

/** The first n units as a t statistic, the first group moved by the bound; of "below" mirrored. */
function lookAt({ values, first }: Arrivals, n: number, bound: number, side: 'above' | 'below'): TLook {
  const sign = side === 'above' ? 1 : -1;
  if (!first) return lookOfOne(values.subarray(0, n).map((value) => sign * (value - bound)));
  const part = (own: boolean) =>
    values
      .subarray(0, n)
      .filter((_, i) => first[i] === own)
      .map((value) => sign * (own ? value - bound : value));
  return lookOfTwo(part(true), part(false));
}
