import { expect, test } from 'vitest';
import { duration } from '../../../webviews/src/kit/amounts.ts';

test.each([
  [null, 'not recorded'],
  [0, '0 s'],
  [340.4, '340 ms'],
  [12_340, '12.3 s'],
  [45_000, '45 s'],
  [59_960, '1 min'],
  [125_400, '2 min 5 s'],
  [120_000, '2 min'],
  [3_599_600, '1 h'],
  [4_170_000, '1 h 10 min'],
  [7_200_000, '2 h'],
])('a duration of %s ms reads %s', (ms, says) => {
  expect(duration(ms)).toBe(says);
});
