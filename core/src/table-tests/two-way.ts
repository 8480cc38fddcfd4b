import { drawnForNothing } from '../questions/drawn.ts';
import { share } from '../questions/metrics.ts';
import { groupsPicture } from '../questions/pictures.ts';
import { levelOfUnits, refuse, unitsOf } from '../questions/units.ts';
import { fisherSurvival, shareInterval } from '../statistics/fisher.ts';
import { basisOf, without } from '../statistics/least-squares.ts';
import { permuteOrder } from '../statistics/permutation.ts';
import type { TableTest } from './table-test.ts';

/** How the interval is made, in an answer. */
const noncentral = 'noncentral F, turned round (Steiger 2004)';

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
  tests: 'permutation of residuals of the model without what is tested (Freedman & Lane 1983)',
  interval: 'noncentral F, turned round (Steiger 2004); it reaches 0 where η² is no larger than chance gives',
  refuses: ['a combination of groups that was not measured', 'fewer than 3 degrees of freedom'],
  example: { metric: 'two_way', columns: { value: 'rate', group: 'drug', second: 'sex' }, subject: 'mouse' },
  assumes: ['units are independent of one another', 'the permutation (of residuals) is exact for large n alone'],
  picture: groupsPicture,
  measure(sample, metric, { random, finest, level }) {
    const units = unitsOf(sample);
    const values = units.means(sample.numbers('value'));
    const group = indicators(levelOfUnits(units, sample.levels('group'), 'group'));
    const second = indicators(levelOfUnits(units, sample.levels('second'), 'second'));
    const both = group.flatMap((one) => second.map((other) => one.map((value, i) => value * other[i])));
    const interaction = metric.name === 'two_way_interaction';
    const base = [new Float64Array(values.length).fill(1), ...second, ...(interaction ? group : [])];
    const added = interaction ? both : group;
    const [reduced, full] = [basisOf(base), basisOf([...base, ...added])];
    if (added.length === 0 || !reduced || !full)
      refuse(
        'design',
        'Some combination of the two groupings was not measured, or one has a single level.',
        'Name groups that were measured in every level of second.',
      );
    // Type II: the error is that of the whole model, interaction included.
    const whole = interaction ? full : basisOf([...base, ...group, ...both]);
    if (!whole)
      refuse(
        'design',
        'Some combination of the two groupings was not measured.',
        'Name groups that were measured in every level of second.',
      );
    const within = values.length - whole.length;
    if (within < 3)
      refuse(
        'too-few',
        `${values.length} ${units.of} leave ${within} degrees of freedom; 3 are needed.`,
        'Measure more.',
      );
    const sums = (way: Float64Array) => {
      const rest = without(way, reduced);
      const [before, after, error] = [squares(rest), squares(without(rest, full)), squares(without(rest, whole))];
      return { gain: before - after, error };
    };
    const statistic = statisticOf(whole, reduced.length, full.length);
    const rest = without(values, reduced);
    if (!(squares(rest) > 1e-18 * squares(values))) refuse('assumption', 'The value does not vary.', 'Name another.');
    const { gain, error } = sums(values);
    const f = gain / added.length / (error / within);
    return drawnForNothing(
      {
        estimate: gain / (gain + error),
        ...shareInterval({ f, between: added.length, within, units: values.length }, level),
        interval: noncentral,
        n: { count: values.length, of: units.of },
        checks: [],
        details: { F: f, between: added.length, within, pClassical: fisherSurvival(f, added.length, within) },
      },
      () => permuteOrder(rest, statistic, random, finest),
      {
        before: 'residuals (Freedman & Lane 1983), ',
        side: 'above',
      },
    );
  },
};

/**
 * Partial η² as a function of an order of the residuals. basis: orthonormal, that of the model without what is tested first, then
 * what it adds, from `from` to `to`.
 */
function statisticOf(basis: readonly Float64Array[], from: number, to: number): (way: Float64Array) => number {
  return (way) => {
    let [gain, error] = [0, squares(way)];
    basis.forEach((column, k) => {
      let along = 0;
      for (let i = 0; i < way.length; i++) along += way[i] * column[i];
      if (k >= from && k < to) gain += along * along;
      error -= along * along;
    });
    return gain / (gain + Math.max(0, error));
  };
}

/** One column of 0 and 1 for every level but the first. */
function indicators(levels: readonly string[]): Float64Array[] {
  const [, ...others] = [...new Set(levels)].sort();
  return others.map((level) => Float64Array.from(levels, (own) => Number(own === level)));
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
