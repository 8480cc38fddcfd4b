import { mean, pearson } from '@bregma/core/statistics/correlation';
import { jackknifeInterval } from '@bregma/core/statistics/jackknife';
import { makeRandom } from '@bregma/core/statistics/random';
import { studentQuantile } from '@bregma/core/statistics/student';
import { expect, test } from 'vitest';

const random = makeRandom('jackknife');

test('of a mean, the jackknife is the interval of Student', () => {
  const values = Array.from({ length: 12 }, () => random.normal());
  const without = values.map((_, i) => mean(values.filter((__, j) => j !== i)));
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / 11);
  const half = (studentQuantile(0.975, 11) * sd) / Math.sqrt(12);
  const { low, high } = jackknifeInterval(mean(values), without);
  expect([low, high]).toEqual([expect.closeTo(mean(values) - half, 12), expect.closeTo(mean(values) + half, 12)]);
});

test('of a correlation, it stays between −1 and 1 and covers what is there', () => {
  const [rho, n, runs] = [0.95, 8, 1000];
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    const x = Array.from({ length: n }, () => random.normal());
    const y = x.map((value) => rho * value + Math.sqrt(1 - rho ** 2) * random.normal());
    const without = x.map((_, i) => pearson(x.toSpliced(i, 1), y.toSpliced(i, 1)));
    const { low, high } = jackknifeInterval(pearson(x, y), without, 'correlation');
    expect(low! > -1 && high! < 1).toBe(true);
    covered += Number(low! <= rho && rho <= high!);
  }
  expect(covered / runs).toBeGreaterThan(0.93);
});

test('says nothing of two units, of what does not vary in one of them, or of a correlation of one', () => {
  const none = { low: null, high: null };
  expect(jackknifeInterval(1, [1, 2])).toMatchObject({ ...none, units: 2 });
  expect(jackknifeInterval(0.5, [0.4, Number.NaN, 0.6])).toMatchObject(none);
  expect(jackknifeInterval(1, [1, 1, 1], 'correlation')).toMatchObject(none);
});
