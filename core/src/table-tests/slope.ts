import { drawnFor } from '../questions/drawn.ts';
import { judgedBy } from '../questions/judged.ts';
import { evidenceOfSlope } from '../questions/judged-slope.ts';
import { amount } from '../questions/metrics.ts';
import { cloudPicture } from '../questions/pictures.ts';
import type { Sample } from '../questions/sample.ts';
import { indicators, levelOfUnits, refuse, type Units, unitsOf } from '../questions/units.ts';
import { basisOf, coefficientOf, dot, without } from '../statistics/least-squares.ts';
import { permuteOrder } from '../statistics/permutation.ts';
import { studentQuantile, studentTwoSided } from '../statistics/student.ts';
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
  tests: 'permutation of residuals (Freedman & Lane 1983), t of the coefficient, moved by the size',
  interval: "Student's t, of least squares",
  refuses: ['fewer than 3 degrees of freedom', 'covariates that say the same, or all of x'],
  example: { metric: 'slope', columns: { value: 'rate', x: 'speed', covariates: ['age', 'sex'] }, subject: 'mouse' },
  assumes: [
    'units are independent of one another; the value is linear in x and in the covariates',
    'with covariates the permutation (of residuals) is exact for large n alone',
    'judged by evidence (judge) what is left of the value is normal; in sequence x does not follow what was measured before',
  ],
  // With covariates the line of least squares alone would have another slope.
  picture: cloudPicture('x', 'value', (sample) => !sample.has('covariates')),
  measure(sample, _metric, { random, finest, level }) {
    const units = unitsOf(sample);
    const covariates = sample.columnsOf('covariates').flatMap((_, i) => covariateOf(sample, units, i));
    const [y, x] = [units.means(sample.numbers('value')), units.means(sample.numbers('x'))];
    const degrees = y.length - covariates.length - 2;
    if (degrees < 3)
      refuse(
        'too-few',
        `${y.length} ${units.of} leave ${degrees} degrees of freedom; 3 are needed.`,
        'Measure more, or name fewer covariates (every level of a word but the first takes one).',
      );
    const basis = basisOf([new Float64Array(y.length).fill(1), ...covariates]);
    if (!basis) refuse('assumption', 'The covariates say the same as one another.', 'Leave one out.');
    const found = coefficientOf({ y, x, covariates });
    if (!found) refuse('assumption', 'x does not vary beyond what the covariates say.', 'Leave a covariate out.');
    const [own, rest] = [without(x, basis), without(y, basis)];
    const { estimate, error, squares } = found;
    const studentised = (values: Float64Array) => {
      const slopeOf = dot(own, values) / squares;
      const residual = Math.max(0, dot(values, values) - slopeOf ** 2 * squares);
      return slopeOf === 0 ? 0 : slopeOf / Math.sqrt(residual / degrees / squares);
    };
    const draw = (bound: number) => {
      const moved = rest.map((value, i) => value - bound * own[i]);
      return permuteOrder(moved, (way) => studentised(without(way, basis)), random, finest);
    };
    const half = studentQuantile((1 + level) / 2, degrees) * error;
    const t = estimate === 0 ? 0 : estimate / error;
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
    const { judge } = sample.question;
    return judge ? judgedBy(evidenceOfSlope({ y, x, covariates }, judge), measured) : measured;
  },
};

/** A covariate as columns of numbers, [unit] each. Throws `bad-input` where it is a word of which a unit has two. */
function covariateOf(sample: Sample, units: Units, column: number): Float64Array[] {
  if (!sample.areWords('covariates', column)) return [units.means(sample.numbers('covariates', column))];
  const name = sample.columnsOf('covariates')[column];
  return indicators(
    levelOfUnits(
      units,
      sample.levels('covariates', column),
      name,
      `Leave ${name} out, or name as unit the column that tells its parts apart.`,
    ),
  );
}
