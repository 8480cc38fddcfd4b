import { unmeasuredIn } from '@bregma/core/questions/unmeasured';
import { makeRandom } from '@bregma/core/statistics/random';
import { expect, test } from 'vitest';

const found = (...numbers: number[]) => unmeasuredIn(Float64Array.from(numbers));
const random = makeRandom('unmeasured');
const around = (mean: number, sd: number, n = 40) => Array.from({ length: n }, () => mean + sd * random.normal());

test.each<[string, number[], number, number]>([
  ['-999 among potentials', [...around(-65, 4), -999, -999], -999, 2],
  ['-999 among what is never negative', [350, -999, 420], -999, 1],
  ['-1 among rates', [...around(30, 3), -1], -1, 1],
  ['-9 among ages', [71, 64, 88, 90, 75, 69, -9], -9, 1],
  ['0 among weights of brains', [...around(1200, 60), 0, 0, 0], 0, 3],
  ['9999 among scores', [...around(70, 10), 9999], 9999, 1],
  ['99 among years of schooling', [12, 8, 16, 13, 9, 18, 99], 99, 1],
])('%s may mean not measured', (_, numbers, value, rows) => {
  expect(found(...numbers)).toEqual([{ value, rows }]);
});

test.each<[string, number[]]>([
  ['changes of a score', [-1, 0, 1, 2, 3, 4, 5]],
  ['differences about 0', [...around(0, 2), -1]],
  ['ages up to 99', [65, 71, 80, 85, 92, 99]],
  ['counts from 0', [0, 1, 2, 5, 9, 30]],
  ['yes and no', [0, 1, 1, 0]],
  ['words of three values', [-1, 0, 1, 1, -1]],
  ['an angle of -9 among others', [-12, -9, -3, 0, 4, 8]],
  ['one value alone', [-999, -999]],
  ['nothing', []],
])('%s are numbers', (_, numbers) => {
  expect(found(...numbers)).toEqual([]);
});
