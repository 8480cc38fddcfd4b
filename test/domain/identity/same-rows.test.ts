import { sameMeasurements } from '@bregma/core/identity/same-rows';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';

const random = makeRandom('rows');
const row = (length = 40) => Float64Array.from({ length }, () => random.normal());
const base = row();

describe('two rows are the same measurements', () => {
  test.each<[string, (value: number, i: number) => number, 1 | 2]>([
    ['in another unit', (value) => 3 * value - 7, 2],
    ['in single precision', Math.fround, 2],
    ['the other way round', (value) => -value, 2],
    ['rounded to a decimal', (value) => Math.round(10 * value) / 10, 1],
    ['rounded to five levels', (value) => Math.round(value), 1],
    ['as exponentials', Math.exp, 1],
    ['as cubes', (value) => value ** 3, 1],
  ])('%s', (_, change, sameness) => {
    expect(sameMeasurements(base, base.map(change))).toBe(sameness);
    expect(sameMeasurements(base.map(change), base)).toBe(sameness);
  });
  test('where both were measured, although each was not somewhere', () => {
    const [a, b] = [base.slice(), base.slice()];
    a[3] = Number.NaN;
    b[9] = Number.NaN;
    expect(sameMeasurements(a, b)).toBe(2);
  });
});

describe('two rows are other measurements', () => {
  test.each<[string, ArrayLike<number>, ArrayLike<number>]>([
    ['of other things', row(), row()],
    ['repeated with a thirtieth of noise', base, base.map((value) => value + 0.05 * random.normal())],
    ['as squares', base, base.map((value) => value ** 2)],
    ['three of them', base.slice(0, 3), base.slice(0, 3)],
    ['that never vary', new Float64Array(40).fill(2), new Float64Array(40).fill(5)],
    ['of two levels, of which chance has as many', [0, 0, 0, 1, 1, 1, 0, 1], [0, 0, 0, 1, 1, 1, 0, 0.9]],
    ['in the same order by chance, five of them', [1, 2, 3, 4, 5], [1, 2, 5, 6, 30]],
  ])('%s', (_, a, b) => {
    expect(sameMeasurements(a, b)).toBe(0);
  });
  test('repeats of a few strong responses among weak ones', () => {
    const strong = row().map((value, i) => value + (i % 20 === 0 ? 500 : 0));
    expect(
      sameMeasurements(
        strong,
        strong.map((value) => value + 0.5 * random.normal()),
      ),
    ).toBe(0);
    expect(
      sameMeasurements(
        strong,
        strong.map((value) => 2 * value + 0.02 * random.normal()),
      ),
    ).toBe(1);
  });
  test('sparse counts of two sessions are not one because most are 0', () => {
    const counts = () => Float64Array.from({ length: 60 }, () => Number(random.uniform() < 0.03));
    for (let i = 0; i < 200; i++) expect(sameMeasurements(counts(), counts())).not.toBe(1);
  });
});
