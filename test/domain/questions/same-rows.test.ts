import { holdsRowsOf } from '@bregma/core/questions/same-rows';
import type { Columns } from '@bregma/core/questions/sample';
import { makeRandom } from '@bregma/core/statistics/random';
import { expect, test } from 'vitest';

/** Counts of spikes of 6 tuned neurons at 8 angles, as whole numbers: any two sessions of the design share many rows. */
function counts(seed: number, mean: number, repeats = 10): Columns {
  const random = makeRandom(seed);
  const rows = Array.from({ length: 48 * repeats }, (_, i) => {
    const [neuron, angle] = [i % 6, Math.floor(i / 6) % 8];
    const rate = mean * (1 + 0.8 * Math.cos((angle * Math.PI) / 4 + neuron));
    const drawn = Array.from({ length: 40 }, () => random.uniform()).filter((one) => one < rate / 40).length;
    return { neuron: `n${neuron}`, angle: angle * 45, repeat: Math.floor(i / 48), count: drawn };
  });
  return Object.fromEntries(Object.keys(rows[0]).map((name) => [name, rows.map((row) => row[name as 'count'])]));
}

test('a second session of counts by the same design is another session', () => {
  for (const mean of [1, 3, 8])
    for (let seed = 2; seed < 8; seed++)
      expect([mean, seed, holdsRowsOf(counts(seed, mean), counts(1, mean))]).toEqual([mean, seed, false]);
});

test('a copy of counts is known again: whole, among others, and a third of it', () => {
  for (const mean of [1, 3, 8]) {
    const own = counts(1, mean);
    const other = counts(2, mean);
    const both = Object.fromEntries(Object.keys(own).map((name) => [name, [...other[name], ...own[name]]]));
    const third = Object.fromEntries(Object.entries(own).map(([name, values]) => [name, values.slice(0, 160)]));
    expect([mean, holdsRowsOf(own, own), holdsRowsOf(third, own)]).toEqual([mean, true, true]);
    if (mean > 1) expect([mean, holdsRowsOf(both, own)]).toEqual([mean, true]);
  }
});
