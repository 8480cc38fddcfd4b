import { type Evidence, evidenceOfOdds, judgedBy } from '../questions/judged.ts';
import { amount, coefficient } from '../questions/metrics.ts';
import { sharesPicture } from '../questions/pictures.ts';
import { groupsOf, levelOfUnits, outcomesOf, refuse } from '../questions/units.ts';
import {
  conditionalOdds,
  fisherTwoSided,
  hypergeometricTail,
  type TwoByTwo,
  wilson,
} from '../statistics/two-by-two.ts';
import type { Measured, TableMetric, TableTest } from './table-test.ts';

const judges: TableMetric['judges'] = ['bayes-factor', 'e-process', 'sprt'];

/** Whether something happens more often in one group than in another. */
export const proportion: TableTest = {
  name: 'proportion',
  answers: 'Does something happen more often in one group than in another?',
  metrics: [
    coefficient('proportion_difference', 'Share of the first group less that of the second', 'share', { judges }),
    amount('odds_ratio', 'Odds of the first group by those of the second', {
      unit: 'ratio',
      range: [0, Infinity],
      nothing: 1,
      judges,
    }),
  ],
  roles: [
    { name: 'outcome', holds: 'levels' },
    { name: 'group', holds: 'levels' },
  ],
  tests: "Fisher's exact test; of the odds ratio against any size, of the difference against 0",
  interval: "of the odds ratio exact, conditional on the margins; of the difference Newcombe's of Wilson's",
  refuses: [
    'fewer than 2 units in a group',
    'other than two groups',
    'more than two outcomes of which none is named as what happens',
    'an odds ratio of 0 or ∞',
  ],
  example: {
    metric: 'odds_ratio',
    columns: { outcome: 'survived', group: 'treatment' },
    groups: ['drug', 'saline'],
    unit: 'mouse',
  },
  assumes: [
    'units are independent of one another',
    'p is twice the smaller of two one-sided ones, pClassical that of tables no likelier than this one, as R and scipy give it',
    'what happens is the later of two outcomes in order (1, true, yes), or the one that happens names, against all others',
  ],
  picture: sharesPicture,
  measure(sample, metric, { level }) {
    const { units, level: groups, names } = groupsOf(sample);
    const outcomes = levelOfUnits(units, sample.levels('outcome'), 'outcome');
    const { happened } = outcomesOf(sample, 'outcome');
    if (names.length !== 2)
      refuse(
        'design',
        `There are ${names.length} groups (${names.slice(0, 6).join(', ')}); two are compared.`,
        'Name two as groups.',
      );
    const count = (name: string, yes: boolean) =>
      groups.filter((own, i) => own === name && (outcomes[i] === happened) === yes).length;
    const table: TwoByTwo = {
      a: count(names[0], true),
      b: count(names[0], false),
      c: count(names[1], true),
      d: count(names[1], false),
    };
    const { a, b, c, d } = table;
    if (a + b < 2 || c + d < 2)
      refuse('too-few', `The groups have ${a + b} and ${c + d} ${units.of}; 2 of each are needed.`, 'Measure more.');
    const odds = metric.name === 'odds_ratio';
    const ratioOf = (a * d) / (b * c);
    if (odds && !Number.isFinite(ratioOf))
      refuse(
        'assumption',
        'In one group it happened always, or never in the other: the odds ratio has no value.',
        'Ask proportion_difference.',
      );
    const first = wilson(a, a + b, level);
    const second = wilson(c, c + d, level);
    const [p, q] = [a / (a + b), c / (c + d)];
    // Only the odds ratio has an exact test for every bound; of shares, equal ones alone fix the margins' distribution.
    const oddsOf = (bound: number) => (odds ? bound : bound === 0 ? 1 : null);
    const tail = (bound: number, side: 'above' | 'below') => {
      const at = oddsOf(bound);
      return at === null ? null : hypergeometricTail(table, at, side);
    };
    const measured: Measured = {
      estimate: odds ? ratioOf : p - q,
      low: odds ? conditionalOdds(table, (1 - level) / 2, 'low') : p - q - Math.hypot(p - first.low, second.high - q),
      high: odds ? conditionalOdds(table, (1 - level) / 2, 'high') : p - q + Math.hypot(first.high - p, q - second.low),
      interval: odds ? 'exact, conditional on the margins' : 'Newcombe (Wilson) without correction',
      above: (bound) => tail(bound, 'above'),
      below: (bound) => tail(bound, 'below'),
      how: `Fisher's exact test of how often ${sample.columnsOf('outcome')[0]} is ${happened}`,
      n: { count: a + b + c + d, of: units.of },
      groups: names.map((name, k) => {
        const [share, n] = k === 0 ? [p, a + b] : [q, c + d];
        return { name, n, mean: share };
      }),
      checks: [],
      details: { happenedFirst: a, happenedSecond: c, pClassical: fisherTwoSided(table) },
    };
    const { judge } = sample.question;
    if (!judge) return measured;
    const compared = [...groups.keys()].filter((i) => names.includes(groups[i]));
    const evidence = evidenceOfOdds(
      {
        happened: compared.map((i) => outcomes[i] === happened),
        first: compared.map((i) => groups[i] === names[0]),
      },
      judge,
    );
    return judgedBy(atOdds(evidence, oddsOf), measured);
  },
};

/** Evidence of an odds ratio for bounds of another metric, those that no odds ratio stands for left out. */
function atOdds({ eAbove, eBelow, looks, ...rest }: Evidence, oddsOf: (bound: number) => number | null): Evidence {
  const at =
    <Found>(side: ((odds: number) => Found) | undefined) =>
    (bound: number) => {
      const odds = oddsOf(bound);
      return odds === null || !side ? null : side(odds);
    };
  const none = Float64Array.of(1);
  return {
    ...rest,
    eAbove: at(eAbove),
    eBelow: at(eBelow),
    looks: looks && {
      places: looks.places,
      above: (bound) => at(looks.above)(bound) ?? none,
      below: (bound) => at(looks.below)(bound) ?? none,
    },
  };
}
