import { withDigits } from '../numbers.ts';
import { jzsBayesFactor } from '../statistics/e-values.ts';
import { coefficientOf, type Regression } from '../statistics/least-squares.ts';
import { bayesFactorAbove, logLikelihoodRatio, type TLook } from '../statistics/t-evidence.ts';
import { moments } from '../statistics/two-groups.ts';
import { type Evidence, type Judge, type Side, sided } from './judged.ts';
import { refuse } from './units.ts';

/** Prior scale of a coefficient, of one standard deviation of x: "medium" of R's BayesFactor for regression, √2 / 4. */
const perDeviation = Math.SQRT2 / 4;
/** Units of which the spread of x is taken where a sequence is given no scale. */
const beginning = 10;

/**
 * Evidence about a coefficient of least squares, of units in the order in which they came. Covariates and σ have the right-Haar
 * prior, so that likelihood ratios of t hold at every look, whatever x was, as long as x does not follow what was measured before
 * (Pérez-Ortiz, Lardy, de Heide & Grünwald 2024, Ann Stat 52:1410). Throws `bad-input` where nothing is left beside x.
 */
export function evidenceOfSlope(data: Regression, judge: Judge): Evidence {
  const whole = coefficientOf(data);
  if (!whole || !(whole.error > 0)) refuse('assumption', 'Nothing of the value is left beside x.', 'Leave judge out.');
  return judge.by === 'bayes-factor' ? bayesFactor(whole, data.y.length, judge) : sequence(data, judge);
}

/**
 * The effect is that of one standard deviation of x (beyond its covariates) in standard deviations of what is left, Cauchy as of JZS
 * (Rouder & Morey 2012, Multivar Behav Res 47:877).
 */
function bayesFactor(
  { estimate, error, degrees }: { estimate: number; error: number; degrees: number },
  n: number,
  { scale = perDeviation, by }: Judge,
): Evidence {
  const look = (bound: number, side: Side): TLook => ({
    t: (signOf(side) * (estimate - bound)) / error,
    degrees,
    size: n,
  });
  return {
    ...sided((_, bound, side) => bayesFactorAbove(look(bound, side), { kind: 'cauchy', scale }), n, { by }),
    how: `Bayes factor, standardised slopes half-Cauchy(0, ${withDigits(scale, 3)}) (Rouder & Morey 2012)`,
    details: { bf10: jzsBayesFactor(estimate / error, n, scale, degrees) },
  };
}

const signOf = (side: Side) => (side === 'above' ? 1 : -1);

/** In sequence the effect is that of one unit of x: how far x will spread is not known before it ends. */
function sequence(data: Regression, judge: Judge): Evidence {
  const { effect } = judge;
  if (judge.by === 'sprt' && effect === undefined)
    refuse(
      'design',
      'A sequential test needs the effect that it looks for.',
      'judge: {by: "sprt", effect: 0.05, beta: 0.1}, in SD per unit of x.',
    );
  const n = data.y.length;
  const spread = Math.sqrt(moments(data.x, 0, Math.min(n, beginning)).variance);
  const scale = judge.scale ?? perDeviation / spread;
  if (judge.by === 'e-process' && !(scale > 0 && Number.isFinite(scale)))
    refuse(
      'assumption',
      `x does not vary among the first ${beginning} units, of which the scale of the effect is taken.`,
      'Give judge.scale: the effect that is likely, in SD of the value per unit of x.',
    );
  const from = judge.by === 'e-process' && judge.scale === undefined ? beginning : 0;
  const known = new Map<number, ReturnType<typeof coefficientOf>>();
  const fitted = (k: number) => {
    if (!known.has(k)) known.set(k, coefficientOf(data, k));
    return known.get(k);
  };
  const at = (k: number, bound: number, side: Side) => {
    const fit = k >= from ? fitted(k) : undefined;
    if (!fit || fit.degrees < 1 || !(fit.error > 0)) return 1;
    const t = (fit.estimate - bound) / fit.error;
    const { degrees, squares: size } = fit;
    if (judge.by === 'sprt')
      return Math.min(
        Number.MAX_VALUE,
        Math.exp(logLikelihoodRatio({ t, degrees, size }, signOf(side) * (effect ?? 0))),
      );
    return bayesFactorAbove({ t: signOf(side) * t, degrees, size }, { kind: 'normal', scale });
  };
  const unit = 'SD of what is left per unit of x';
  return {
    ...sided(at, n, judge),
    how:
      judge.by === 'sprt'
        ? `sequential probability ratio test of the coefficient's t, effect ${effect} ${unit}, looked at as units came`
        : `e-process of the coefficient's t, effects half-normal(0, ${withDigits(scale, 3)}) ${unit}${from ? `, from the spread of x among the first ${beginning} units, after which it is looked at` : ''}`,
    details: {},
  };
}
