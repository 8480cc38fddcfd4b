import { drawnForNothing } from '../questions/drawn.ts';
import { share } from '../questions/metrics.ts';
import { cellsPicture } from '../questions/pictures.ts';
import { summaries } from '../questions/summaries.ts';
import { indicators, levelOfUnits, levelsInOrder, refuse, unitsOf } from '../questions/units.ts';
import { fisherSurvival, shareInterval } from '../statistics/fisher.ts';
import { dot, spanOf, without } from '../statistics/least-squares.ts';
import { permuteOrder } from '../statistics/permutation.ts';
import type { GroupSummary, TableTest } from './table-test.ts';

/** How the interval is made, in an answer. */
const noncentral = 'noncentral F, turned round';

/** Whether groups differ, with a second grouping held fixed; or whether it matters in which of the second they are. */
export const twoWay: TableTest = {
  name: 'two-way',
  answers: 'Do groups differ with a second grouping held fixed, or differently within its levels?',
  metrics: [
    share('two_way', 'Partial η² of group, second held fixed (type II)', 'eta2'),
    share('two_way_interaction', 'Partial η² of the interaction of group and second', 'eta2'),
  ],
  roles: [
    { name: 'value', holds: 'numbers' },
    { name: 'group', holds: 'levels' },
    { name: 'second', holds: 'levels' },
  ],
  tests: 'permutation of residuals of the model without what is tested (Freedman & Lane 1983, J Bus Econ Stat 1:292)',
  interval:
    'noncentral F, turned round (Steiger 2004, Psychol Methods 9:164); it reaches 0 where η² is no larger than chance gives',
  refuses: [
    'a grouping of one level, or of more levels than units can tell apart',
    'combinations of which so many were not measured that groups share no level of second (of the interaction: that none is left to compare)',
    'fewer than 3 degrees of freedom',
  ],
  example: { metric: 'two_way', columns: { value: 'rate', group: 'drug', second: 'sex' }, subject: 'mouse' },
  assumes: [
    'units are independent of one another',
    'the permutation (of residuals) is exact for large n alone',
    'sums of squares are of type II, whatever the numbers of units: of group beside second, without their interaction, by the error within combinations. Combinations that were not measured take no degree of freedom, and the interaction is that of the measured ones. For type III or an interaction with a number ask slope with x made in SQL',
  ],
  picture: cellsPicture,
  measure(sample, metric, { random, finest, level }) {
    const units = unitsOf(sample);
    const values = units.means(sample.numbers('value'));
    const [groups, seconds] = ['group', 'second'].map((role) => levelOfUnits(units, sample.levels(role), role));
    const cells = cellsOf(groups, seconds, values);
    const interaction = metric.name === 'two_way_interaction';
    const alone = spanOf([new Float64Array(values.length).fill(1), ...indicators(seconds)]);
    const both = spanOf(indicators(groups), alone);
    // One column a measured combination spans the whole model.
    const whole = spanOf(indicators(groups.map((own, i) => JSON.stringify([own, seconds[i]]))), both);
    const [reduced, full] = interaction ? [both, whole] : [alone, both];
    const [between, within] = [full.length - reduced.length, values.length - whole.length];
    refuseUnlessComparable(sample.columnsOf('group')[0], cells, { interaction, between });
    if (within < 3)
      refuse(
        'too-few',
        `${values.length} ${units.of} in ${cells.measured} combinations leave ${within} degrees of freedom; 3 are needed.`,
        'Measure more, or name fewer groups.',
      );
    const rest = without(values, reduced);
    if (!(dot(rest, rest) > 1e-18 * dot(values, values)))
      refuse('assumption', 'The value does not vary.', 'Name another.');
    const statistic = statisticOf(whole, reduced.length, full.length);
    const [after, error] = [without(rest, full), without(rest, whole)].map((left) => dot(left, left));
    const gain = dot(rest, rest) - after;
    const f = gain / between / (error / within);
    return drawnForNothing(
      {
        estimate: gain / (gain + error),
        ...shareInterval({ f, between, within, units: values.length }, level),
        interval: noncentral,
        n: { count: values.length, of: units.of },
        groups: cells.summaries,
        checks: [
          { what: 'combinations that were not measured', value: cells.empty.length, fine: cells.empty.length === 0 },
          { what: 'units in the smallest combination', value: cells.smallest, fine: cells.smallest > 1 },
        ],
        details: { F: f, between, within, pClassical: fisherSurvival(f, between, within) },
      },
      () => permuteOrder(rest, statistic, random, finest),
      {
        before: 'residuals (Freedman & Lane 1983), ',
        side: 'above',
      },
    );
  },
};

/** How many units each combination of two groupings has. */
interface Cells {
  levels: [groups: number, seconds: number];
  measured: number;
  smallest: number;
  /** Combinations without a unit: "ko × f". */
  empty: string[];
  summaries: GroupSummary[];
}

function cellsOf(groups: string[], seconds: string[], values: Float64Array): Cells {
  const members = new Map<string, number[]>();
  groups.forEach((own, i) => {
    const name = `${own} × ${seconds[i]}`;
    members.set(name, [...(members.get(name) ?? []), i]);
  });
  const [first, second] = [levelsInOrder(groups), levelsInOrder(seconds)];
  const all = first.flatMap((one) => second.map((other) => `${one} × ${other}`));
  return {
    levels: [first.length, second.length],
    measured: members.size,
    smallest: Math.min(...[...members.values()].map(({ length }) => length)),
    empty: all.filter((name) => !members.has(name)),
    summaries: summaries(
      all,
      all.map((name) => members.get(name) ?? []),
      values,
    ),
  };
}

/** Throws `bad-input` where the combinations that were measured do not say what is asked. between: degrees of freedom of it. */
function refuseUnlessComparable(
  group: string,
  { levels, empty }: Cells,
  { interaction, between }: { interaction: boolean; between: number },
): void {
  if (Math.min(...levels) < 2)
    refuse(
      'design',
      `${group} has ${levels[0]} level(s) and the second grouping ${levels[1]}; both need two.`,
      'Ask one_way where there is one grouping.',
    );
  const missing = `${empty.length} combination(s) were not measured (${empty.slice(0, 8).join(', ')}${empty.length > 8 ? ', …' : ''})`;
  if (interaction && between < 1)
    refuse(
      'design',
      `${missing}: none is left that an interaction would show in.`,
      'Name groups that were measured in two levels of second at least.',
    );
  if (!interaction && between < levels[0] - 1)
    refuse(
      'design',
      `${missing}: some groups share no level of second with the others.`,
      'Name as groups those that share one, or ask one_way within one level of second.',
    );
}

/**
 * Partial η² as a function of an order of the residuals. basis: orthonormal, that of the model without what is tested first, then
 * what it adds, from `from` to `to`.
 */
function statisticOf(basis: readonly Float64Array[], from: number, to: number): (way: Float64Array) => number {
  return (way) => {
    let [gain, error] = [0, dot(way, way)];
    basis.forEach((column, k) => {
      const along = dot(way, column);
      if (k >= from && k < to) gain += along * along;
      error -= along * along;
    });
    return gain / (gain + Math.max(0, error));
  };
}
