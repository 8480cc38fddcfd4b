import { drawnForNothing } from '../questions/drawn.ts';
import { amount } from '../questions/metrics.ts';
import { survivalPicture } from '../questions/pictures.ts';
import { groupsOf, refuse } from '../questions/units.ts';
import { normalQuantile, normalSurvival } from '../statistics/distributions.ts';
import { logRank } from '../statistics/log-rank.ts';
import { permuteGroups } from '../statistics/permutation.ts';
import type { TableTest } from './table-test.ts';

/** Whether something happens sooner in one group than in another, with times that were cut off. */
export const survival: TableTest = {
  name: 'survival',
  answers: 'Does something happen sooner in one group than in another?',
  metrics: [
    amount('log_hazard_ratio', 'Log of the hazard of the first group by that of the second (one step from 0)', {
      unit: 'log ratio',
    }),
  ],
  roles: [
    { name: 'time', holds: 'numbers' },
    { name: 'event', holds: 'numbers' },
    { name: 'group', holds: 'levels' },
  ],
  tests: 'exchange of units between the groups, log-rank statistic',
  interval: "Wald, log-rank's variance",
  refuses: ['fewer than 2 units in a group', 'no event'],
  example: {
    metric: 'log_hazard_ratio',
    columns: { time: 'days', event: 'died', group: 'treatment' },
    groups: ['drug', 'saline'],
    unit: 'mouse',
  },
  assumes: [
    'units are independent of one another',
    'event is 1 where it happened and 0 where the time was cut off, for reasons that have nothing to do with it',
  ],
  picture: survivalPicture,
  measure(sample, _metric, { random, finest, level }) {
    const { units, names, members } = groupsOf(sample);
    if (names.length !== 2) refuse('design', `${names.length} groups; two are compared.`, 'Name the two as groups.');
    const [time, event] = [units.means(sample.numbers('time')), units.means(sample.numbers('event'))];
    if (event.some((one) => one !== 0 && one !== 1))
      refuse('assumption', 'event holds other numbers than 0 and 1.', 'One row a unit, 1 where it happened.');
    const order = members.flat();
    const n = members[0].length;
    if (n < 2 || order.length - n < 2)
      refuse(
        'too-few',
        `${names[0]} has ${n} and ${names[1]} ${order.length - n} ${units.of}; 2 of each are needed.`,
        'Measure more.',
      );
    const statistic = (at: ArrayLike<number>) => logRank(time, event, at, n);
    const places = Float64Array.from(order);
    const { excess, variance } = statistic(places);
    if (!(variance > 0)) refuse('assumption', 'It happened to too few to compare.', 'Measure longer.');
    const standard = (at: ArrayLike<number>) => {
      const found = statistic(at);
      return found.variance > 0 ? found.excess / Math.sqrt(found.variance) : 0;
    };
    const [estimate, half] = [excess / variance, normalQuantile((1 + level) / 2) / Math.sqrt(variance)];
    const z = excess / Math.sqrt(variance);
    return drawnForNothing(
      {
        estimate,
        low: estimate - half,
        high: estimate + half,
        interval: 'log-rank, normal (Peto: biased where the ratio is far from 1)',
        n: { count: order.length, of: units.of },
        checks: [],
        details: {
          chi2: z * z,
          pClassical: Math.min(1, 2 * normalSurvival(Math.abs(z))),
          events: event.reduce((sum, one) => sum + one, 0),
        },
      },
      () => permuteGroups(places, n, standard, random, finest),
      { before: 'log-rank, ' },
    );
  },
};
