import { type Responses, sameColumns } from '@bregma/core/identity/same-columns';
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
/** Columns of some responses in an order, each row changed. */
const taken = (of: Responses, at: number[], change = (value: number, _neuron: number) => value): Responses => ({
  neurons,
  columns: at.length,
  values: Float64Array.from({ length: neurons * at.length }, (_, i) => {
    const neuron = Math.floor(i / at.length);
    return change(of.values[neuron * of.columns + at[i % at.length]], neuron);
  }),
});

describe('columns are known again by what was measured alone', () => {
  const whole = drawn(random.normal);
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
  ['of counts', () => poisson(5)],
  ['of means of three counts', () => (poisson(20) + poisson(20) + poisson(20)) / 3],
  [
    'of means of seven counts, as single precision',
    () => Math.fround([...Array(7)].reduce((sum) => sum + poisson(9), 0) / 7),
  ],
  ['that are mostly 0', () => (random.uniform() < 0.95 ? 0 : random.normal())],
])('independent recordings %s are two, forty times over', (_, draw) => {
  for (let k = 0; k < 40; k++) expect([...sameColumns(drawn(draw), drawn(draw))].every((at) => at < 0)).toBe(true);
});
