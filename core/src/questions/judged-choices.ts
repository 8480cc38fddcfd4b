import { withDigits } from '../numbers.ts';
import { type Choice, choiceFactorAbove, turned } from '../statistics/choice-evidence.ts';
import { moments } from '../statistics/two-groups.ts';
import { type Evidence, type Judge, sided } from './judged.ts';
import { refuse } from './units.ts';

/** Prior scale of a log ratio, of one standard deviation of x. */
const perDeviation = 0.5;

/** Why coefficients of maximum likelihood are judged by a Bayes factor alone. */
export const inTheEnd = 'in sequence, and beside covariates, their likelihood is not free of what else is unknown';

/** Throws `bad-input` where a question is judged beside covariates. */
export function refuseBeside(covariates: readonly unknown[], judge: Judge | undefined): void {
  if (judge && covariates.length > 0)
    refuse(
      'design',
      'Beside covariates a coefficient has no likelihood that is free of theirs: it is not judged by evidence.',
      'Leave judge out: it has p-values; or leave the covariates out.',
    );
}

/** Evidence about the coefficient of x, [unit], of log odds or of a log hazard, given who could have been chosen. */
export function evidenceOfChoices(choices: readonly Choice[], x: Float64Array, judge: Judge): Evidence {
  const scale = judge.scale ?? perDeviation / Math.sqrt(moments(x).variance);
  const mirrored = turned(choices);
  const at = (bound: number, side: 'above' | 'below') =>
    side === 'above' ? choiceFactorAbove(choices, bound, scale) : choiceFactorAbove(mirrored, -bound, scale);
  return {
    ...sided((_, bound, side) => at(bound, side), x.length, judge),
    how: `Bayes factor given who could have been chosen, log ratio of one unit of x half-normal(0, ${withDigits(scale, 3)})`,
    details: { bf10: (at(0, 'above') + at(0, 'below')) / 2 },
  };
}

/** Of odds one choice: those to which it happened (1, else 0), among all. */
export function choiceOf(x: Float64Array, happened: Float64Array): Choice[] {
  const sum = x.reduce((total, own, i) => total + own * happened[i], 0);
  return [{ x, chosen: happened.reduce((count, one) => count + one, 0), sum }];
}

/** Of a hazard one choice at each time at which it happened (1, else cut off): among those who were still at risk. */
export function choicesInTime(x: Float64Array, time: Float64Array, event: Float64Array): Choice[] {
  const times = [...new Set(time.filter((_, i) => event[i] === 1))];
  return times.map((at) => {
    const chosen = [...time.keys()].filter((i) => time[i] === at && event[i] === 1);
    return {
      x: x.filter((_, i) => time[i] >= at),
      chosen: chosen.length,
      sum: chosen.reduce((sum, i) => sum + x[i], 0),
    };
  });
}
