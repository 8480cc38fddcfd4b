import { spreadChecks } from '../questions/checks.ts';
import { drawnForNothing } from '../questions/drawn.ts';
import { ofRanks, share } from '../questions/metrics.ts';
import { gamesHowell } from '../questions/pairwise.ts';
import { groupsPicture } from '../questions/pictures.ts';
import { summaries } from '../questions/summaries.ts';
import { groupsOf, refuse } from '../questions/units.ts';
import { ranks } from '../statistics/correlation.ts';
import { fisherSurvival, shareInterval } from '../statistics/fisher.ts';
import { chiSquaredSurvival } from '../statistics/gamma.ts';
import { permuteOrder } from '../statistics/permutation.ts';
import type { TableTest } from './table-test.ts';

/** Groups of which each is compared with each other. */
const mostCompared = 10;

/** How the interval is made, in an answer. */
const noncentral = 'noncentral F, turned round';

/** Whether any of several groups differs from the others. */
export const oneWay: TableTest = {
  name: 'one-way',
  answers: 'Does any of several groups differ from the others?',
  metrics: [
    share('one_way', 'η²: share of the variance between groups (one-way analysis of variance)', 'eta2'),
    share('one_way_ranks', 'η² of the ranks (Kruskal–Wallis)', 'eta2', { unjudged: ofRanks }),
  ],
  roles: [
    { name: 'value', holds: 'numbers' },
    { name: 'group', holds: 'levels' },
  ],
  tests:
    'exchange of units among the groups; pairs: each group of at most 10 with each other, intervals and p adjusted for all of them, of unequal variances (Games & Howell 1976, J Educ Stat 1:113)',
  interval:
    'noncentral F, turned round (Steiger 2004); of ranks taken for normal values (Conover & Iman 1981, Am Stat 35:124). It reaches 0 where η² is no larger than chance gives',
  refuses: ['a group of fewer than 2 units', 'a value that does not vary'],
  example: { metric: 'one_way', columns: { value: 'rate', group: 'area' }, subject: 'mouse' },
  assumes: [
    'units are independent of one another',
    'where there is no effect, units of all groups are alike',
    'of ranks of two groups this is the test of Mann & Whitney (Wilcoxon’s rank sum): U, and superiority, the share of pairs in which the unit of the first group is larger',
  ],
  picture: groupsPicture,
  measure(sample, metric, { random, finest, level: confidence }) {
    const { units, level, names, members } = groupsOf(sample);
    const raw = units.means(sample.numbers('value'));
    const values = metric.name === 'one_way' ? raw : ranks(raw);
    const group = Int32Array.from(level, (own) => names.indexOf(own));
    const counts = members.map(({ length }) => length);
    if (names.length < 2 || counts.some((count) => count < 2))
      refuse(
        'too-few',
        `${names.map((name, k) => `${name} has ${counts[k]}`).join(', ')} ${units.of}; 2 of each of at least 2 are needed.`,
        `Name as groups those that have enough: ${JSON.stringify(names.filter((_, k) => counts[k] > 1))}.`,
      );
    const spread = (way: Float64Array) => shareBetween(way, group, counts);
    const estimate = spread(values);
    if (!Number.isFinite(estimate)) refuse('assumption', 'The value does not vary.', 'Name a column that varies.');
    const [between, within] = [names.length - 1, values.length - names.length];
    const f = estimate / between / ((1 - estimate) / within);
    const h = estimate * (values.length - 1);
    const details: Record<string, number | null> =
      metric.name === 'one_way'
        ? { F: f, between, within, pClassical: fisherSurvival(f, between, within) }
        : {
            ...{ H: h, degrees: between, pClassical: chiSquaredSurvival(h, between) },
            ...(names.length === 2 && mannWhitney(values, members[0])),
          };
    return drawnForNothing(
      {
        estimate,
        ...shareInterval({ f, between, within, units: values.length }, confidence),
        interval: metric.name === 'one_way' ? noncentral : `${noncentral}, of ranks`,
        n: { count: values.length, of: units.of },
        groups: summaries(names, members, raw),
        checks: spreadChecks(valuesOf(members, values)),
        details,
        ...(metric.name === 'one_way' &&
          names.length <= mostCompared && {
            pairs: () => ({ how: 'Games–Howell', rows: gamesHowell(names, valuesOf(members, values), confidence) }),
          }),
      },
      () => permuteOrder(values, spread, random, finest),
      { side: 'above' },
    );
  },
};

/** U of the first of two groups, and the share of pairs in which its unit is larger, ties half (Mann & Whitney 1947, Ann Math Stat 18:50). */
function mannWhitney(ranked: Float64Array, first: number[]): { U: number; superiority: number } {
  const n = first.length;
  const U = first.reduce((sum, place) => sum + ranked[place], 0) - (n * (n + 1)) / 2;
  return { U, superiority: U / n / (ranked.length - n) };
}

const valuesOf = (members: number[][], values: Float64Array) =>
  members.map((own) => Float64Array.from(own, (place) => values[place]));

function shareBetween(values: Float64Array, group: Int32Array, counts: number[]): number {
  const sums = new Float64Array(counts.length);
  let [total, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sums[group[i]] += values[i];
    total += values[i];
  }
  const mean = total / values.length;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  let between = 0;
  for (let k = 0; k < counts.length; k++) between += counts[k] * (sums[k] / counts[k] - mean) ** 2;
  return between / squares;
}
