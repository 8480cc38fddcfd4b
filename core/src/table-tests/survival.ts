import { proportionalHazardsCheck } from '../questions/checks.ts';
import { drawnForNothing } from '../questions/drawn.ts';
import { amount } from '../questions/metrics.ts';
import { survivalPicture } from '../questions/pictures.ts';
import { eventsOf, groupsOf, refuse } from '../questions/units.ts';
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
    { name: 'event', holds: 'either' },
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
    'one group is ahead of the other by the same ratio at all times; where it is not, the ratio is a mean over them',
    'event is 1 (or the word that happens names) where it happened, and 0 (or another word) where the time was cut off, for reasons that have nothing to do with it',
  ],
  picture: survivalPicture,
  measure(sample, _metric, { random, finest, level }) {
    const { units, names, members } = groupsOf(sample);
    if (names.length !== 2) refuse('design', `${names.length} groups; two are compared.`, 'Name the two as groups.');
    const [time, event] = [units.means(sample.numbers('time')), eventsOf(sample, units)];
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
        groups: names.map((name, k) => ({
          name,
          n: members[k].length,
          events: members[k].reduce((sum, place) => sum + event[place], 0),
          median: medianTime(members[k], time, event),
        })),
        checks: [proportionalHazardsCheck(time, event, places, n)],
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

/** First time by which at least half had it (Kaplan & Meier 1958); null where fewer had before times were cut off. */
function medianTime(members: readonly number[], time: Float64Array, event: Float64Array): number | null {
  const order = members.toSorted((a, b) => time[a] - time[b] || event[b] - event[a]);
  let share = 1;
  for (const [i, place] of order.entries()) {
    share *= event[place] === 1 ? 1 - 1 / (order.length - i) : 1;
    if (share <= 0.5 + 1e-12) return time[place];
  }
  return null;
}
