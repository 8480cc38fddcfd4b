import type { Responses } from '@bregma/core/identity/responses';
import { sameColumns } from '@bregma/core/identity/same-columns';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';

const random = makeRandom('columns');
const [neurons, columns] = [4, 48];
const drawn = (draw: () => number, count = columns): Responses => ({
  neurons,
  columns: count,
  values: Float64Array.from({ length: neurons * count }, draw),
});
const all = Array.from({ length: columns }, (_, i) => i);
const order = all.map((i) => (7 * i + 3) % columns);
const part = order.slice(0, 20);
/** Columns of some responses in an order, each row changed. */
const taken = (of: Responses, at: number[], change = (value: number, _neuron: number) => value): Responses => ({
  neurons,
  columns: at.length,
  values: Float64Array.from({ length: neurons * at.length }, (_, i) => {
    const neuron = Math.floor(i / at.length);
    return change(of.values[neuron * of.columns + at[i % at.length]], neuron);
  }),
});

/** Columns of one beside those of another. */
const beside = (left: Responses, right: Responses): Responses => {
  const width = left.columns + right.columns;
  const at = (i: number) => {
    const [neuron, column] = [Math.floor(i / width), i % width];
    return column < left.columns
      ? left.values[neuron * left.columns + column]
      : right.values[neuron * right.columns + column - left.columns];
  };
  return { neurons, columns: width, values: Float64Array.from({ length: neurons * width }, (_, i) => at(i)) };
};

describe('columns are known again by what was measured alone', () => {
  const [whole, fresh] = [drawn(random.normal), drawn(random.normal)];
  const mixed = (weights: number[][]): Responses => ({
    ...whole,
    values: Float64Array.from({ length: neurons * columns }, (_, i) =>
      weights[Math.floor(i / columns)].reduce((sum, w, n) => sum + w * whole.values[n * columns + (i % columns)], 0),
    ),
  });
  const square = (of: (row: number, column: number) => number) =>
    Array.from({ length: neurons }, (_, row) => Array.from({ length: neurons }, (__, column) => of(row, column)));

  test.each<[string, Responses, number[]]>([
    ['in another unit', taken(whole, all, (value, neuron) => (neuron + 2) * value - 5), all],
    ['turned round and rounded', taken(whole, all, (value) => -Math.round(100 * value)), all],
    ['in another order', taken(whole, order), order],
    ['in part, in single precision', taken(whole, order.slice(0, 20), Math.fround), order.slice(0, 20)],
    ['in another order and unit', taken(whole, order, (value, neuron) => (neuron - 2.5) * value + 1), order],
    ['in part, in another order and unit', taken(whole, part, (value, neuron) => (neuron - 2.5) * value + 1), part],
    [
      'in part among as many that are new, in another unit',
      beside(
        taken(whole, part, (value) => 3 * value + 1),
        taken(fresh, part, (value) => 3 * value + 1),
      ),
      [...part, ...part.map(() => -1)],
    ],
    ['in another order and rounded', taken(whole, order, (value) => Math.round(1000 * value) / 1000), order],
    ['in another order and as logarithms', taken(whole, order, (value) => Math.log(value + 9)), order],
    ['with the mean of all neurons taken off', mixed(square((row, at) => (row === at ? 1 : 0) - 1 / neurons)), all],
    ['as sums of neurons', mixed(square((row, at) => Math.cos(row * 3 + at))), all],
  ])('%s', (_, other, expected) => {
    expect(Array.from(sameColumns(whole, other))).toEqual(expected);
  });
});

/** Poisson of this mean (Knuth). */
function poisson(mean: number): number {
  let [count, product] = [0, random.uniform()];
  while (product > Math.exp(-mean)) {
    count++;
    product *= random.uniform();
  }
  return count;
}

test.each<[string, () => number]>([
  ['of normal values', random.normal],
  ['of values on a coarse scale', () => 0.1953125 * Math.round(200 * random.normal())],
  ['of logarithms of counts', () => Math.log1p(poisson(60))],
  ['of counts', () => poisson(5)],
  ['of means of three counts', () => (poisson(20) + poisson(20) + poisson(20)) / 3],
  [
    'of means of seven counts, as single precision',
    () => Math.fround([...Array(7)].reduce((sum) => sum + poisson(9), 0) / 7),
  ],
  ['that are mostly 0', () => (random.uniform() < 0.95 ? 0 : random.normal())],
])('independent recordings %s are two, twenty times over', (_, draw) => {
  for (let k = 0; k < 20; k++) expect([...sameColumns(drawn(draw), drawn(draw))].every((at) => at < 0)).toBe(true);
});

test('independent recordings whose rows are all ranked alike are two', () => {
  const scores = Float64Array.from({ length: columns }, (_, i) => Math.log((i + 0.5) / (columns - i - 0.5)));
  const ranked = () => Array.from({ length: neurons }, () => random.shuffle([...scores])).flat();
  const [a, b] = [0, 1].map(() => ({ neurons, columns, values: Float64Array.from(ranked()) }));
  expect([...sameColumns(a, b)].every((at) => at < 0)).toBe(true);
});

test('and so are recordings of which one has fewer columns, thirty times over', () => {
  const draws = [random.normal, () => Math.exp(random.normal()), () => 0.195 * Math.round(400 * random.normal())];
  for (let k = 0; k < 30; k++) {
    const [a, b] = [drawn(draws[k % 3]), drawn(draws[k % 3], 20 + (k % 30))];
    expect([...sameColumns(a, b), ...sameColumns(b, a)].every((at) => at < 0)).toBe(true);
  }
});
