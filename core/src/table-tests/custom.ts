import type { Sample } from '../questions/sample.ts';
import { refuse, unitsOf } from '../questions/units.ts';
import { quantile } from '../statistics/correlation.ts';
import { type DistinctOrders, distinctOrders } from '../statistics/multiset.ts';
import { inWords, ordersOf, type Tails, tailsOf } from '../statistics/permutation.ts';
import type { Random } from '../statistics/random.ts';
import type { Arrangement, Asked, Measured, SqlStatistic, TableTest } from './table-test.ts';

const fewest = 4;
/** Different exchanges that are all gone through. */
const mostExact = 20_000;
const resamples = 999;
/** Orders of the rows in which the statistic must be the same, and exchanges that are tried before more are drawn. */
const [reorders, tries] = [4, 20];
/** Arrangements that are asked at once hold so many rows. */
const rowsAtOnce = 200_000;

/** Units that are exchanged whole, with the block of each. */
interface Scheme {
  of: string;
  /** Rows of each unit. */
  units: Int32Array[];
  /** Block of each unit; undefined: all are exchangeable. */
  blocks?: string[];
  /** What each unit has in the exchanged columns: a unit that has the same, from 0. */
  label: Int32Array;
  distinct: DistinctOrders;
  rows: number;
}

/** A statistic of one's own, in SQL, against exchanging columns among rows. */
export const custom: TableTest = {
  name: 'custom',
  answers: 'Is a number of my own larger, or smaller, than exchanging columns among rows gives?',
  metrics: [
    {
      name: 'custom',
      title: 'The one number of an SQL statement over table rows',
      unit: 'statistic',
      range: [-Infinity, Infinity],
      nothing: 0,
      onlyNothing: true,
    },
  ],
  roles: [
    { name: 'exchange', holds: 'levels', several: true },
    { name: 'with', holds: 'levels', several: true, optional: true },
  ],
  tests:
    'exchange of the columns `exchange` among units, within blocks: every different way where there are at most 20,000, else random ones',
  interval: 'percentiles of a bootstrap of units within their blocks',
  refuses: [
    'fewer than 4 units',
    'SQL that is not one SELECT over table rows, or gives anything but one finite number',
    'a statistic that depends on chance or on the order of rows, or not on what is exchanged',
    'a unit that has two values of an exchanged column, or is in two blocks',
  ],
  example: {
    metric: 'custom',
    columns: { exchange: 'drug', with: ['rate'] },
    blocks: ['session'],
    sql: "SELECT median(rate) FILTER (drug = 'yes') - median(rate) FILTER (drug = 'no') FROM rows",
  },
  assumes: [
    'where there is no effect, the exchanged columns could stand in any order among the units of a block',
    'the statistic does not depend on the order of the rows',
  ],
  async measure(sample, _metric, asked) {
    const scheme = schemeOf(sample);
    const value = await open(sample, asked);
    const observed = await checked(value, scheme, sample, asked.random.fork('look'));
    const drawn = asked.estimatesAlone ? undefined : await exchanges(value, scheme, observed, asked);
    const interval = asked.estimatesAlone ? none : await bootstrap(value, scheme, asked);
    const side = (of: 'above' | 'below') => (bound: number) => (bound === 0 ? (drawn?.tails[of] ?? 1) : null);
    return {
      estimate: observed,
      ...interval,
      above: side('above'),
      below: side('below'),
      how: `${sample.columnsOf('exchange').join(', ')} exchanged among ${scheme.of}${scheme.blocks ? ' within blocks' : ''}${drawn ? `: ${inWords(drawn.tails)}` : ''}`,
      smallest: 1 / scheme.distinct.count,
      n: { count: scheme.units.length, of: scheme.of },
      checks: drawn ? [{ what: 'share of exchanges with a number', value: drawn.share, fine: drawn.share === 1 }] : [],
      details: { exchangedMean: drawn?.mean ?? null, exchangedSd: drawn?.sd ?? null },
    };
  },
};

const none = { low: null, high: null, interval: 'none' };

