import { affine } from '@bregma/core/questions/changed-rows';
import { holdsRowsOf } from '@bregma/core/questions/same-rows';
import type { Columns } from '@bregma/core/questions/sample';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';

const rows = 40;
const random = makeRandom('changed rows');
/** Rates and weights of some animals, as a program writes them. */
const animals = (): Columns => ({
  animal: Array.from({ length: rows }, (_, i) => `m${i}`),
  group: Array.from({ length: rows }, (_, i) => (i % 2 ? 'a' : 'b')),
  rate: Array.from({ length: rows }, () => 12 + 4 * random.normal()),
});
const order = Array.from({ length: rows }, (_, i) => (i * 7 + 3) % rows);
const taken = (table: Columns, at: number[]): Columns =>
  Object.fromEntries(Object.entries(table).map(([name, values]) => [name, at.map((row) => values[row])]));

describe('measurements are known again', () => {
  const hidden = animals();
  const changed = (of: (rate: number) => number | string): Columns => ({
    ...hidden,
    rate: hidden.rate.map((rate) => of(Number(rate))),
  });

  test.each<[string, Columns]>([
    ['in another unit', changed((rate) => 1000 * rate)],
    ['turned round and moved', changed((rate) => 7 - 3 * rate)],
    ['as logarithms', changed(Math.log)],
    ['standardised and rounded', changed((rate) => Number(((rate - 12.03) / 3.9).toFixed(4)))],
    ['as texts with a word', changed((rate) => `${2 * rate} Hz`)],
    [
      'in another unit and order, without names',
      {
        x: taken(
          changed((rate) => 5 * rate + 1),
          order,
        ).rate,
      },
    ],
    ['as logarithms in another order, with the names of animals', taken(changed(Math.log), order)],
  ])('%s', (_, table) => {
    expect(holdsRowsOf(table, hidden)).toBe(true);
  });

  test('also a part of them, and where they are a part, in another unit', () => {
    const part = taken(hidden, order.slice(0, 15));
    const { rate } = changed((value) => 1000 * value + 5);
    expect(holdsRowsOf({ rate }, part)).toBe(true);
    expect(holdsRowsOf({ rate: taken({ rate }, order.slice(0, 15)).rate }, hidden)).toBe(true);
  });
});

test.each<[string, () => number]>([
  ['rates', () => 12 + 4 * random.normal()],
  ['rates on a coarse scale', () => 0.0390625 * Math.round(100 * random.normal())],
  [
    'times that grow by equal steps',
    (() => {
      let at = 0;
      return () => (at += 0.0333333);
    })(),
  ],
  ['shares of 17 trials', () => random.integer(18) / 17],
])('other animals with %s are other animals, thirty times over', (_, draw) => {
  for (let k = 0; k < 30; k++) {
    const [one, other] = [animals(), animals()].map((table) => ({ ...table, rate: table.rate.map(draw) }));
    expect(holdsRowsOf(one, other)).toBe(false);
  }
});

test('whole numbers lie among means of few counts by chance, and show nothing', () => {
  for (let k = 0; k < 20; k++) {
    const means = Float64Array.from({ length: 320 }, () => random.integer(90) / (1 + random.integer(3)));
    const counts = Float64Array.from(new Set(Array.from({ length: 12 }, () => random.integer(26))));
    expect(affine(means, counts)).toBe(false);
  }
  const rates = Float64Array.from({ length: 320 }, () => 12 + 4 * random.normal());
  expect(
    affine(
      rates,
      rates.slice(40, 52).map((rate) => 7 - 3 * rate),
    ),
  ).toBe(true);
});
