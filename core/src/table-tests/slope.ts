import { amount } from '../questions/metrics.ts';
import { cloudPicture } from '../questions/pictures.ts';
import { covariatesOf, regressed } from '../questions/regression.ts';
import { unitsOf } from '../questions/units.ts';
import type { TableTest } from './table-test.ts';

/** How much one number changes with another, with others held fixed. */
export const slope: TableTest = {
  name: 'slope',
  answers: 'How much does a number change with another, with covariates held fixed?',
  metrics: [amount('slope', 'Least-squares coefficient of x', { judges: ['bayes-factor', 'e-process', 'sprt'] })],
  roles: [
    { name: 'value', holds: 'numbers' },
    { name: 'x', holds: 'numbers' },
    { name: 'covariates', holds: 'either', optional: true, several: true },
  ],
  tests:
    'permutation of residuals (Freedman & Lane 1983, J Bus Econ Stat 1:292), t of the coefficient, moved by the size',
  interval: "Student's t, of least squares",
  refuses: ['fewer than 3 degrees of freedom', 'covariates that say the same, or all of x'],
  example: { metric: 'slope', columns: { value: 'rate', x: 'speed', covariates: ['age', 'sex'] }, subject: 'mouse' },
  assumes: [
    'units are independent of one another; the value is linear in x and in the covariates',
    'with covariates the permutation (of residuals) is exact for large n alone',
    'judged by evidence (judge) what is left of the value is normal; in sequence x does not follow what was measured before',
    "whether slopes differ: x is their product, made in SQL (age * (sex = 'm')::INT), beside age and sex as covariates",
  ],
  // With covariates the line of least squares alone would have another slope.
  picture: cloudPicture('x', 'value', (sample) => !sample.has('covariates')),
  measure(sample, _metric, asked) {
    const units = unitsOf(sample);
    const [y, x] = [units.means(sample.numbers('value')), units.means(sample.numbers('x'))];
    return regressed({ y, x, covariates: covariatesOf(sample, units) }, units.of, sample.question.judge, asked);
  },
};
