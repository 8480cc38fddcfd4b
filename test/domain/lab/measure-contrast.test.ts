import { makeRandom, type Random } from '@bregma/core/statistics/random';
import { describe, expect, test } from 'vitest';
import { measureContrast } from '../../../mcp-servers/lab/src/domain/measure-contrast.ts';
import type { TrialTable } from '../../../mcp-servers/lab/src/domain/trial-table.ts';
import type { Evidence } from '../../../mcp-servers/lab/src/test-kinds/test-kind.ts';

const neurons = 15;
const stimuli = 30;
const repeats = 2;
const greater = { id: 'p1', metric: 'r_difference', direction: 'greater' as const, size: 0, between: ['a', 'b'] };

/**
 * Skewed tuning, noise that all neurons of a trial share (added, and a gain), and two twins whose errors have a part in common
 * to all neurons of a stimulus: everything that makes neurons dependent. errors: size of each twin's error.
 */
function evidence(random: Random, errors: [number, number]): Evidence {
  const tuning = Float64Array.from({ length: neurons * stimuli }, () => Math.exp(random.normal()));
  const predicted = errors.map((error) => {
    const shared = Float64Array.from({ length: stimuli }, () => random.normal());
    return tuning.map((value, i) => value + error * (shared[i % stimuli] + random.normal()));
  });
  const rows: TrialTable['rows'] = [];
  const responses = new Float64Array(neurons * stimuli * repeats);
  for (let repeat = 0; repeat < repeats; repeat++)
    for (let stimulus = 0; stimulus < stimuli; stimulus++) {
      const shared = random.normal();
      for (let n = 0; n < neurons; n++)
        responses[rows.length * neurons + n] =
          tuning[n * stimuli + stimulus] * (1 + 0.3 * shared) + shared + random.normal();
      rows.push({ trial: rows.length, stimulus, repeat, kind: 'measured' });
    }
  return {
    trials: { rows, neurons, responses },
    units: Array.from({ length: stimuli }, (_, i) => [i]),
    predicted,
    seed: random.integer(2 ** 31),
    breathe: async () => {},
  };
}

async function rate(
  count: number,
  errors: [number, number],
  hit: (m: Awaited<ReturnType<typeof measureContrast>>) => boolean,
) {
  const random = makeRandom(11);
  let hits = 0;
  for (let i = 0; i < count; i++) if (hit(await measureContrast(evidence(random, errors), greater, [1, -1]))) hits++;
  return hits / count;
}

describe('two equally good twins', () => {
  test('an e-value of 20 is at most as rare as one in twenty, either way, although the neurons share noise and errors', async () => {
    expect(await rate(150, [1, 1], ({ eFor }) => (eFor ?? 0) >= 20)).toBeLessThanOrEqual(0.05);
    expect(await rate(150, [1, 1], ({ eAgainst }) => (eAgainst ?? 0) >= 20)).toBeLessThanOrEqual(0.05);
  });

  test('the interval over neurons alone would have been wrong far more often than it says: why stimuli are the unit', async () => {
    const wrong = await rate(100, [1, 1], ({ details }) => {
      const [low, high] = details.overNeurons as number[];
      return low > 0 || high < 0;
    });
    expect(wrong).toBeGreaterThan(0.2);
  });

  test('the interval over stimuli holds zero about as often as it says', async () => {
    const wrong = await rate(100, [1, 1], ({ low, high }) => (low ?? 0) > 0 || (high ?? 0) < 0);
    expect(wrong).toBeLessThan(0.12);
  });
});

test('a better twin is found, and the estimate is the difference of the mean correlations', async () => {
  expect(await rate(20, [0.2, 2], ({ eFor }) => (eFor ?? 0) >= 40)).toBeGreaterThan(0.8);
  const { estimate, details, low, high } = await measureContrast(evidence(makeRandom(1), [0.2, 2]), greater, [1, -1]);
  const [first, second] = details.meanR as number[];
  expect(estimate).toBeCloseTo(first - second, 12);
  expect(low).toBeLessThan(estimate ?? Number.NaN);
  expect(high).toBeGreaterThan(estimate ?? Number.NaN);
});

test('directions mirror each other, and a size moves the question', async () => {
  const data = evidence(makeRandom(2), [0.2, 2]);
  const up = await measureContrast(data, greater, [1, -1]);
  const down = await measureContrast(data, { ...greater, direction: 'less' }, [1, -1]);
  expect([down.eFor, down.eAgainst]).toEqual([up.eAgainst, up.eFor]);
  const far = await measureContrast(data, { ...greater, size: 1.5 }, [1, -1]);
  expect(far.eAgainst).toBeGreaterThan(40);
  const same = await measureContrast(data, { ...greater, direction: 'equivalent', size: 1.5 }, [1, -1]);
  expect(same.eFor).toBeGreaterThan(40);
});

test('what speaks against equivalence is the mean of what speaks for either side, and finds a difference as they do', async () => {
  const near = { ...greater, direction: 'equivalent' as const, size: 0.01 };
  const random = makeRandom(12);
  let found = 0;
  for (let i = 0; i < 20; i++) {
    const data = evidence(random, [0.2, 2]);
    const [both, above, below] = await Promise.all([
      measureContrast(data, near, [1, -1]),
      measureContrast(data, { ...greater, size: 0.01 }, [1, -1]),
      measureContrast(data, { ...greater, direction: 'less', size: -0.01 }, [1, -1]),
    ]);
    expect(both.eAgainst).toBeCloseTo(((above.eFor ?? 0) + (below.eFor ?? 0)) / 2, 10);
    expect(both.eFor).toBeLessThan(1);
    if ((both.eAgainst ?? 0) >= 20) found++;
  }
  // One draw tells little: over draws of this world the e-value goes from 9 to 50,000.
  // Skewed tuning, 30 stimuli: 0.7 of 20 draws are found, Monte-Carlo error 0.1; the floor is two errors below.
  expect(found / 20).toBeGreaterThan(0.7 - 2 * 0.1);
});

test('neurons that nothing can be said about are left out and counted; with none left there is no estimate', async () => {
  const data = evidence(makeRandom(3), [1, 1]);
  for (let row = 0; row < data.trials.rows.length; row++) data.trials.responses[row * neurons + 4] = Number.NaN;
  const some = await measureContrast(data, greater, [1, -1]);
  expect([some.details.neurons, some.details.neuronsLeftOut]).toEqual([neurons - 1, 1]);
  const none = await measureContrast(
    { ...data, trials: { ...data.trials, responses: data.trials.responses.map(() => Number.NaN) } },
    greater,
    [1, -1],
  );
  expect([none.estimate, none.low, none.eFor, none.n.count]).toEqual([null, null, null, 0]);
});