/** Throws `bad-input` where a unit is in two blocks, or has two values of what is exchanged. */
function schemeOf(sample: Sample): Scheme {
  const { of, rows } = unitsOf(sample);
  const units = Array.from(rows.values(), (own) => Int32Array.from(own));
  const same = (values: readonly unknown[], what: string, next: string) => {
    const wrong = units.find((own) => own.some((row) => values[row] !== values[own[0]]));
    if (wrong) refuse('design', `A ${of} has more than one ${what}: it cannot be exchanged whole.`, next);
  };
  for (const column of sample.columnsOf('exchange')) {
    const next = `Leave unit and subject out, and name ${of} in blocks to exchange within it.`;
    same(sample.cells(column), column, next);
    if (new Set(sample.cells(column)).size < 2)
      refuse('assumption', `${column} does not vary.`, 'Name a column that does as exchange.');
  }
  if (sample.blocks) same(sample.blocks, 'block', 'Name blocks of which units are parts.');
  if (units.length < fewest)
    refuse('too-few', `${units.length} ${of} are too few: custom needs ${fewest}.`, 'Measure more of them.');
  const blocks = sample.blocks && units.map(([row]) => sample.blocks?.[row] ?? '');
  const label = labelsOf(sample, units);
  return { of, units, blocks, label, distinct: distinctOrders(label, blocks), rows: sample.rows };
}

function labelsOf(sample: Sample, units: Int32Array[]): Int32Array {
  const columns = sample.columnsOf('exchange').map((name) => sample.cells(name));
  const first = new Map<string, number>();
  return Int32Array.from(units, ([row], k) => {
    const text = JSON.stringify(columns.map((cells) => cells[row]));
    const known = first.get(text) ?? k;
    first.set(text, known);
    return known;
  });
}

async function open(sample: Sample, { openStatistic }: Asked): Promise<SqlStatistic> {
  const { question } = sample;
  if (!openStatistic) throw new Error('custom is asked where nothing runs SQL');
  const exchanged = sample.columnsOf('exchange');
  const others = [...sample.columnsOf('with'), question.unit, question.subject, ...(question.blocks ?? [])];
  const names = [...new Set([...exchanged, ...others])].filter((name) => name !== undefined);
  return openStatistic({
    sql: question.sql ?? '',
    columns: Object.fromEntries(names.map((name) => [name, sample.cells(name)])),
    exchanged,
    unit: question.subject ?? question.unit,
  });
}

const asIs = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, i) => i);

/** The statistic of the rows as they are. Throws `bad-input` where it uses chance, the order of rows, or nothing that is exchanged. */
async function checked(value: SqlStatistic, scheme: Scheme, { rows, columnsOf }: Sample, random: Random) {
  const [first, again] = await value([as(asIs(rows)), as(asIs(rows))]);
  if (first !== again)
    refuse('assumption', `The statistic is ${first}, and ${again} of the same rows: it uses chance.`, 'Leave it out.');
  const turned = await value(
    Array.from({ length: reorders }, (_, k) => as(k === 0 ? asIs(rows).reverse() : random.permutation(rows))),
  );
  const other = turned.find((one) => !(Math.abs(one - first) <= 1e-9 * Math.max(1, Math.abs(first))));
  if (other !== undefined)
    refuse(
      'assumption',
      `The statistic is ${first}, and ${other} of the same rows in another order.`,
      'Order by a column of rows, and break ties.',
    );
  const few = scheme.distinct.count <= tries;
  const ways: Iterable<ArrayLike<number>> = few
    ? scheme.distinct.orders()
    : ordersOf(Float64Array.from(scheme.label), random, 1, scheme.blocks).ways;
  const moved: Arrangement[] = [];
  for (const way of ways) {
    moved.push(exchange(scheme, way));
    if (moved.length >= tries) break;
  }
  const tried = await value(moved);
  if (tried.every(Number.isNaN))
    refuse('assumption', 'The statistic has no value once columns are exchanged.', 'See what it divides by.');
  if (tried.every((one) => Math.abs(one - first) <= 1e-12 * Math.max(1, Math.abs(first))))
    refuse(
      'assumption',
      `The statistic is ${first} however ${columnsOf('exchange').join(', ')} is exchanged.`,
      'Exchange a column that it reads, across blocks in which it varies.',
    );
  return first;
}

