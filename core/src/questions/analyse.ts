import type { Bound, Question } from '../contracts/question.ts';
import { BregmaError, unknownName } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { benjaminiHochberg } from '../statistics/adjust.ts';
import { makeRandom } from '../statistics/random.ts';
import { tableTests } from '../table-tests/index.gen.ts';
import type { Measured, TableMetric, TableTest } from '../table-tests/table-test.ts';
import { type Columns, drawSample, familyOf, type LeftOut } from './sample.ts';

/** What one member of a family, or the whole table, says. */
export interface Answered {
  /** Level of the family; null where the question has none. */
  member: string | null;
  /** Absent where the member could not be asked; then `refused` says why. */
  measured?: Measured;
  refused?: string;
  leftOut?: LeftOut;
  /** Two-sided p-value of "no effect"; null where there is none. */
  p: number | null;
  /** The same, adjusted over the family by Benjamini & Hochberg. */
  adjusted: number | null;
}

/** What a table says to a question. */
export interface Analysis {
  test: TableTest;
  metric: TableMetric;
  answers: Answered[];
}

export const tableMetricNames: string[] = tableTests.flatMap(({ metrics }) => metrics.map(({ name }) => name));

/** The test and the metric of this name. Throws `unknown-name` with the nearest. */
export function tableMetric(name: string): { test: TableTest; metric: TableMetric } {
  for (const test of tableTests) {
    const metric = test.metrics.find((one) => one.name === name);
    if (metric) return { test, metric };
  }
  throw unknownName(
    'metric',
    name,
    nearest(name, tableMetricNames),
    `Metrics of tables: ${tableMetricNames.join(', ')}.`,
  );
}

/**
 * Asks a table a question. Every member of a family is asked by itself, with random numbers of its own, so that no member's answer
 * depends on the others. finest: the smallest p-value that must be told apart. Throws `bad-input` or `unknown-name`; of a family,
 * a member that is refused is named and the others go on. breathe: called between members. estimatesAlone:
 * p-values are left to who asks for them.
 */
export async function analyse(
  table: Columns,
  question: Question,
  options: {
    seed: number | string;
    finest?: number;
    level?: number;
    breathe?: () => Promise<void>;
    estimatesAlone?: boolean;
  },
): Promise<Analysis> {
  const { seed, finest = 0.001, level = 0.95, breathe = async () => {} } = options;
  const { test, metric } = tableMetric(question.metric);
  const random = makeRandom(seed);
  const ask = (part: Columns, member: string | null): Answered => {
    const sample = drawSample(part, question, test.roles);
    const measured = test.measure(sample, metric, { random: random.fork(member ?? ''), finest, level });
    return {
      member,
      measured,
      leftOut: sample.leftOut,
      p: options.estimatesAlone ? null : twoSided(measured, metric),
      adjusted: null,
    };
  };
  if (question.family === undefined) return { test, metric, answers: [ask(table, null)] };
  // What is wrong with the question is said once, before any member is asked.
  drawSample(table, question, test.roles);
  const answers: Answered[] = [];
  for (const [member, part] of familyOf(table, question.family)) {
    answers.push(orRefused(member, () => ask(part, member)));
    await breathe();
  }
  const tested = answers.filter((answer) => answer.p !== null);
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p ?? 1));
  tested.forEach((answer, i) => {
    answer.adjusted = adjusted[i];
  });
  return { test, metric, answers };
}

function orRefused(member: string, ask: () => Answered): Answered {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof BregmaError) || error.code !== 'bad-input') throw error;
    return { member, refused: error.message, p: null, adjusted: null };
  }
}

/** Twice the smaller of the two one-sided p-values of "no effect"; the one there is where "no effect" is an end of the range. */
function twoSided(measured: Measured, { nothing, range }: TableMetric): number | null {
  if (nothing === range[0]) return measured.above(nothing);
  if (nothing === range[1]) return measured.below(nothing);
  const [above, below] = [measured.above(nothing), measured.below(nothing)];
  return above === null || below === null ? null : Math.min(1, 2 * Math.min(above, below));
}

/** How a claim stands: p-values, or e-values where there are none, against "it is false" and against "it is true". */
export interface Standing {
  pFor: number | null;
  pAgainst: number | null;
  eFor: number | null;
  eAgainst: number | null;
}

/**
 * A claim against its own opposite. At most one of the two nulls can be true, so both may be held against one level. Inside ± size
 * both halves of the opposite must fall (Schuirmann 1987); outside, either half may, at twice its p-value.
 */
export function standing(measured: Measured, { direction, size }: Bound): Standing {
  const p = against(measured.above, measured.below, { direction, size }, Math.max, (a, b) =>
    Math.min(1, 2 * Math.min(a, b)),
  );
  if (p.yes !== null && p.no !== null) return { pFor: p.yes, pAgainst: p.no, eFor: null, eAgainst: null };
  const none = () => null;
  const e = against(
    measured.eAbove ?? none,
    measured.eBelow ?? none,
    { direction, size },
    Math.min,
    (a, b) => (a + b) / 2,
  );
  return { pFor: null, pAgainst: null, eFor: e.yes, eAgainst: e.no };
}

type Side = (bound: number) => number | null;

function against(
  above: Side,
  below: Side,
  { direction, size }: Bound,
  both: (a: number, b: number) => number,
  either: (a: number, b: number) => number,
): { yes: number | null; no: number | null } {
  if (direction === 'greater') return { yes: above(size), no: below(size) };
  if (direction === 'less') return { yes: below(size), no: above(size) };
  const joined = (a: number | null, b: number | null, how: typeof both) =>
    a === null || b === null ? null : how(a, b);
  return { yes: joined(above(-size), below(size), both), no: joined(above(size), below(-size), either) };
}
