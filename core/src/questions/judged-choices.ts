import { withDigits } from '../numbers.ts';
import { type Choices, choiceFactorAbove, turned } from '../statistics/choice-evidence.ts';
import { moments } from '../statistics/two-groups.ts';
import { type Evidence, type Judge, type Side, sided } from './judged.ts';
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
export function evidenceOfChoices(choices: Choices, judge: Judge): Evidence {
  const scale = judge.scale ?? perDeviation / Math.sqrt(moments(choices.x).variance);
  const mirrored = turned(choices);
  const known = new Map<string, number>();
  const at = (bound: number, side: Side) => {
    const name = `${side} ${bound}`;
    const found =
      known.get(name) ??
      (side === 'above' ? choiceFactorAbove(choices, bound, scale) : choiceFactorAbove(mirrored, -bound, scale));
    known.set(name, found);
    return found;
  };
  return {
    ...sided((_, bound, side) => at(bound, side), choices.x.length, judge),
    how: `Bayes factor given who could have been chosen, log ratio of one unit of x half-normal(0, ${withDigits(scale, 3)})`,
    details: { bf10: (at(0, 'above') + at(0, 'below')) / 2 },
  };
}

/** Of odds one choice: those to which it happened (1, else 0), among all. */
export function choiceOf(x: Float64Array, happened: Float64Array): Choices {
  const sum = x.reduce((total, own, i) => total + own * happened[i], 0);
  const chosen = happened.reduce((count, one) => count + one, 0);
  return { x, among: [{ candidates: x.length, chosen, sum }] };
}

/** Of a hazard one choice at each time at which it happened (1, else cut off): among those who were still at risk. */
export function choicesInTime(x: Float64Array, time: Float64Array, event: Float64Array): Choices {
  // From the last time to the first: who is at risk only grows.
  const order = [...time.keys()].sort((a, b) => time[b] - time[a]);
  const among: Choices['among'] = [];
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && time[order[end]] === time[order[start]]) end++;
    const chosen = order.slice(start, end).filter((unit) => event[unit] === 1);
    among.push({ candidates: end, chosen: chosen.length, sum: chosen.reduce((sum, unit) => sum + x[unit], 0) });
  }
  return { x: Float64Array.from(order, (unit) => x[unit]), among };
}