const as = (rows: Int32Array): Arrangement => ({ rows, exchanged: rows });

/** Every unit with the exchanged columns of another. way: whose, [unit]. */
function exchange({ units, rows }: Scheme, way: ArrayLike<number>): Arrangement {
  const exchanged = new Int32Array(rows);
  units.forEach((own, k) => {
    for (const row of own) exchanged[row] = units[way[k]][0];
  });
  return { rows: asIs(rows), exchanged };
}

async function exchanges(
  value: SqlStatistic,
  scheme: Scheme,
  observed: number,
  { random, finest }: Asked,
): Promise<{ tails: Tails; share: number; mean: number; sd: number }> {
  const exact = scheme.distinct.count <= mostExact;
  const ways: Iterable<ArrayLike<number>> = exact
    ? scheme.distinct.orders()
    : ordersOf(Float64Array.from(scheme.label), random.fork('exchange'), finest, scheme.blocks).ways;
  const values = await inBatches(ways, (way) => exchange(scheme, way), value, scheme.rows);
  const known = values.filter(Number.isFinite);
  const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
  const squares = known.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return {
    tails: tailsOf(observed, values, exact),
    share: known.length / values.length,
    mean,
    sd: Math.sqrt(squares / (known.length - 1)),
  };
}

/** Percentiles of units drawn anew within their blocks (Efron & Tibshirani 1993, § 13.3); none where too many draws have no number. */
async function bootstrap(
  value: SqlStatistic,
  { units, blocks }: Scheme,
  { random, level }: Asked,
): Promise<Pick<Measured, 'low' | 'high' | 'interval'>> {
  const places = new Map<string, number[]>();
  units.forEach((_, k) => {
    const block = blocks?.[k] ?? '';
    places.set(block, [...(places.get(block) ?? []), k]);
  });
  const stream = random.fork('interval');
  const drawn = Array.from({ length: resamples }, () =>
    [...places.values()].flatMap((own) => own.map(() => own[stream.integer(own.length)])),
  );
  const rows = units.reduce((sum, own) => sum + own.length, 0);
  const values = (await inBatches(drawn, (chosen) => resampled(units, chosen), value, rows)).filter(Number.isFinite);
  if (values.length < 0.9 * resamples) return { ...none, interval: 'none: too many resamples have no number' };
  return {
    low: quantile(values, (1 - level) / 2),
    high: quantile(values, (1 + level) / 2),
    interval: `bootstrap of units${blocks ? ' within blocks' : ''}, percentiles of ${resamples}`,
  };
}

function resampled(units: Int32Array[], chosen: number[]): Arrangement {
  const seen = new Map<number, number>();
  const copies = chosen.map((k) => {
    const count = seen.get(k) ?? 0;
    seen.set(k, count + 1);
    return count;
  });
  const rows = Int32Array.from(chosen.flatMap((k) => Array.from(units[k])));
  return {
    rows,
    exchanged: rows,
    copy: Int32Array.from(chosen.flatMap((k, i) => Array.from(units[k], () => copies[i]))),
  };
}

/** The statistic of each way, in order, asked in batches. */
export async function inBatches<Way>(
  ways: Iterable<Way>,
  arrange: (way: Way) => Arrangement,
  value: SqlStatistic,
  rows: number,
): Promise<Float64Array> {
  const found: number[] = [];
  let waiting: Arrangement[] = [];
  const ask = async () => {
    for (const one of await value(waiting)) found.push(one);
    waiting = [];
  };
  for (const way of ways) {
    waiting.push(arrange(way));
    if (waiting.length * rows >= rowsAtOnce) await ask();
  }
  if (waiting.length > 0) await ask();
  return Float64Array.from(found);
}
