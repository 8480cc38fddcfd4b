import { judgedBy } from '../questions/judged.ts';
import { choiceOf, evidenceOfChoices, inTheEnd, refuseBeside } from '../questions/judged-choices.ts';
import { likelySlope } from '../questions/likely-slope.ts';
import { amount } from '../questions/metrics.ts';
import { outcomePicture } from '../questions/pictures.ts';
import { covariatesOf } from '../questions/regression.ts';
import { levelOfUnits, outcomesOf, refuse, unitsOf } from '../questions/units.ts';
import { logistic } from '../statistics/likelihoods.ts';
import type { TableTest } from './table-test.ts';

const fewest = 3;

/** How much the odds of something change with a number, with others held fixed: logistic regression. */
export const odds: TableTest = {
  name: 'odds',
  answers: 'How much do the odds that something happens change with a number, with covariates held fixed?',
  metrics: [
    amount('log_odds_slope', 'Logistic regression: log odds ratio of one unit of x', {
      unit: 'log odds by unit of x',
      onlyNothing: true,
      judges: ['bayes-factor'],
      unjudged: inTheEnd,
    }),
  ],
  roles: [
    { name: 'outcome', holds: 'levels' },
    { name: 'x', holds: 'numbers' },
    { name: 'covariates', holds: 'either', optional: true, several: true },
  ],
  tests: "permutation of what the covariates do not say of x (Potter 2005, Stat Med 24:693), Rao's score",
  interval: "Wald's, of maximum likelihood; ratio: the odds ratio of one unit of x",
  refuses: [
    'fewer than 3 units of either outcome',
    'covariates that say the same, or all of x',
    'x and covariates that tell the outcomes apart without exception',
  ],
  example: {
    metric: 'log_odds_slope',
    columns: { outcome: 'diagnosis', x: 'age', covariates: ['sex'] },
    happens: 'dementia',
    unit: 'donor',
  },
  assumes: [
    'units are independent of one another; log odds are linear in x and in the covariates',
    'what happens is the later of two outcomes in order (1, true, yes), or the one that happens names, against all others',
    'with covariates the permutation is exact for large n alone; ten events by coefficient (of yes and no the fewer) keep estimates from going astray',
    "x of two words is a number made in SQL: (sex = 'm')::INT",
  ],
  picture: outcomePicture,
  measure(sample, _metric, asked) {
    const units = unitsOf(sample);
    const { happened } = outcomesOf(sample, 'outcome');
    const yes = Float64Array.from(levelOfUnits(units, sample.levels('outcome'), 'outcome'), (own) =>
      Number(own === happened),
    );
    const count = yes.reduce((sum, one) => sum + one, 0);
    const events = Math.min(count, yes.length - count);
    if (events < fewest)
      refuse(
        'too-few',
        `${count} of ${yes.length} ${units.of} are ${happened}: ${fewest} of either outcome are needed.`,
        'Measure more.',
      );
    const x = units.means(sample.numbers('x'));
    const covariates = covariatesOf(sample, units);
    const { judge } = sample.question;
    refuseBeside(covariates, judge);
    const slope = { likelihood: logistic(yes), x, covariates, intercept: true };
    const measured = likelySlope(slope, { events, of: units.of }, asked);
    return judge ? judgedBy(evidenceOfChoices(choiceOf(x, yes), judge), measured) : measured;
  },
};
