import type { Benchmark, Made, Source } from '@bregma/benchmarks/benchmark';
import { benchmarks } from '@bregma/benchmarks/index.gen';
import { BenchmarkCard } from '@bregma/core/contracts/benchmark';
import { metrics } from '@bregma/scorer/metrics';
import { sealedDigest, sealedItems, sealedSetOf } from '@bregma/scorer/take-in';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceOf } from '../fixtures/benchmark-source.ts';
import { temporaryWorkspace } from '../fixtures/client.ts';

const mirror = process.env.BREGMA_MIRROR;
if (!mirror) console.log('Skipped without BREGMA_MIRROR: benchmarks on data that are not embedded.');
const embedded = ['celegans-cook2019@2019', 'drosophila-larva-winding2023@2023'];
const here = benchmarks.filter(({ data }) => mirror || data.every((one) => embedded.includes(one)));

const space = temporaryWorkspace();
let source: Source & { close(): void };
beforeAll(async () => {
  source = await sourceOf(space.folder, [...new Set(here.flatMap(({ data }) => data))]);
});
afterAll(() => {
  source?.close();
  space.remove();
});

test('names of benchmarks are different, and tell of no data', () => {
  expect(new Set(benchmarks.map(({ name }) => name)).size).toBe(benchmarks.length);
  for (const { name, data, title } of benchmarks) {
    expect(name).toMatch(/^[a-z]+-\d+$/);
    for (const word of data
      .join(' ')
      .split(/[^a-z]+/)
      .filter((part) => part.length > 3))
      expect(name).not.toContain(word);
    expect(title).not.toBe(name);
  }
});

describe.each(here.map((one) => [one.name, one] as const))('%s', (_, benchmark: Benchmark) => {
  let made: Made;
  beforeAll(async () => {
    made = await benchmark.make(source, 'a secret of a test');
  });

  test('has outcomes of the shape that it says, an open part, and sealed items that were measured', () => {
    expect(made.outcomes.length).toBe(made.units.count * made.items.count);
    expect(made.outcomes.some((value) => value === Number.POSITIVE_INFINITY)).toBe(false);
    expect(made.open).toEqual([...new Set(made.open)].sort((a, b) => a - b));
    expect(sealedItems(made).length).toBeGreaterThanOrEqual(10);
    expect(sealedItems(made).some((item) => made.open.includes(item))).toBe(false);
  });

  test('has the sealed outcomes of which the digest is known, or draws others with another secret', async () => {
    if (benchmark.sealed === 'drawn') {
      const other = await benchmark.make(source, 'another secret');
      expect(sealedDigest(other)).not.toBe(sealedDigest(made));
    } else expect(sealedDigest(made)).toBe(benchmark.sealed);
  });

  test('scores 1 for what was measured, beyond its cap, and has a step and a card that says nothing sealed', () => {
    const { set } = sealedSetOf({ ...benchmark, probes: benchmark.circuit?.budget }, made, 'a secret of a test');
    const { card } = set;
    expect(BenchmarkCard.parse(JSON.parse(JSON.stringify(card)))).toEqual(JSON.parse(JSON.stringify(card)));
    const compared = {
      units: made.units.count,
      items: made.items.count,
      predictions: made.outcomes,
      outcomes: made.outcomes,
    };
    const copied = metrics[card.metric](compared, sealedItems(made));
    expect(copied).toBeCloseTo(1, 6);
    expect(card.cap).toBeLessThan(copied);
    expect(card.step).toBeGreaterThanOrEqual(benchmark.step);
    if (card.ceiling) expect(card.ceiling.value).toBeLessThanOrEqual(1);
  });
});
