import { holdsRowsOf } from '@bregma/core/questions/same-rows';
import type { Columns } from '@bregma/core/questions/sample';
import { makeRandom } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';

/** Rates of 8 neurons at 8 angles, as a recording gives them: many digits. */
function session(seed: number, repeats = 6): Columns {
  const random = makeRandom(seed);
  const rows = Array.from({ length: 64 * repeats }, (_, i) => ({
    neuron: `n${i % 8}`,
    angle: (Math.floor(i / 8) % 8) * 22.5,
    repeat: Math.floor(i / 64),
    rate: 12 + 4 * random.normal(),
  }));
  return columnsOf(rows);
}

const columnsOf = (rows: Record<string, string | number>[]): Columns =>
  Object.fromEntries(Object.keys(rows[0]).map((name) => [name, rows.map((row) => row[name])]));

const withRates = (table: Columns, change: (rate: number) => number): Columns => ({
  ...table,
  rate: table.rate.map((rate) => change(Number(rate))),
});

describe('rounded measurements', () => {
  const hidden = session(1);
  const decimals = (digits: number) => withRates(hidden, (rate) => Number(rate.toFixed(digits)));

  test('are known again at 1 to 6 decimals, and at 3 to 6 significant digits, in any order and under any name', () => {
    for (const digits of [1, 2, 3, 4, 6])
      expect([digits, holdsRowsOf(decimals(digits), hidden)]).toEqual([digits, true]);
    for (const digits of [3, 4, 6]) {
      const { neuron, angle, repeat, rate } = withRates(hidden, (value) => Number(value.toPrecision(digits)));
      const renamed = Object.entries({ d: rate, c: repeat, b: neuron, a: angle }).map(([name, values]) => [
        name,
        [...values].reverse(),
      ]);
      expect([digits, holdsRowsOf(Object.fromEntries(renamed), hidden)]).toEqual([digits, true]);
    }
  });

  test('are known again among others, without a column, with one more, and as bare numbers of some digits', () => {
    const other = withRates(session(2), (rate) => Number(rate.toFixed(2)));
    const copy = decimals(2);
    const mixed = Object.fromEntries(Object.keys(copy).map((name) => [name, [...other[name], ...copy[name]]]));
    expect(holdsRowsOf(mixed, hidden)).toBe(true);
    const { repeat: _, ...less } = decimals(3);
    expect(holdsRowsOf(less, hidden)).toBe(true);
    expect(holdsRowsOf({ ...copy, note: copy.rate.map((_, i) => `row ${i}`) }, hidden)).toBe(true);
    expect(holdsRowsOf({ rate: decimals(4).rate }, hidden)).toBe(true);
  });

  test('of another session of the same design are others, however few digits they have', () => {
    for (let seed = 2; seed < 12; seed++)
      for (const digits of [0, 1, 2, 3, 6]) {
        const other = withRates(session(seed), (rate) => Number(rate.toFixed(digits)));
        expect([seed, digits, holdsRowsOf(other, hidden)]).toEqual([seed, digits, false]);
        expect([seed, digits, holdsRowsOf({ rate: other.rate }, hidden)]).toEqual([seed, digits, false]);
      }
  });

  test('on a scale of few steps, as means of three counts are, tell nothing', () => {
    const thirds = (seed: number) => withRates(session(seed), (rate) => Math.round(rate * 3) / 3);
    const coarse = withRates(thirds(5), (rate) => Number(rate.toFixed(2)));
    expect(holdsRowsOf({ rate: coarse.rate }, { rate: thirds(4).rate.map(Number) })).toBe(false);
  });
});
