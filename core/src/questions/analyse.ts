import { type Bound, effectUnit, type Question } from '../contracts/question.ts';
import { BregmaError, unknownName } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { benjaminiHochberg } from '../statistics/adjust.ts';
import { makeRandom } from '../statistics/random.ts';
import { sprtBounds } from '../statistics/sprt.ts';
import { tableTests } from '../table-tests/index.gen.ts';
import type { Measured, OpenStatistic, TableMetric, TableTest } from '../table-tests/table-test.ts';
import { calledOtherwise, foundElsewhere } from './also-called.ts';
import { nestedChecks } from './nested-rows.ts';
import { type Columns, drawSample, familyOf, type LeftOut } from './sample.ts';
import { unmeasuredChecks } from './unmeasured.ts';

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
  const [meant, elsewhere] = [calledOtherwise(name), foundElsewhere(name)];
  throw unknownName(
    'metric',
    name,
    meant.length > 0 ? meant : elsewhere ? [] : nearest(name, tableMetricNames),
    elsewhere ?? (meant.length > 0 ? undefined : `Metrics of tables: ${tableMetricNames.join(', ')}.`),
  );
}

const judgedMetrics = (by: NonNullable<Question['judge']>['by']): string[] =>
  tableTests.flatMap(({ metrics }) => metrics.filter(({ judges }) => judges?.includes(by)).map(({ name }) => name));

/** Throws `bad-input` where a question says what its metric cannot hear. */
export function refuseStrange({ metric, sql, groups, paired, judge, family, happens }: Question): void {
  const { judges = [] } = tableMetric(metric).metric;
  const { unjudged = '' } = tableMetric(metric).metric;
  if (judge && !judges.includes(judge.by))
    throw new BregmaError('bad-input', `${metric} is not judged by ${judge.by}${unjudged && `: ${unjudged}`}.`, {
      next:
        judges.length > 0
          ? `It is by ${judges.join(', ')}; or leave judge out: it has p-values.`
          : `Leave judge out: it has p-values. ${judge.by} judges ${judgedMetrics(judge.by).join(', ')}.`,
    });
  if (judge && judge.by !== 'bayes-factor' && family !== undefined)
    throw new BregmaError('bad-input', `A family is looked at once, and not member by member by ${judge.by}.`, {
      next: 'Judge it by bayes-factor, or leave judge out.',
    });
  if (judge && (judge.by === 'sprt') !== (judge.effect !== undefined))
    throw new BregmaError('bad-input', `effect is of a sequential test, and it needs one.`, {
      next: `judge: {"by": "sprt", "effect": 0.5, "beta": 0.1}, the effect beyond the size in ${effectUnit(metric)}.`,
    });
  if (judge?.effect !== undefined && metric === 'pearson' && judge.effect >= 1)
    throw new BregmaError('bad-input', `No correlation is ${judge.effect} beyond another.`, {
      next: 'Look for an effect below 1, as 0.3.',
    });
  const { roles } = tableMetric(metric).test;
  if (happens !== undefined && !roles.some(({ name }) => name === 'outcome' || name === 'event'))
    throw new BregmaError('bad-input', `Nothing happens in ${metric}.`, {
      next: 'happens is of proportion_difference, odds_ratio, log_odds_slope, log_hazard_ratio and log_hazard_slope; groups names levels of a group.',
    });
  const custom = metric === 'custom';
  if (custom !== (sql !== undefined))
    throw new BregmaError('bad-input', custom ? 'custom needs its statistic as sql.' : `${metric} takes no sql.`, {
      next: custom
        ? `sql: "SELECT avg(rate) FILTER (drug = 'yes') - avg(rate) FILTER (drug = 'no') FROM rows"`
        : 'A statistic of your own is metric custom.',
    });
  if (custom && (groups || paired))
    throw new BregmaError('bad-input', `custom takes no ${groups ? 'groups' : 'paired'}.`, {
      next: 'Say it in the sql; exchange within pairs by blocks.',
    });
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
    openStatistic?: OpenStatistic;
  },
): Promise<Analysis> {
  const { seed, finest = 0.001, level = 0.95, breathe = async () => {}, estimatesAlone, openStatistic } = options;
  const { test, metric } = tableMetric(question.metric);
  const random = makeRandom(seed);
  refuseStrange(question);
  const ask = async (part: Columns, member: string | null): Promise<Answered> => {
    const sample = drawSample(part, question, test.roles);
    const measured = await test.measure(sample, metric, {
      random: random.fork(member ?? ''),
      finest,
      level,
      estimatesAlone,
      openStatistic,
    });
    measured.checks.push(...nestedChecks(part, question), ...unmeasuredChecks(part, question, test.roles));
    return {
      member,
      measured,
      leftOut: sample.leftOut,
      p: estimatesAlone ? null : twoSided(measured, metric),
      adjusted: null,
    };
  };
  if (question.family === undefined) return { test, metric, answers: [await ask(table, null)] };
  // What is wrong with the question is said once, before any member is asked.
  drawSample(table, question, test.roles);
  const answers: Answered[] = [];
  for (const [member, part] of familyOf(table, question.family)) {
    answers.push(await orRefused(member, () => ask(part, member)));
    await breathe();
  }
  const tested = answers.filter((answer) => answer.p !== null);
  const adjusted = benjaminiHochberg(tested.map(({ p }) => p ?? 1));
  tested.forEach((answer, i) => {
    answer.adjusted = adjusted[i];
  });
  return { test, metric, answers };
}

async function orRefused(member: string, ask: () => Promise<Answered>): Promise<Answered> {
  try {
    return await ask();
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

/** What a sequence of looks says: where it stopped, and how the claim stood there. */
export interface Stopped {
  standing: Standing;
  /** Units that had come. */
  units: number;
  why: 'decided' | 'no more units' | 'futile';
}

/**
 * Looks after each unit until a claim or its opposite reaches 1 / level: an e-process errs no more often for being looked at
 * (Ville 1939). beta: a likelihood ratio also stops where Wald's lower bound says that the effect is not there; that decides
 * nothing, because its error is beta and not the level's. Undefined where the question is not judged by a sequence.
 */
export function stopped(measured: Measured, bound: Bound, level: number, beta?: number): Stopped | undefined {
  const { looks } = measured;
  if (!looks) return undefined;
  const at = (look: number): Standing => {
    const e = against(
      (b) => looks.above(b)[look],
      (b) => looks.below(b)[look],
      bound,
      Math.min,
      (a, b) => (a + b) / 2,
    );
    return { pFor: null, pAgainst: null, eFor: e.yes, eAgainst: e.no };
  };
  const lower = futileBelow(level, beta);
  for (let look = 0; look < looks.places.length; look++) {
    const found = at(look);
    const why =
      Math.max(found.eFor ?? 0, found.eAgainst ?? 0) >= 1 / level
        ? 'decided'
        : Math.log(found.eFor ?? 1) <= lower
          ? 'futile'
          : undefined;
    if (why) return { standing: found, units: looks.places[look], why };
  }
  return { standing: at(looks.places.length - 1), units: looks.places.at(-1) ?? 0, why: 'no more units' };
}

/** The log-likelihood ratio at which a sequential test stops for nothing: Wald's bound; of evidence without `beta` there is none. */
export const futileBelow = (level: number, beta: number | undefined): number =>
  beta === undefined ? Number.NEGATIVE_INFINITY : sprtBounds({ alpha: level * (1 - beta), beta }).reject;

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
