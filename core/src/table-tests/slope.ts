import { drawnFor } from '../questions/drawn.ts';
import { evidenceOfSlope, judgedBy } from '../questions/judged.ts';
import { amount } from '../questions/metrics.ts';
import { cloudPicture } from '../questions/pictures.ts';
import { refuse, unitsOf } from '../questions/units.ts';
import { basisOf, without } from '../statistics/least-squares.ts';
import { permuteOrder } from '../statistics/permutation.ts';
import { studentQuantile, studentTwoSided } from '../statistics/student.ts';
import type { TableTest } from './table-test.ts';

const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);

/** How much one number changes with another, with others held fixed. */
export const slope: TableTest = {
  name: 'slope',
  answers: 'How much does a number change with another, with covariates held fixed?',
  metrics: [amount('slope', 'Least-squares coefficient of x', { judges: ['bayes-factor'] })],
  roles: [
    { name: 'value', holds: 'numbers' },
    { name: 'x', holds: 'numbers' },
    { name: 'covariates', holds: 'numbers', optional: true, several: true },
  ],
  tests: 'permutation of residuals (Freedman & Lane 1983), t of the coefficient, moved by the size',
  interval: "Student's t, of least squares",
  refuses: ['fewer than 3 degrees of freedom', 'covariates that say the same, or all of x'],
  example: { metric: 'slope', columns: { value: 'rate', x: 'speed', covariates: ['age'] }, subject: 'mouse' },
  assumes: [
    'judged by a Bayes factor (judge) what is left of the value is normal',
    'units are independent of one another; the value is linear in x and in the covariates',
    'with covariates the permutation (of residuals) is exact for large n alone',
  ],
  // With covariates the line of least squares alone would have another slope.
  picture: cloudPicture('x', 'value', (sample) => !sample.has('covariates')),
  measure(sample, _metric, { random, finest, level }) {
    const units = unitsOf(sample);
    const columns = sample.columnsOf('covariates').map((_, i) => units.means(sample.numbers('covariates', i)));
    const [y, x] = [units.means(sample.numbers('value')), units.means(sample.numbers('x'))];
    const degrees = y.length - columns.length - 2;
    if (degrees < 3)
      refuse(
        'too-few',
        `${y.length} ${units.of} leave ${degrees} degrees of freedom; 3 are needed.`,
        'Measure more, or name fewer covariates.',
      );
    const basis = basisOf([new Float64Array(y.length).fill(1), ...columns]);
    if (!basis) refuse('assumption', 'The covariates say the same as one another.', 'Leave one out.');
    const [own, rest] = [without(x, basis), without(y, basis)];
    const squares = dot(own, own);
    if (!(squares > 1e-18 * dot(x, x)))
      refuse('assumption', 'x does not vary beyond what the covariates say.', 'Leave a covariate out.');
    const fit = (values: Float64Array) => {
      const estimate = dot(own, values) / squares;
      const residual = Math.max(0, dot(values, values) - estimate ** 2 * squares);
      const error = Math.sqrt(residual / degrees / squares);
      return { estimate, error, t: estimate === 0 ? 0 : estimate / error };
    };
    const { estimate, error, t } = fit(rest);
    const draw = (bound: number) => {
      const moved = rest.map((value, i) => value - bound * own[i]);
      return permuteOrder(moved, (way) => fit(without(way, basis)).t, random, finest);
    };
    const half = studentQuantile((1 + level) / 2, degrees) * error;
    const { judge } = sample.question;
    const measured = drawnFor(
      {
        estimate,
        low: estimate - half,
        high: estimate + half,
        interval: 'Student t, least squares',
        n: { count: y.length, of: units.of },
        checks: [],
        details: { t, degrees, standardError: error, pClassical: studentTwoSided(t, degrees) },
      },
      draw,
      'residuals (Freedman & Lane 1983, J Bus Econ Stat 1:292), ',
    );
    if (!judge) return measured;
    if (!(error > 0)) refuse('assumption', 'Nothing of the value is left beside x.', 'Leave judge out.');
    return judgedBy(evidenceOfSlope({ estimate, error, degrees, n: y.length }, judge), measured);
  },
};
