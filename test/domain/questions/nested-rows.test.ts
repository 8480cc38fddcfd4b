import { makeRandom } from '@bregma/core/statistics/random';
import { expect, test } from 'vitest';
import { ask, byGroup } from '../../fixtures/ask-table.ts';

const random = makeRandom('nested rows');
const rows = 48;
const list = <T>(one: (i: number) => T) => Array.from({ length: rows }, (_, i) => one(i));
const table = {
  mouse: list((i) => `m${i % 6}`),
  sex: list((i) => 'fm'[i % 4 === 0 ? 0 : 1]),
  cell: list((i) => `c${i}`),
  group: list((i) => (i % 6 < 3 ? 'ko' : 'wt')),
  value: list((i) => (i % 6) + random.normal()),
};
const doubts = async (more: Record<string, unknown>, of: Record<string, unknown[]> = table) => {
  const question = { metric: 'mean_difference', columns: byGroup, ...more };
  // SAFETY: columns of texts and numbers.
  const { measured } = await ask(of as typeof table, question, true);
  return measured.checks.filter(({ what }) => what.startsWith('rows of one')).map(({ what, value }) => [what, value]);
};

test('rows of one mouse that count as units of their own are a doubt, until the mouse is named', async () => {
  const said = 'rows of one mouse, each in one group: if it is what was sampled, name it as subject';
  expect(await doubts({})).toEqual([[said, 6]]);
  expect(await doubts({ metric: 'one_way' })).toEqual([[said, 6]]);
  expect(await doubts({ subject: 'mouse' })).toEqual([]);
});

test('two columns that are one value in two groups are told how to be made rows', async () => {
  const wide = { mouse: list((i) => `m${i}`), pre: list(() => random.normal()), post: list(() => random.normal()) };
  const question = { metric: 'mean_difference', columns: { value: 'pre', group: 'post' } };
  await expect(ask(wide, question, true)).rejects.toMatchObject({
    next: expect.stringContaining('UNPIVOT t ON "pre", "post" INTO NAME grp VALUE value'),
  });
});

test('what lies in both groups, names single rows, or has few levels is none', async () => {
  const { mouse: _, ...others } = table;
  expect(await doubts({}, others)).toEqual([]);
  expect(await doubts({}, { ...others, batch: list((i) => `b${i % 5}`) })).toEqual([]);
});
