/**
 * A test of a measured table. A file of this folder exports one, named as the file:
 *
 * ```ts
 * // core/src/table-tests/along-a-line.ts
 * import { drawnForNothing } from '../questions/drawn.ts';
 * import { coefficient } from '../questions/metrics.ts';
 * import { refuse, unitsOf } from '../questions/units.ts';
 * import { pearson } from '../statistics/correlation.ts';
 * import { permuteOrder } from '../statistics/permutation.ts';
 * import type { TableTest } from './table-test.ts';
 *
 * export const alongALine: TableTest = {
 *   name: 'along-a-line',
 *   answers: 'Do two measured things go together?',
 *   metrics: [coefficient('along_a_line', "Pearson's r", 'r')],
 *   roles: [
 *     { name: 'x', holds: 'numbers' },
 *     { name: 'y', holds: 'numbers' },
 *   ],
 *   tests: 'permutation of y against x',
 *   interval: 'none',
 *   refuses: ['fewer than 4 units'],
 *   example: { metric: 'along_a_line', columns: { x: 'depth', y: 'rate' } },
 *   assumes: ['units are independent of one another'],
 *   measure(sample, _metric, { random, finest }) {
 *     const units = unitsOf(sample);
 *     const [x, y] = ['x', 'y'].map((role) => units.means(sample.numbers(role)));
 *     if (x.length < 4) refuse('too-few', `${x.length} ${units.of} are too few: 4 are needed.`, 'Measure more of them.');
 *     const n = { count: x.length, of: units.of };
 *     return drawnForNothing(
 *       { estimate: pearson(x, y), low: null, high: null, interval: 'none', n, checks: [], details: {} },
 *       () => permuteOrder(y, (way) => pearson(x, way), random, finest),
 *     );
 *   },
 * };
 * ```
 *
 * `npm run gen` registers it. `core/questions/analyse.ts` finds the rows, leaves out what is missing and what is a copy, and asks
 * each member of a family; the lab tests predictions with it, the atlas explores, and both serve its page, `bregma://test/NAME`.
 */
import type { Question, Role } from '../contracts/question.ts';
import type { Picture } from '../questions/pictures.ts';
import type { Columns, Sample } from '../questions/sample.ts';
import type { Random } from '../statistics/random.ts';

/** A number that a test can measure. */
export interface TableMetric {
  /** As a question names it: snake_case, unique among all tests. */
  name: string;
  /** What it is, for a person who chooses one. */
  title: string;
  /** Unit of its values; `value` means: that of the measured column. */
  unit: string;
  /** Range of its values, both ends excluded as a predicted size. */
  range: [low: number, high: number];
  /** The value that means "no effect". */
  nothing: number;
  /** Only "no effect" has a test: a prediction of another size is refused. */
  onlyNothing?: true;
  /** What a claim may be judged by besides p-values; default nothing. */
  judges?: NonNullable<Question['judge']>['by'][];
  /** Why it is not judged by others: "ranks have no likelihood". */
  unjudged?: string;
}

/** What a measurement is asked with. */
export interface Asked {
  random: Random;
  /** Smallest p-value that must be told apart: more draws are made for a smaller one. */
  finest: number;
  /** Confidence level of the interval. */
  level: number;
  /** Only whether there is an answer is asked: what costs is not made, and 1 stands for a p-value, which is valid and decides nothing. */
  estimatesAlone?: boolean;
  /** Opens a statistic in SQL, where who asks can run one. */
  openStatistic?: OpenStatistic;
}

/** Rows of a sample put together anew. */
export interface Arrangement {
  /** Row of the sample that each row is, [row]. */
  rows: Int32Array;
  /** Row of the sample whose exchanged columns it has, [row]. */
  exchanged: Int32Array;
  /** Which copy of its unit it belongs to, from 0, [row]; default: no unit stands twice. */
  copy?: Int32Array;
}

/** One SQL statistic over table `rows`. */
export interface SqlStatisticAsked {
  sql: string;
  /** Columns of `rows`; none has a value that is not measured. */
  columns: Columns;
  /** Those that an arrangement takes from other rows. */
  exchanged: string[];
  /** Column whose values are told apart, copy by copy. */
  unit?: string;
}

/** The statistic of each arrangement; NaN where it has no finite value. */
export type SqlStatistic = (arrangements: Arrangement[]) => Promise<Float64Array>;

/** Throws `bad-input` or `not-allowed` where the statement is not one that gives one number. */
export type OpenStatistic = (asked: SqlStatisticAsked) => Promise<SqlStatistic>;

/** A look at what a test assumes. */
export interface Check {
  what: string;
  value: number | null;
  /** Whether it looks as the test assumes. */
  fine: boolean;
}

/** One group of what was compared. */
export interface GroupSummary {
  name: string;
  n: number;
  /** Of yes and no: the share of yes. */
  mean?: number;
  sd?: number | null;
  /** Of times that were cut off: that by which half had it (Kaplan & Meier); null where fewer had. */
  median?: number | null;
  /** Of times: to how many it happened. */
  events?: number;
}

/** Two of several groups, compared so that what is said holds for all pairs at once. */
export interface PairOfGroups {
  first: string;
  second: string;
  /** Mean of the first less that of the second. */
  difference: number;
  low: number | null;
  high: number | null;
  /** Two-sided, adjusted for all pairs. */
  p: number | null;
}

/** What a test found of one sample. */
export interface Measured {
  estimate: number;
  low: number | null;
  high: number | null;
  /** How the interval was made. */
  interval: string;
  /**
   * p-value against "the metric is at most `bound`", and against "it is at least `bound`"; null where this test has none for that
   * bound. Valid at the finite size of the sample as far as `how` says.
   */
  above(bound: number): number | null;
  below(bound: number): number | null;
  /** The smallest p-value that so many units can give, whatever they are; absent where it is not known. */
  smallest?: number;
  /** What the p-values rest on: "exact permutation, 252 ways". */
  how: string;
  /** e-values of the same two, where p-values are not to be had for this bound. */
  eAbove?(bound: number): number | null;
  eBelow?(bound: number): number | null;
  /** The same after each of some units, in the order in which they came, of a question that is judged by a sequence. */
  looks?: {
    /** Units that each look sees, from 1. */
    places: number[];
    above(bound: number): Float64Array;
    below(bound: number): Float64Array;
  };
  n: { count: number; of: string };
  groups?: GroupSummary[];
  /** Of several groups which differ from which; how: the procedure. Made when it is asked for. */
  pairs?(): { how: string; rows: PairOfGroups[] };
  checks: Check[];
  /** Numbers that belong beside the estimate: the classical statistic, its degrees of freedom and its p-value. */
  details: Record<string, number | null>;
}

/** Tests one sort of question. One file in this folder each. */
export interface TableTest {
  name: string;
  /** The question that it answers. */
  answers: string;
  metrics: TableMetric[];
  roles: Role[];
  /** How p-values (or e-values) are made, and of which sizes. */
  tests: string;
  /** How intervals are made. */
  interval: string;
  /** What is refused. */
  refuses: string[];
  /** A question of this sort. */
  example: Question;
  /** What must be true of the data, as sentences. */
  assumes: string[];
  /** What was compared, as a chart; absent where a test has no picture of its own. */
  picture?(sample: Sample): Picture;
  /** Throws `bad-input` (with `refusal: 'too-few'` or `'assumption'`) where n or the values do not allow an answer. */
  measure(sample: Sample, metric: TableMetric, asked: Asked): Measured | Promise<Measured>;
}
