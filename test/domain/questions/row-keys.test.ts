import { distinct, hashesOf, keysWithMoved, rowKeys, shareAmong } from '@bregma/core/questions/row-keys';
import type { Cell } from '@bregma/core/questions/sample';
import { expect, test } from 'vitest';

const keysOf = (...columns: Cell[][]) => rowKeys(columns.map((column) => hashesOf(column)));

test('a row has one key whatever order its columns lie in, and whether its numbers are texts', () => {
  const [names, rates, angles] = [
    ['a', 'b', 'a'],
    [1.5, 2, Number.NaN],
    [0, -45, null],
  ];
  const keys = keysOf(names, rates, angles);
  expect(keysOf(angles, names, rates)).toEqual(keys);
  expect(keysOf(names, rates.map(String), ['0', '-45', 'null'])).toEqual(keys);
  expect(keysOf(['-0'])).not.toEqual(keysOf([-0]));
  expect(keysOf([-0])).toEqual(keysOf(['0']));
});

test('rows that differ have other keys: exchanged between rows, doubled, one higher and one lower', () => {
  const whole = Array.from({ length: 100_000 }, (_, i) => [i % 317, Math.floor(i / 317), i % 7]);
  const columns = [0, 1, 2].map((at) => whole.map((row) => row[at]));
  const different = new Set(whole.map((row) => row.toSorted((a, b) => a - b).join()));
  expect(distinct(keysOf(...columns))).toHaveLength(different.size);
  expect(keysOf(['a', 'b'], ['a', 'c'])[0]).not.toBe(keysOf(['b', 'c'], ['b', 'a'])[0]);
});

test('a column that is moved, or rounded, gives the keys of that table', () => {
  const [names, rates] = [
    ['a', 'b', 'c'],
    [1.26, 2.31, 3],
  ];
  const moved = keysWithMoved(
    [names, rates].map((column) => hashesOf(column)),
    1,
    (row) => (row + 1) % 3,
  );
  expect(moved).toEqual(keysOf(names, [2.31, 3, 1.26]));
  expect(rowKeys([hashesOf(rates, { decimals: 1 })])).toEqual(keysOf([1.3, 2.3, 3]));
  expect(rowKeys([hashesOf(rates, { digits: 1 })])).toEqual(keysOf([1, 2, 3]));
});

test('shares are of different numbers', () => {
  const [wanted, held] = [
    [3, 1, 1, Number.NaN, 7],
    [1, 2, 7],
  ].map((numbers) => distinct(Float64Array.from(numbers)));
  expect([...wanted]).toEqual([1, 3, 7]);
  expect(shareAmong(wanted, held)).toBeCloseTo(2 / 3, 12);
});
