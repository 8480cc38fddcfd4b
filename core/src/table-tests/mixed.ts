import { skewnessCheck } from '../questions/checks.ts';
import { drawnFor } from '../questions/drawn.ts';
import { amount } from '../questions/metrics.ts';
import { cloudPicture } from '../questions/pictures.ts';
import { refuse } from '../questions/units.ts';
import { normalQuantile, normalSurvival } from '../statistics/distributions.ts';
import { fitMixed, restricted } from '../statistics/mixed-model.ts';
import { permuteOrder } from '../statistics/permutation.ts';
import type { TableTest } from './table-test.ts';

const fewestSubjects = 3;

/** How much a number changes with another within subjects that each have a level of their own. */
export const mixed: TableTest = {
  name: 'mixed',
  answers: 'How much does a number change with another, within subjects of different level?',
  metrics: [amount('mixed_slope', 'Coefficient of x, subject as random intercept (REML)')],
  roles: [
    { name: 'value', holds: 'numbers' },
    { name: 'x', holds: 'numbers' },
  ],
  tests: 'permutation of rows within subjects, slope by its standard error',
  interval: 'Wald, of restricted maximum likelihood',
  refuses: ['fewer than 3 subjects, or in which x changes', 'no subject, or a unit beside it'],
  example: { metric: 'mixed_slope', columns: { value: 'rate', x: 'contrast' }, subject: 'mouse' },
  assumes: [
    'subjects are independent of one another; within one, without an effect of x, rows are exchangeable',
    'x changes within subjects; where it does not, compare subjects (mean_difference with subject)',
  ],
  picture: cloudPicture('x', 'value', () => false),
  measure(sample, _metric, { random, finest, level }) {
    const names = sample.subject;
    if (!names || sample.unit)
      refuse(
        'design',
        'The random effect is of the subject, its rows are single ones.',
        'Name its column as subject, and no unit.',
      );
    const [y, x] = [sample.numbers('value'), sample.numbers('x')];
    const known = [...new Set(names)];
    const subject = Int32Array.from(names, (name) => known.indexOf(name));
    const changing = known.filter((_, k) => new Set(x.filter((_value, i) => subject[i] === k)).size > 1).length;
    if (known.length < fewestSubjects || changing < fewestSubjects)
      refuse(
        'too-few',
        `x changes within ${changing} of ${known.length} subjects; ${fewestSubjects} are needed.`,
        'Measure more of them, or compare subjects.',
      );
    const fit = fitMixed(y, x, subject);
    if (!(fit.error > 0))
      refuse(
        'assumption',
        new Set(y).size < 2 ? 'The value does not vary.' : 'Nothing of the value is left beside x and its subjects.',
        'Name a value that is measured, and not computed from x.',
      );
    const draw = (bound: number) => {
      const moved = y.map((value, i) => value - bound * x[i]);
      // The ratio of a model without x is the same for every order within subjects.
      const { ratio } = fitMixed(moved, undefined, subject);
      const statistic = (way: Float64Array) => {
        const { slope, error } = restricted(way, x, subject, ratio);
        return slope / error;
      };
      return permuteOrder(moved, statistic, random, finest, names);
    };
    const rests: number[][] = known.map(() => []);
    y.forEach((value, i) => rests[subject[i]].push(value - fit.slope * x[i]));
    const half = normalQuantile((1 + level) / 2) * fit.error;
    const z = fit.slope / fit.error;
    return drawnFor(
      {
        estimate: fit.slope,
        low: fit.slope - half,
        high: fit.slope + half,
        interval: 'Wald, normal',
        n: { count: known.length, of: sample.question.subject ?? 'subjects' },
        checks: [
          skewnessCheck('skewness of what is left within subjects', ...rests.map((own) => Float64Array.from(own))),
        ],
        details: {
          rows: y.length,
          standardError: fit.error,
          z,
          pClassical: Math.min(1, 2 * normalSurvival(Math.abs(z))),
          varianceRatio: fit.ratio,
        },
      },
      draw,
      'within subjects, ',
    );
  },
};
