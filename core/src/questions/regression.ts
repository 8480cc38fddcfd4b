import { basisOf, coefficientOf, dot, type Regression, without } from '../statistics/least-squares.ts';
import { permuteOrder } from '../statistics/permutation.ts';
import { studentQuantile, studentTwoSided } from '../statistics/student.ts';
import type { Asked, Measured } from '../table-tests/table-test.ts';
import { skewnessCheck } from './checks.ts';
import { drawnFor } from './drawn.ts';
import { judgedBy } from './judged.ts';
import { evidenceOfSlope } from './judged-slope.ts';
import type { Sample } from './sample.ts';
import { indicators, levelOfUnits, refuse, type Units } from './units.ts';

const fewestDegrees = 3;

/** Covariates as columns of numbers, [unit] each. Throws `bad-input` where one is a word of which a unit has two. */
export function covariatesOf(sample: Sample, units: Units): Float64Array[] {
  return sample.columnsOf('covariates').flatMap((name, column) => {
    if (!sample.areWords('covariates', column)) return [units.means(sample.numbers('covariates', column))];
    const next = `Leave ${name} out, or name as unit the column that tells its parts apart.`;
    return indicators(levelOfUnits(units, sample.levels('covariates', column), name, next));
  });
}

/**
 * The coefficient of x beside covariates, by least squares, with p-values by permutation of residuals (Freedman & Lane 1983). of: what
 * units are. Throws `bad-input` where the covariates leave nothing.
 */
export function regressed(
  { y, x, covariates }: Regression,
  of: string,
  judge: Sample['question']['judge'],
  { random, finest, level }: Asked,
): Measured {
  const degrees = y.length - covariates.length - 2;
  if (degrees < fewestDegrees)
    refuse(
      'too-few',
      `${y.length} ${of} leave ${degrees} degrees of freedom; ${fewestDegrees} are needed.`,
      'Measure more, or name fewer covariates (every level of a word but the first takes one).',
    );
  const basis = basisOf([new Float64Array(y.length).fill(1), ...covariates]);
  if (!basis) refuse('assumption', 'The covariates say the same as one another.', 'Leave one out.');
  const found = coefficientOf({ y, x, covariates });
  if (!found) refuse('assumption', 'x does not vary beyond what the covariates say.', 'Leave a covariate out.');
  const [own, rest] = [without(x, basis), without(y, basis)];
  const { estimate, error, squares } = found;
  const studentised = (values: Float64Array) => {
    const slope = dot(own, values) / squares;
    const residual = Math.max(0, dot(values, values) - slope ** 2 * squares);
    return slope === 0 ? 0 : slope / Math.sqrt(residual / degrees / squares);
  };
  const draw = (bound: number) => {
    const moved = rest.map((value, i) => value - bound * own[i]);
    return permuteOrder(moved, (way) => studentised(without(way, basis)), random, finest);
  };
  const half = studentQuantile((1 + level) / 2, degrees) * error;
  const t = estimate === 0 ? 0 : estimate / error;
  const left = rest.map((value, i) => value - estimate * own[i]);
  const measured = drawnFor(
    {
      estimate,
      low: estimate - half,
      high: estimate + half,
      interval: 'Student t, least squares',
      n: { count: y.length, of },
      checks: error > 0 ? [skewnessCheck('skewness of what is left', left)] : [],
      details: { t, degrees, standardError: error, pClassical: studentTwoSided(t, degrees) },
    },
    draw,
    'residuals (Freedman & Lane 1983, J Bus Econ Stat 1:292), ',
  );
  return judge ? judgedBy(evidenceOfSlope({ y, x, covariates }, judge), measured) : measured;
}
