import { beforeEach, expect, test } from 'vitest';
import { LiveChildren } from '../../../../extension/src/provenance/live-children.ts';

interface Line {
  name: string;
  count?: number;
}

let ledger: Record<string, Line[]>;
let reads: string[];
let tree: LiveChildren<Line>;

beforeEach(() => {
  ledger = {
    '': [{ name: 'claims' }, { name: 'activities' }],
    claims: [{ name: 'claim' }],
    activities: [{ name: 'busy', count: 1 }],
    busy: [],
  };
  reads = [];
  tree = new LiveChildren({
    keyOf: ({ name }) => name,
    read: async (item) => {
      reads.push(item?.name ?? '');
      return (ledger[item?.name ?? ''] ?? []).map((line) => ({ ...line }));
    },
  });
});

test('while a ledger grows, only the line whose children differ is drawn anew: an opening of another is not undone', async () => {
  const [claims, activities] = await tree.of(undefined);
  await tree.of(claims);
  expect(await tree.refresh()).toEqual([]);
  await tree.of(activities);
  for (let count = 2; count < 5; count++) {
    ledger.activities = [{ name: 'busy', count }];
    expect(await tree.refresh()).toEqual([activities]);
    expect(await tree.of(activities)).toEqual([{ name: 'busy', count }]);
  }
  expect(await tree.refresh()).toEqual([]);
});

test('a line stays the same object, with what it says now', async () => {
  const [, activities] = await tree.of(undefined);
  const [busy] = await tree.of(activities);
  ledger.activities = [
    { name: 'new', count: 9 },
    { name: 'busy', count: 2 },
  ];
  await tree.refresh();
  const now = await tree.of(activities);
  expect(now[1]).toBe(busy);
  expect(busy.count).toBe(2);
});

test('what is drawn was read before: nobody waits for the store between a line and its children', async () => {
  const [, activities] = await tree.of(undefined);
  await tree.of(activities);
  ledger.activities = [{ name: 'busy', count: 2 }];
  await tree.refresh();
  reads = [];
  await tree.of(undefined);
  await tree.of(activities);
  expect(reads).toEqual([]);
});

test('a line that was closed is read again only when it is opened, and is said to be old once', async () => {
  const [, activities] = await tree.of(undefined);
  const [busy] = await tree.of(activities);
  await tree.of(busy);
  tree.mark(activities, true);
  reads = [];
  ledger.activities = [{ name: 'busy', count: 7 }];
  expect(await tree.refresh()).toEqual([activities]);
  expect(reads).toEqual(['']);
  expect(await tree.refresh()).toEqual([]);
  expect(await tree.of(activities)).toEqual([{ name: 'busy', count: 7 }]);
});

test('a line that is gone is forgotten with all below it', async () => {
  const [, activities] = await tree.of(undefined);
  const [busy] = await tree.of(activities);
  await tree.of(busy);
  ledger.activities = [];
  await tree.refresh();
  reads = [];
  await tree.refresh();
  expect(reads).toEqual(['', 'activities']);
});
