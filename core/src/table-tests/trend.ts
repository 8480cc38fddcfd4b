import { drawnForNothing } from '../questions/drawn.ts';
import { coefficient, ofRanks } from '../questions/metrics.ts';
import { groupsPicture } from '../questions/pictures.ts';
import { summaries } from '../questions/summaries.ts';
import { levelOfUnits, levelsInOrder, refuse, unitsOf } from '../questions/units.ts';
import { ranks, spearman } from '../statistics/correlation.ts';
import { normalQuantile } from '../statistics/distributions.ts';
import { permuteOrder } from '../statistics/permutation.ts';
import { studentTwoSided } from '../statistics/student.ts';
import type { Check, GroupSummary, TableTest } from './table-test.ts';

const fewestGroups = 3;

/** Whether a measured number rises or falls along groups that have an order. */
export const trend: TableTest = {
  name: 'trend',
  answers: 'Does a measured number rise along ordered groups (doses, ages, stages)?',
  metrics: [
    coefficient('trend', "Spearman's ρ of the value with the order of its group", 'rho', {
      onlyNothing: true,
      unjudged: ofRanks,
    }),
  ],
  roles: [
    { name: 'value', holds: 'numbers' },
    { name: 'group', holds: 'levels' },
  ],
  tests: 'permutation of the order, of ranks (Cuzick 1985, Stat Med 4:87)',
  interval: "Fisher's z (Bonett & Wright 2000)",
  refuses: ['fewer than 3 groups, or groups without an order', 'fewer than 5 units'],
  example: { metric: 'trend', columns: { value: 'rate', group: 'dose' }, groups: ['0', '1', '10'], subject: 'mouse' },
  assumes: [
    'units are independent of one another',
    'groups names the levels in their order; of numbers it is their own',
  ],
  picture: groupsPicture,
  measure(sample, _metric, { random, finest, level }) {
    const levels = levelsInOrder(sample.levels('group'));
    const ordered = levels.every((one) => Number.isFinite(Number(one)));
    const names = sample.question.groups ?? (ordered ? levels : []);
    if (names.length < fewestGroups)
      refuse(
        'design',
        'A trend is along three or more groups: numbers, or words in an order that you say.',
        'Name the levels as groups, first to last.',
      );
    const units = unitsOf(sample);
    const value = units.means(sample.numbers('value'));
    const order = Float64Array.from(levelOfUnits(units, sample.levels('group'), 'group'), (own) => names.indexOf(own));
    const n = value.length;
    if (n < 5) refuse('too-few', `${n} ${units.of} are too few: a trend needs 5.`, 'Measure more.');
    const estimate = spearman(order, value);
    if (!Number.isFinite(estimate)) refuse('assumption', 'The value, or the group, does not vary.', 'Name others.');
    const [left, right] = [ranks(order), ranks(value)];
    const product = (way: Float64Array) => way.reduce((sum, rank, i) => sum + rank * left[i], 0);
    const half = normalQuantile((1 + level) / 2) * Math.sqrt((1 + estimate ** 2 / 2) / (n - 3));
    const t = estimate * Math.sqrt((n - 2) / ((1 - estimate) * (1 + estimate)));
    const shown = summaries(
      names,
      names.map((_, k) => [...order.keys()].filter((i) => order[i] === k)),
      value,
    );
    return drawnForNothing(
      {
        estimate,
        low: Math.tanh(Math.atanh(estimate) - half),
        high: Math.tanh(Math.atanh(estimate) + half),
        interval: "Fisher's z",
        n: { count: n, of: units.of },
        groups: shown,
        checks: [stepsCheck(estimate, shown), smallestCheck(shown)],
        details: { t: Number.isFinite(t) ? t : null, degrees: n - 2, pClassical: studentTwoSided(t, n - 2) },
      },
      () => permuteOrder(right, product, random, finest),
      {
        before: 'ranks (Cuzick 1985, Stat Med 4:87), ',
      },
    );
  },
};

/** A look at whether the medians of all groups follow the trend, which is one number for all steps. */
function stepsCheck(estimate: number, groups: GroupSummary[]): Check {
  const medians = groups.flatMap(({ median }) => median ?? []);
  const against = medians.filter((median, k) => k > 0 && (median - medians[k - 1]) * estimate < 0).length;
  return { what: 'steps between groups whose medians go the other way', value: against, fine: against === 0 };
}

function smallestCheck(groups: GroupSummary[]): Check {
  const smallest = Math.min(...groups.map(({ n }) => n));
  return { what: 'units in the smallest group', value: smallest, fine: smallest > 1 };
}
