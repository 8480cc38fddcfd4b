import { judgedBy } from '../questions/judged.ts';
import { choicesInTime, evidenceOfChoices, inTheEnd, refuseBeside } from '../questions/judged-choices.ts';
import { likelySlope } from '../questions/likely-slope.ts';
import { amount } from '../questions/metrics.ts';
import { halvesPicture } from '../questions/pictures.ts';
import { covariatesOf } from '../questions/regression.ts';
import { eventsOf, refuse, unitsOf } from '../questions/units.ts';
import { proportionalHazards } from '../statistics/likelihoods.ts';
import type { TableTest } from './table-test.ts';

const fewest = 3;

/** How much sooner something happens with a number, with others held fixed: Cox regression. */
export const hazard: TableTest = {
  name: 'hazard',
  answers: 'How much sooner does something happen with a number, with covariates held fixed?',
  metrics: [
    amount('log_hazard_slope', 'Cox regression: log hazard ratio of one unit of x', {
      unit: 'log hazard by unit of x',
      onlyNothing: true,
      judges: ['bayes-factor'],
      unjudged: inTheEnd,
    }),
  ],
  roles: [
    { name: 'time', holds: 'numbers' },
    { name: 'event', holds: 'either' },
    { name: 'x', holds: 'numbers' },
    { name: 'covariates', holds: 'either', optional: true, several: true },
  ],
  tests: "permutation of what the covariates do not say of x (Potter 2005, Stat Med 24:693), Rao's score",
  interval: "Wald's, of partial likelihood, ties by Efron; ratio: the hazard ratio of one unit of x",
  refuses: [
    'fewer than 3 events',
    'covariates that say the same, or all of x',
    'x and covariates that tell the order of events without exception',
  ],
  example: {
    metric: 'log_hazard_slope',
    columns: { time: 'years', event: 'died', x: 'age', covariates: ['sex'] },
    unit: 'patient',
  },
  assumes: [
    'units are independent of one another; the log hazard is linear in x and in the covariates, by the same ratio at all times',
    'event is 1 (or the word that happens names) where it happened, and 0 (or another word) where the time was cut off, for reasons that have nothing to do with it',
    'the permutation takes it that times are cut off whatever x is; with covariates it is exact for large n alone',
    "x of two words is a number made in SQL: (sex = 'm')::INT",
  ],
  picture: halvesPicture,
  measure(sample, _metric, asked) {
    const units = unitsOf(sample);
    const [time, event] = [units.means(sample.numbers('time')), eventsOf(sample, units)];
    const events = event.reduce((sum, one) => sum + one, 0);
    if (events < fewest)
      refuse(
        'too-few',
        `It happened to ${events} of ${event.length} ${units.of}: ${fewest} are needed.`,
        'Measure longer.',
      );
    const [x, covariates] = [units.means(sample.numbers('x')), covariatesOf(sample, units)];
    const { judge } = sample.question;
    refuseBeside(covariates, judge);
    const likelihood = proportionalHazards(time, event);
    const measured = likelySlope({ likelihood, x, covariates, intercept: false }, { events, of: units.of }, asked);
    return judge ? judgedBy(evidenceOfChoices(choicesInTime(x, time, event), judge), measured) : measured;
  },
};
