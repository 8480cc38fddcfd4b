import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  for (const source of ['celegans-cook2019', 'drosophila-larva-winding2023', 'macaque-v4-210325'])
    await atlas.call('add_data', { source });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const trace = (args: Record<string, unknown>) =>
  atlas.call('trace_connections', { data: 'celegans-cook2019', kind: 'chemical', ...args });

// Expected numbers: networkx 3 on the chemical edges of the same file.
describe('trace_connections on the worm', () => {
  test('gives partners with their strengths, downstream and upstream', async () => {
    const down = await trace({ from: 'AVAL', limit: 3 });
    expect(down.value.total).toBe(266);
    expect(down.value.partners.map(({ name, weight }: { name: string; weight: number }) => [name, weight])).toEqual([
      ['PVCL', 21],
      ['PVCR', 16],
      ['DA5', 14],
    ]);
    expect(down.value.partners[0].share).toBeCloseTo(21 / 266, 6);
    expect(down.completeness).toEqual({ returned: 3, available: 42, of: 'partners' });
    const up = await trace({ from: 'AVAL', direction: 'upstream', limit: 1 });
    expect([up.value.total, up.completeness?.available]).toEqual([660, 63]);
  });

  test('counts who is reached hop by hop, over all connections and over strong ones', async () => {
    const hops = async (args: object) =>
      (await trace({ from: 'ASEL', hops: 3, ...args })).value.perHop.map(({ neurons }: { neurons: number }) => neurons);
    expect(await hops({})).toEqual([17, 114, 173]);
    expect(await hops({ min_weight: 5 })).toEqual([7, 24, 116]);
  });

  test('finds a shortest path, and the strongest as the largest product of input shares', async () => {
    expect((await trace({ from: 'ASEL', to: 'DB3' })).value.hops).toBe(3);
    const { value } = await trace({ from: 'ASEL', to: 'DB3', path: 'strongest', hops: 8 });
    expect(value.ids).toEqual(['ASEL', 'AIYL', 'AIZL', 'AVER', 'DB03']);
    expect(value.share).toBeCloseTo(0.0003442846791588446, 9);
    expect(
      (await trace({ from: 'DB3', to: 'ASEL', path: 'strongest', hops: 8, direction: 'upstream' })).value.ids,
    ).toEqual(value.ids);
  });

  test('no path is an answer that says within what', async () => {
    const { value } = await trace({ from: 'ASEL', to: 'DB3', min_weight: 60, hops: 3 });
    expect(value.found).toBe(false);
    expect(value.means).toContain('at least 60');
  });

  test('a path of one hop is a path of one hop, however long paths are that nobody bounds', async () => {
    const { value } = await trace({ from: 'ASEL', to: 'DB3', hops: 1 });
    expect(value.found).toBe(false);
    expect(value.means).toContain('within 1 hop over');
    const [near] = (await trace({ from: 'ASEL' })).value.partners;
    expect((await trace({ from: 'ASEL', to: near.name, hops: 1 })).value).toMatchObject({ found: true, hops: 1 });
  });

  test('takes electrical connections both ways', async () => {
    const there = await trace({ from: 'AVAL', kind: 'electrical', limit: 200 });
    const names = there.value.partners.map(({ name }: { name: string }) => name);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names.slice(0, 3)) {
      const back = await trace({ from: name, kind: 'electrical', limit: 200 });
      expect(back.value.partners.some((partner: { name: string }) => partner.name === 'AVAL')).toBe(true);
    }
  });
});

describe('trace_connections on the larva', () => {
  test('groups by cell type, and takes a whole type as start', async () => {
    const { value, n } = await atlas.call('trace_connections', {
      data: 'drosophila-larva-winding2023',
      from: 'type:KCs',
      by: 'type',
      limit: 2,
    });
    expect(value.partners[0].name).toBe('MBONs');
    expect(n?.count).toBe(222);
    const { value: counted } = await atlas.call('query_data', {
      sql: `SELECT sum(e.weight)::INTEGER FROM drosophila_larva_winding2023.edges e JOIN drosophila_larva_winding2023.neurons a ON a.id = e.pre
        JOIN drosophila_larva_winding2023.neurons b ON b.id = e.post WHERE a.cell_type = 'KCs' AND b.cell_type = 'MBONs'`,
    });
    expect(value.partners[0].weight).toBe(counted.rows[0][0]);
  });
});

describe('what cannot be traced', () => {
  test.each([
    [{ from: 'AVAX' }, /Did you mean .*AVAL/],
    [{ from: 'type:neuronn' }, /Did you mean neuron/],
    [{ from: 'neuron' }, /type:neuron/],
    [{ from: 'AVAL', kind: 'chemicl' }, /chemical/],
    [{ from: 'AVAL', data: 'macaque-v4-210325' }, /no table 'neurons'/],
    [{ from: 'AVAL', data: 'celegans' }, /Did you mean celegans-cook2019/],
    [{ from: 'AVAL', hops: 9 }, /hops/],
  ])('%j', async (args, message) => {
    const error = await atlas.fail('trace_connections', { data: 'celegans-cook2019', ...args });
    expect(`${error.message} ${error.next ?? ''}`).toMatch(message);
  });
});
