import type { Prediction } from '@bregma/core/contracts/hypothesis';
import type { Question } from '@bregma/core/contracts/question';
import type { Columns } from '@bregma/core/questions/sample';
import type { Random } from '@bregma/core/statistics/random';

/** What is known of a unit (of pairs: of a pair) before it is measured. */
export interface UnitKeys {
  group?: string;
  second?: string;
  angle?: number;
}

/** A test's table with an effect, one row a unit in the order in which they came. */
export interface Simulated {
  table: (effect: number, random: Random) => Columns;
  question: Question;
  /** The size against which the claim is held, and the side on which the effect lies. */
  bound: Pick<Prediction, 'direction' | 'size'>;
  /** The largest effect that is tried. */
  high: number;
  /** What the effect is in, and what else is taken for granted. */
  of: string;
  assuming: string;
}

/** How a prediction's table is simulated; undefined where this is not known of its metric. */
export function simulatedTable(prediction: Prediction, units: UnitKeys[]): Simulated | undefined {
  const { metric, measured, direction, size } = prediction;
  if (!measured || direction === 'equivalent') return undefined;
  const sign = direction === 'less' ? -1 : 1;
  const id = units.map((_, i) => `u${i}`);
  const { groups, paired, judge } = measured;
  const columns = (...roles: string[]) => Object.fromEntries(roles.map((role) => [role, role]));
  const question = {
    metric,
    groups,
    // Units stand in their order already.
    judge: judge && { ...judge, order: undefined },
    unit: 'unit',
  };
  const keys = (role: keyof UnitKeys) => units.map((unit) => unit[role] ?? '');
  const group = keys('group').map(String);
  const [first] = groups ?? [...new Set(group)].sort();
  const nothing = { direction, size: 0 } as const;
  const within = paired && { paired, unit: undefined, subject: 'unit', groups: groups ?? ['a', 'b'] };
  if (metric === 'rate_difference' && judge)
    return {
      table: (effect, random) => {
        const count = (raised: boolean) => poisson(usualCount * Math.exp(raised ? sign * effect : 0), random);
        return paired
          ? pairs(id, groups ?? ['a', 'b'], () => [count(true), count(false)])
          : { unit: id, group, value: group.map((own) => count(own === first)) };
      },
      question: { ...question, ...within, columns: columns('value', 'group') },
      bound: nothing,
      high: 3,
      of: 'log of the rate ratio',
      assuming: `Poisson counts, of ${usualCount} a unit where there is no effect`,
    };
  switch (metric) {
    case 'mean_difference':
    case 'median_difference':
    case 'rate_difference':
      return {
        table: (effect, random) =>
          paired
            ? pairs(id, groups ?? ['a', 'b'], () => [sign * effect + random.normal(), 0])
            : { unit: id, group, value: group.map((own) => (own === first ? sign * effect : 0) + random.normal()) },
        question: {
          ...question,
          ...within,
          columns: columns('value', 'group'),
        },
        bound: nothing,
        high: 12,
        of: paired ? 'standard deviations of the differences' : 'standard deviations within groups',
        assuming: metric === 'rate_difference' ? 'normal counts, all of the same exposure' : 'normal values',
      };
    case 'two_way':
    case 'two_way_interaction': {
      const [one, other] = [centred(group), centred(keys('second').map(String))];
      const pattern = scaled(metric === 'two_way' ? one : one.map((value, i) => value * other[i]));
      return {
        table: (effect, random) => ({
          ...{ unit: id, group, second: keys('second').map(String) },
          value: pattern.map((value) => effect * value + random.normal()),
        }),
        question: { ...question, columns: columns('value', 'group', 'second') },
        bound: nothing,
        high: 6,
        of: 'sd of the effect over units by sd within (Cohen’s f)',
        assuming: 'normal values, an effect that grows along the levels',
      };
    }
    case 'log_hazard_ratio':
      return {
        table: (effect, random) => ({
          ...{ unit: id, group, event: id.map(() => 1) },
          time: group.map((own) => -Math.log(1 - random.uniform()) / (own === first ? Math.exp(sign * effect) : 1)),
        }),
        question: { ...question, columns: columns('time', 'event', 'group') },
        bound: nothing,
        high: 6,
        of: 'log of the hazard ratio',
        assuming: 'hazards that stay the same, no time cut off (count events as units)',
      };
    case 'orientation_selectivity':
    case 'direction_selectivity':
    case 'circular_variance': {
      const angle = keys('angle').map(Number);
      const k = metric === 'direction_selectivity' ? 1 : 2;
      return {
        table: (effect, random) => {
          const preferred = 2 * Math.PI * random.uniform();
          return {
            ...{ unit: id, angle },
            value: angle.map(
              (own) => 1000 + effect * Math.cos((k * own * Math.PI) / 180 - preferred) + random.normal(),
            ),
          };
        },
        question: { ...question, unit: undefined, columns: columns('value', 'angle') },
        bound: { direction, size },
        high: 20,
        of: 'amplitude of the tuned part by sd of a presentation',
        assuming: 'normal responses, tuned as a cosine; blocks are not simulated',
      };
    }
    case 'pearson':
      return {
        table: (effect, random) => {
          const r = size + sign * effect;
          const x = id.map(random.normal);
          return { unit: id, x, y: x.map((value) => r * value + Math.sqrt(1 - r * r) * random.normal()) };
        },
        question: { ...question, columns: columns('x', 'y') },
        bound: { direction, size },
        high: 0.999 - sign * size,
        of: 'r beyond the size',
        assuming: 'bivariate normal values',
      };
    case 'slope':
      return {
        table: (effect, random) => {
          const x = scaled(id.map(random.normal));
          return { unit: id, x, value: x.map((value) => sign * effect * value + random.normal()) };
        },
        question: { ...question, columns: columns('value', 'x') },
        bound: nothing,
        high: 6,
        of: 'sd of what is left, a sd of x',
        assuming: 'normal values, linear in x, x of SD 1, no covariates',
      };
    case 'log_odds_slope':
      return {
        table: (effect, random) => {
          const x = scaled(id.map(random.normal));
          const share = (value: number) => 1 / (1 + Math.exp(-sign * effect * value));
          return { unit: id, x, outcome: x.map((value) => Number(random.uniform() < share(value))) };
        },
        question: { ...question, columns: columns('outcome', 'x') },
        bound: nothing,
        // Beyond it x of few units tells the outcomes apart, and the coefficient has no end.
        high: 3,
        of: 'log odds, a sd of x',
        assuming: 'normal x of SD 1, no covariates, as many of either outcome',
      };
    case 'log_hazard_slope':
      return {
        table: (effect, random) => {
          const x = scaled(id.map(random.normal));
          const time = x.map((value) => -Math.log(1 - random.uniform()) / Math.exp(sign * effect * value));
          return { unit: id, x, time, event: id.map(() => 1) };
        },
        question: { ...question, columns: columns('time', 'event', 'x') },
        bound: nothing,
        high: 3,
        of: 'log hazard, a sd of x',
        assuming: 'normal x of SD 1, no covariates, no time cut off (count events as units)',
      };
    case 'cramers_v': {
      const [rows, words] = [places(group), places(keys('second').map(String))];
      const many = Math.max(...words) + 1;
      return {
        table: (effect, random) => {
          const own = rows.map((row) => (random.uniform() < effect ? row % many : random.integer(many)));
          return { unit: id, x: rows.map((row) => `x${row}`), y: own.map((word) => `y${word}`) };
        },
        question: { ...question, columns: columns('x', 'y') },
        bound: nothing,
        high: 0.99,
        of: 'share of units whose second word follows the first (V, where there are as many of both)',
        assuming: 'second words all alike often where they do not follow',
      };
    }
    case 'odds_ratio':
    case 'proportion_difference': {
      const odds = metric === 'odds_ratio' ? size : 1;
      return {
        table: (effect, random) => {
          const half = (Math.log(odds) + sign * effect) / 2;
          const share = (own: string) => 1 / (1 + Math.exp(own === first ? -half : half));
          return { unit: id, group, outcome: group.map((own) => Number(random.uniform() < share(own))) };
        },
        question: { ...question, columns: columns('outcome', 'group') },
        bound: { direction, size },
        // Beyond it a cell of few units is empty, and an odds ratio has no value.
        high: 3,
        of: 'log odds ratio beyond the size',
        assuming: 'shares about ½',
      };
    }
    default:
      return undefined;
  }
}

/** Events of a unit that are simulated where there is no effect. */
const usualCount = 10;

/** A Poisson count of a small mean (Knuth 1997, The Art of Computer Programming 2, § 3.4.1). */
function poisson(mean: number, random: Random): number {
  let count = -1;
  for (let product = 1; product > Math.exp(-mean); product *= random.uniform()) count++;
  return count;
}

/** Two rows a pair. */
function pairs(id: string[], [one, other]: string[], draw: () => [number, number]): Columns {
  const drawn = id.map(draw);
  return {
    unit: id.flatMap((name) => [name, name]),
    group: id.flatMap(() => [one, other]),
    value: drawn.flat(),
  };
}

/** The place of each unit's level among the levels. */
function places(levels: string[]): number[] {
  const names = [...new Set(levels)].sort();
  return levels.map((level) => names.indexOf(level));
}

/** The same less its mean. */
function centred(levels: string[]): number[] {
  const own = places(levels);
  const mean = own.reduce((sum, place) => sum + place, 0) / own.length;
  return own.map((place) => place - mean);
}

/** With standard deviation 1 over units. */
function scaled(values: number[]): number[] {
  const sd = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  return values.map((value) => value / sd);
}
