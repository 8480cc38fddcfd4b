import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeRandom } from '@bregma/core/statistics/random';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';

const python = process.env.BREGMA_REFERENCE_PYTHON;
const neurons = Array.from({ length: 20 }, (_, i) => `n${i + 1}`);
const resamples = 4999;
/** Rows of a session: 8 orientations, 10 repeats, every other neuron tuned. */
const random = makeRandom(41);
const rows = neurons.flatMap((neuron, n) =>
  Array.from({ length: 80 }, (_, i) => {
    const [angle, repeat] = [(i % 8) * 22.5, Math.floor(i / 8)];
    const drive = n % 2 === 0 ? 5 * Math.cos(((angle - 9 * n) * Math.PI) / 90) : 0;
    return { neuron, angle, repeat, rate: Number((15 + drive + 3 * random.normal()).toFixed(9)) };
  }),
);

describe('whether twenty neurons are tuned', () => {
  const { folder, remove } = temporaryWorkspace();
  let servers: Record<'atlas' | 'lab', Connection>;
  let calls = 0;
  // biome-ignore lint/suspicious/noExplicitAny: the answer of a test
  let answered: any;
  let seen: Set<number>;
  const call = (server: 'atlas' | 'lab', tool: string, args: Record<string, unknown>) => {
    calls++;
    return servers[server].call(tool, args);
  };
  beforeAll(async () => {
    const [atlas, lab] = await Promise.all([connect('atlas', folder), connect('lab', folder)]);
    servers = { atlas, lab };
  });
  afterAll(async () => {
    await Promise.all(Object.values(servers).map((server) => server.close()));
    remove();
  });

  test('is asked in five calls without a signature, of rows that nobody had seen', async () => {
    const text = rows.map(({ neuron, angle, repeat, rate }) => [neuron, angle, repeat, rate].join(','));
    writeFileSync(path.join(folder, 'session.csv'), `neuron,angle,repeat,rate\n${text.join('\n')}\n`);
    const withhold = { by: 'repeat', share: 0.5, seed: 7 };
    await call('atlas', 'add_data', { source: 'session.csv', options: { kind: 'measured' }, withhold });
    const open = await call('atlas', 'query_data', { sql: 'SELECT DISTINCT repeat FROM session.session' });
    const claim = {
      claim: 'Neurons of this session are tuned to orientation.',
      rivals: ['Their rates vary by chance alone.'],
      predictions: [
        {
          metric: 'orientation_selectivity',
          direction: 'greater',
          measured: { data: 'session', columns: { value: 'rate', angle: 'angle' }, family: 'neuron' },
        },
      ],
    };
    const { hypothesis } = (await call('lab', 'record_hypothesis', claim)).value;
    await call('lab', 'freeze_hypothesis', { hypothesis });
    const { value } = await call('lab', 'test_hypothesis', { hypothesis, data: 'session' });
    expect(calls).toBeLessThanOrEqual(6);

    seen = new Set(open.value.rows.map(([repeat]: [number]) => repeat));
    expect(seen.size).toBe(5);
    answered = value;
    expect(value.members.map(({ member }: { member: string }) => member).sort()).toEqual([...neurons].sort());
    // Every other neuron is tuned, by 5 of a noise of 3 in 40 presentations; the chance that one of the others looks so is the level.
    const found = value.members.filter(({ verdict }: { verdict: string }) => verdict === 'supported');
    const tuned = neurons.filter((_, n) => n % 2 === 0);
    expect(found.map(({ member }: { member: string }) => member)).toEqual(expect.arrayContaining(tuned));
    expect(found.length).toBeLessThanOrEqual(tuned.length + 1);
    expect(value).toMatchObject({ verdict: 'supported', exposure: 'same-machine' });
  });

  test.skipIf(!python)('and answered as scipy answers on the same rows', () => {
    const value = answered;
    const withheld = rows.filter(({ repeat }) => !seen.has(repeat));
    expect(withheld).toHaveLength(800);
    const scipy = reference(withheld.map(({ neuron, angle, rate }) => [neuron, angle, rate]));
    const { level } = value.budget;
    for (const { member, estimate, p, verdict } of value.members) {
      const [index, expected] = scipy.neurons[member];
      expect(estimate).toBeCloseTo(index, 9);
      // Five standard errors of two counts of resamples, and the step of the coarser one.
      const error = 5 * Math.sqrt((expected * (1 - expected) * 2) / resamples) + 2 / resamples;
      expect([member, Math.abs(p - expected) <= error]).toEqual([member, true]);
      expect([member, verdict]).toEqual([member, scipy.adjusted[member] <= level ? 'supported' : 'inconclusive']);
    }
    // Of the family, the claim is of at least one member.
    expect(value.verdict).toBe(Object.values(scipy.adjusted).some((p) => p <= level) ? 'supported' : 'inconclusive');
  });
});

function reference(rows: unknown[]): { neurons: Record<string, [number, number]>; adjusted: Record<string, number> } {
  const run = spawnSync(python ?? '', [path.join(root, 'test/reference/tuning_permutation.py')], {
    input: JSON.stringify({ rows, resamples }),
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}
