import { drawnForNothing } from '../questions/drawn.ts';
import { type Evidence, judgedBy } from '../questions/judged.ts';
import { share } from '../questions/metrics.ts';
import { wordsPicture } from '../questions/pictures.ts';
import { levelOfUnits, levelsInOrder, refuse, unitsOf } from '../questions/units.ts';
import { chiSquaredSurvival } from '../statistics/gamma.ts';
import { drawsFor, permuteOrder } from '../statistics/permutation.ts';
import { amongExchanges, logRowsApart } from '../statistics/table-evidence.ts';
import type { Asked, TableTest } from './table-test.ts';

const fewest = 4;
/** Expected units of a cell below which the chi-squared distribution is not trusted (Cochran 1954, Biometrics 10:417). */
const fewExpected = 5;

/** Whether two words of each unit go together: a table of any number of rows and columns. */
export const contingency: TableTest = {
  name: 'contingency',
  answers: 'Do two words that each unit has go together?',
  metrics: [
    share('cramers_v', "Cramér's V: 0 where rows say nothing of columns, 1 where they say all", 'V', {
      judges: ['bayes-factor'],
      unjudged: 'in sequence it is not known how often each word comes at all',
    }),
  ],
  roles: [
    { name: 'x', holds: 'levels' },
    { name: 'y', holds: 'levels' },
  ],
  tests: 'exchange of one word among the units, chi-squared statistic',
  interval: 'none',
  refuses: ['fewer than 4 units', 'a word that does not vary'],
  example: { metric: 'cramers_v', columns: { x: 'genotype', y: 'diagnosis' }, unit: 'donor' },
  assumes: [
    'units are independent of one another',
    'chi2 and pClassical (Pearson, without correction) are for tables in which hardly a cell has fewer than 5 expected units; the permutation holds for all',
  ],
  picture: wordsPicture,
  measure(sample, _metric, asked) {
    const { random, finest } = asked;
    const units = unitsOf(sample);
    const [x, y] = ['x', 'y'].map((role) =>
      placesOf(levelOfUnits(units, sample.levels(role), sample.columnsOf(role)[0])),
    );
    const n = x.places.length;
    if (n < fewest) refuse('too-few', `${n} ${units.of} are too few: ${fewest} are needed.`, 'Measure more of them.');
    const least = Math.min(x.counts.length, y.counts.length);
    if (least < 2)
      refuse(
        'assumption',
        `${sample.columnsOf(x.counts.length < 2 ? 'x' : 'y')[0]} does not vary.`,
        'Name columns that vary.',
      );
    const chiSquared = (way: Float64Array) => chiSquaredOf(x, { ...y, places: way });
    const chi2 = chiSquared(y.places);
    const degrees = (x.counts.length - 1) * (y.counts.length - 1);
    const expected = x.counts.flatMap((row) => y.counts.map((column) => (row * column) / n));
    const few = expected.filter((one) => one < fewExpected).length / expected.length;
    const measured = drawnForNothing(
      {
        estimate: Math.sqrt(chi2 / n / (least - 1)),
        low: null,
        high: null,
        interval: 'none',
        n: { count: n, of: units.of },
        checks: [
          { what: `share of cells with fewer than ${fewExpected} expected units`, value: few, fine: few <= 0.2 },
        ],
        details: { chi2, degrees, pClassical: chiSquaredSurvival(chi2, degrees) },
      },
      () => permuteOrder(y.places, chiSquared, random, finest),
      { side: 'above' },
    );
    return sample.question.judge ? judgedBy(evidenceOf(x, y, asked), measured) : measured;
  },
};

/** Levels of units as places in their order, and how many units each has. */
interface Placed {
  places: Float64Array;
  counts: number[];
}

function placesOf(levels: string[]): Placed {
  const names = levelsInOrder(levels);
  const at = new Map(names.map((name, i) => [name, i]));
  const places = Float64Array.from(levels, (level) => at.get(level) ?? 0);
  return { places, counts: names.map((_, i) => places.reduce((count, one) => count + Number(one === i), 0)) };
}

/** Bayes factor of rows with shares of their own, given how often each word comes: one word is exchanged among the units. */
function evidenceOf(x: Placed, y: Placed, { random, finest }: Asked): Evidence {
  const log = (way: Float64Array) => logRowsApart(cellsOf(x, { ...y, places: way }));
  const exchanged = Float64Array.from({ length: drawsFor(finest) }, () => {
    const order = random.permutation(y.places.length);
    return log(y.places.map((_, i) => y.places[order[i]]));
  });
  const found = amongExchanges(log(y.places), exchanged);
  const of = (factor: number) => (bound: number) => (bound === 0 ? factor : null);
  return {
    // Nothing lies below 0.
    ...{ eAbove: of(found), eBelow: of(1) },
    how: `Bayes factor given how often each word comes, shares of each row uniform (Gunel & Dickey 1974), by ${exchanged.length} exchanges`,
    details: {},
  };
}

/** Pearson's statistic (1900): n (Σ n_ij² / (n_i n_j) − 1). */
function chiSquaredOf(x: Placed, y: Placed): number {
  const [width, cells] = [y.counts.length, cellsOf(x, y)];
  let sum = 0;
  for (let cell = 0; cell < cells.length; cell++)
    sum += cells[cell] ** 2 / (x.counts[Math.floor(cell / width)] * y.counts[cell % width]);
  return Math.max(0, x.places.length * (sum - 1));
}

/** Units of each pair of words, [row × column]. */
function cellsOf(x: Placed, y: Placed): Float64Array {
  const width = y.counts.length;
  const cells = new Float64Array(x.counts.length * width);
  for (let i = 0; i < x.places.length; i++) cells[x.places[i] * width + y.places[i]]++;
  return cells;
}
