import type { Columns } from '@bregma/core/questions/sample';
import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { expect, test } from 'vitest';
import { ask, byGroup } from '../../fixtures/ask-table.ts';

const question = { metric: 'mean_difference', columns: byGroup };
const list = <T>(n: number, one: (i: number) => T) => Array.from({ length: n }, (_, i) => one(i));
const counted = async (table: Columns) => (await ask(table, question, true)).measured.n.count;
const twice = (table: Columns, at: number[]): Columns =>
  Object.fromEntries(Object.entries(table).map(([name, values]) => [name, at.map((row) => values[row])]));

const values: Record<string, (random: Random) => number> = {
  'shares of three trials': (random) => random.integer(4) / 3,
  'percentages of twelve trials': (random) => (100 * random.integer(13)) / 12,
  'means of four counts': (random) => random.integer(30) / 4,
  'scores from 1 to 5': (random) => 1 + random.integer(5),
};

test.each(Object.keys(values))('equal rows of %s are ties: every animal counts, also beside its sex', async (name) => {
  for (let k = 0; k < 5; k++) {
    const random = makeRandom(`${name} ${k}`);
    const table = { group: list(40, (i) => 'ab'[i % 2]), value: list(40, () => values[name](random)) };
    expect(await counted(table)).toBe(40);
    expect(await counted({ ...table, sex: list(40, () => 'fm'[random.integer(2)]) })).toBe(40);
  }
});

test('rows that lie twice in a table are counted once, by their names or because they are too many', async () => {
  const random = makeRandom('twice');
  const table: Columns = { group: list(30, (i) => 'ab'[i % 2]), value: list(30, () => random.normal()) };
  const both = [...list(30, (i) => i), ...list(30, (i) => i)];
  expect(await counted(twice(table, both))).toBe(30);
  expect(await counted(twice(table, [...both.slice(0, 30), 4]))).toBe(30);
  const named = { ...table, value: list(30, () => random.integer(3)), animal: list(30, (i) => `m${i}`) };
  expect(await counted(twice(named, both))).toBe(30);
  const often = list(750, (i) => i % 30);
  expect(await counted(twice({ ...table, animal: named.animal }, often))).toBe(30);
});

test('units that were all cut off at one time are units, beside times of many digits', async () => {
  const random = makeRandom('cut off');
  const time = list(60, () => Math.min(3, -2 * Math.log(random.uniform())));
  const table = { time, event: time.map((at) => Number(at < 3)), group: list(60, (i) => 'ab'[i % 2]) };
  const columns = { time: 'time', event: 'event', group: 'group' };
  const { measured } = await ask(table, { metric: 'log_hazard_ratio', columns, groups: ['a', 'b'] }, true);
  expect(measured.n.count).toBe(60);
});
