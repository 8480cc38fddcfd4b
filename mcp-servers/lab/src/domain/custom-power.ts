import type { Prediction } from '@bregma/core/contracts/hypothesis';
import type { Cell, Columns, Sample } from '@bregma/core/questions/sample';
import { unitsOf } from '@bregma/core/questions/units';
import { drawsFor, ordersOf, tailsOf } from '@bregma/core/statistics/permutation';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { inBatches } from '@bregma/core/table-tests/custom';
import type { Arrangement, OpenStatistic } from '@bregma/core/table-tests/table-test';
import { type FoundBySimulation, smallest, wanted } from './simulated-power.ts';

const runs = 24;
/** Rows that the statistic is asked of for one effect, about, and for which units are taken. */
const work = 2e5;
const fewestUnits = 6;
/** p-values are told apart less finely than in the test: twice as few ways are asked. */
const coarse = (level: number) => 2 * level;
/** Levels that a column of labels has at most. */
const mostLevels = 12;

/** Columns of numbers that are drawn, and the columns of labels that they depend on. */
interface Shape {
  drawn: string[];
  labels: string[];
  of: string;
}

/**
 * The effect that a statistic in SQL finds with probability 0.8: numbers are drawn anew, shifted along the labels with which they
 * are exchanged, and exchanged as in the test, by one statement for all runs. Labels are all that is read of the rows. Undefined
 * where neither side of the exchange is labels, or fewer than 6 units could be simulated.
 */
export async function customEffect(
  { direction }: Prediction,
  sample: Sample,
  level: number,
  open: OpenStatistic,
  breathe: () => Promise<void>,
): Promise<FoundBySimulation | undefined> {
  const shape = shapeOf(sample);
  const all = [...unitsOf(sample).rows.values()];
  const every = Math.ceil((runs * drawsFor(coarse(level)) * sample.rows) / work);
  const units = all.filter((_, k) => k % every === 0);
  if (!shape || units.length < fewestUnits) return undefined;
  const rows = units.flat();
  const random = makeRandom('power custom');
  const known = new Map<number, number>();
  const powerAt = async (effect: number) => {
    const before = known.get(effect);
    if (before !== undefined) return before;
    const value = await open({
      sql: sample.question.sql ?? '',
      columns: drawnColumns(sample, rows, shape, effect, random.fork('numbers')),
      exchanged: sample.columnsOf('exchange'),
    });
    let found = 0;
    for (let run = 0; run < runs; run++) {
      await breathe();
      const [observed, ...values] = await inBatches(
        exchanges(sample, units, run, level, random.fork(`${run}`)),
        (way) => way,
        value,
        rows.length,
      );
      const tails = tailsOf(observed, values, false);
      if ((direction === 'less' ? tails.below : tails.above) <= level) found++;
    }
    known.set(effect, found / runs);
    return found / runs;
  };
  const high = 6;
  // In which direction a shift moves the statistic is not known beforehand.
  const sign = (await powerAt(high)) >= (await powerAt(-high)) ? 1 : -1;
  const effect = await smallest(async (size) => (await powerAt(sign * size)) >= wanted, high, 3);
  const power = await powerAt(sign * (effect ?? high));
  const shrunk = Math.sqrt(units.length / all.length);
  return {
    effect: effect === null ? null : effect * shrunk,
    power,
    error: Math.sqrt((power * (1 - power)) / runs),
    of: shape.of,
    assuming: `normal numbers in ${shape.drawn.join(', ')}; ${runs} tests simulated as they will be run${shrunk < 1 ? `, with ${units.length} of ${all.length} units, an effect taken to shrink with their root` : ''}`,
  };
}

function shapeOf(sample: Sample): Shape | undefined {
  const isLabels = (column: string) => {
    const cells = sample.cells(column);
    return cells.some((cell) => typeof cell !== 'number') || new Set(cells).size <= mostLevels;
  };
  const [exchanged, others] = [sample.columnsOf('exchange'), sample.columnsOf('with')];
  for (const [labels, drawn] of [
    [exchanged, others],
    [others, exchanged],
  ]) {
    const [named, numbers] = [labels.filter(isLabels), drawn.filter((column) => !isLabels(column))];
    if (named.length > 0 && numbers.length > 0)
      return {
        drawn: numbers,
        labels: named,
        of: `standard deviations from the first to the last level of ${named[0]}`,
      };
  }
  return undefined;
}

/** The columns of all runs below one another. */
function drawnColumns(
  sample: Sample,
  rows: number[],
  { drawn, labels }: Shape,
  effect: number,
  random: Random,
): Columns {
  const { question } = sample;
  const names = [...sample.columnsOf('exchange'), ...sample.columnsOf('with'), ...(question.blocks ?? [])];
  const keys = [question.unit, question.subject].filter((name) => name !== undefined);
  const levels = [...new Set(rows.map((row) => sample.cells(labels[0])[row]))].sort();
  const place = rows.map((row) => levels.indexOf(sample.cells(labels[0])[row]) / Math.max(1, levels.length - 1));
  const column = (name: string): Cell[] => {
    const cells = sample.cells(name);
    return Array.from({ length: runs }, () =>
      drawn.includes(name) ? place.map((score) => effect * score + random.normal()) : rows.map((row) => cells[row]),
    ).flat();
  };
  return Object.fromEntries([...new Set([...names, ...keys])].map((name) => [name, column(name)]));
}

/** The rows of one run as they are, then with whole units exchanged within their blocks. */
function* exchanges(
  sample: Sample,
  units: number[][],
  run: number,
  level: number,
  random: Random,
): Iterable<Arrangement> {
  const count = units.reduce((sum, own) => sum + own.length, 0);
  const rows = Int32Array.from({ length: count }, (_, i) => run * count + i);
  const starts = units.map((_, k) => units.slice(0, k).reduce((sum, own) => sum + own.length, 0));
  yield { rows, exchanged: rows };
  const blocks = sample.blocks && units.map(([row]) => sample.blocks?.[row] ?? '');
  for (const way of ordersOf(Float64Array.from(units.keys()), random, coarse(level), blocks).ways) {
    const exchanged = new Int32Array(count);
    units.forEach((own, k) => {
      own.forEach((_, i) => {
        exchanged[starts[k] + i] = run * count + starts[way[k]];
      });
    });
    yield { rows, exchanged };
  }
}
