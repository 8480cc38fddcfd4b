import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  for (const source of ['celegans-witvliet2020-8', 'celegans-witvliet2020-3', 'celegans-cook2019'])
    await atlas.call('add_data', { source });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const adult = 'celegans-witvliet2020-8';
const trace = (args: Record<string, unknown>) =>
  atlas.call('trace_connections', { data: adult, kind: 'chemical', ...args });
const rows = async (sql: string) => (await atlas.call('query_data', { sql, digits: 17, limit: 200 })).value.rows;

describe('flow through an intermediate', () => {
  test('over two hops is the product of input shares, as SQL sums them', async () => {
    const { value } = await trace({ from: 'class:ASE', to: 'class:AIZ', via: 'class:AIY', path: 'flow', hops: 2 });
    const [[through, all]] =
      await rows(`WITH e AS (SELECT pre, post, sum(weight) AS w FROM celegans_witvliet2020_8.edges WHERE kind = 'chemical' GROUP BY ALL),
      m AS (SELECT *, w / sum(w) OVER (PARTITION BY post) AS share FROM e), n AS (FROM celegans_witvliet2020_8.neurons)
      SELECT coalesce(sum(a.share * b.share) FILTER (v.class = 'AIY'), 0) / 2, sum(a.share * b.share) / 2
      FROM m a JOIN m b ON a.post = b.pre JOIN n s ON s.id = a.pre JOIN n v ON v.id = a.post JOIN n t ON t.id = b.post
      WHERE s.class = 'ASE' AND t.class = 'AIZ'`);
    expect(value.perHops[1].flow).toBeCloseTo(all, 5);
    expect(value.perHops[1].through).toBeCloseTo(through, 5);
    expect(value.perHops[1].share).toBeCloseTo(through / all, 5);
    expect(through).toBeGreaterThan(0);
    expect(value.flowIs).toContain('all input of its target');
  });

  test('names by any column whom it passes, and has rewired controls', async () => {
    const { value } = await trace({
      from: 'class:ASE',
      to: 'class:AIZ',
      via: 'class:AIY',
      path: 'flow',
      by: 'class',
      control: 20,
      limit: 3,
    });
    expect(value.carriers).toHaveLength(3);
    expect(value.carriers[0].flow).toBeGreaterThanOrEqual(value.carriers[1].flow);
    expect(value.control).toMatchObject({ draws: 20, of: 'through', moved: expect.any(Number) });
    const { rewired, through } = value.perHops[1];
    expect(rewired.pLarger).toBeGreaterThanOrEqual(1 / 21 - 1e-6);
    expect(rewired.mean).toBeLessThan(through);
  });
});

describe('groups, and several paths', () => {
  test('by side and by class, with the sums of SQL', async () => {
    const { value } = await trace({ from: 'side:left', by: 'side' });
    const found = Object.fromEntries(
      value.partners.map((row: { name: string; weight: number }) => [row.name, row.weight]),
    );
    const wanted = await rows(
      "SELECT coalesce(b.side, 'not stated'), sum(weight)::INTEGER FROM celegans_witvliet2020_8.edges e JOIN celegans_witvliet2020_8.neurons a ON a.id = e.pre JOIN celegans_witvliet2020_8.neurons b ON b.id = e.post WHERE a.side = 'left' AND kind = 'chemical' GROUP BY 1",
    );
    expect(found).toEqual(Object.fromEntries(wanted));
  });

  test('several paths, the first of which is the one that is found alone', async () => {
    for (const order of ['shortest', 'strongest']) {
      const one = await trace({ from: 'ASEL', to: 'RMDL', path: order, hops: 4 });
      const { value } = await trace({ from: 'ASEL', to: 'RMDL', path: order, hops: 4, paths: 5 });
      expect(value.paths).toHaveLength(5);
      expect(value.paths[0].hops).toBe(one.value.hops);
      if (order === 'strongest') expect(value.paths[0].ids).toEqual(one.value.ids);
      const shares = value.paths.map(({ share }: { share: number }) => share);
      if (order === 'strongest') expect(shares).toEqual([...shares].sort((a, b) => b - a));
    }
  });
});

describe('two connectomes', () => {
  test('a partner is in both, absent from one, or not covered by it', async () => {
    const { value, release } = await trace({ from: 'AVAL', compare: 'celegans-cook2019', limit: 200 });
    expect(release).toEqual(['celegans-witvliet2020-8@2021.2', 'celegans-cook2019@2019']);
    const status = new Map(value.compared.map((row: { name: string; status: string }) => [row.name, row.status]));
    expect(status.get('DA5')).toBe('not covered here'); // a motor neuron of the body, behind the nerve ring
    const row = value.compared.find(({ name }: { name: string }) => name === 'DA5');
    expect([row.weight, row.otherWeight]).toEqual([null, 14]);
    expect(Object.values(value.counts as Record<string, number>).reduce((sum, count) => sum + count, 0)).toBe(
      value.compared.length,
    );
  });

  test('stages of one animal are compared side by side, by class', async () => {
    const { value } = await trace({ from: 'class:AIB', compare: 'celegans-witvliet2020-3', by: 'class' });
    expect(value.compared[0]).toMatchObject({
      status: 'both',
      weight: expect.any(Number),
      otherWeight: expect.any(Number),
    });
  });

  test('whose neurons have numbers for names are compared by type alone', async () => {
    for (const id of ['brain-a', 'brain-b']) {
      writeFileSync(
        path.join(space.folder, `${id}-n.csv`),
        'id,cell_type\n720575940620875399,KC\n720575940620875392,MBON\n',
      );
      writeFileSync(
        path.join(space.folder, `${id}-e.csv`),
        'pre,post,weight\n720575940620875399,720575940620875392,3\n',
      );
      await atlas.call('add_data', {
        source: id,
        format: 'connectome',
        id,
        options: { edges: `${id}-e.csv`, neurons: `${id}-n.csv` },
      });
    }
    const asked = { data: 'brain-a', from: 'type:KC', compare: 'brain-b' };
    const error = await atlas.fail('trace_connections', asked);
    expect(`${error.message} ${error.next}`).toMatch(/do not mean the same neuron.*by type/s);
    const { value } = await atlas.call('trace_connections', { ...asked, by: 'type' });
    expect(value.compared).toEqual([
      { name: 'MBON', status: 'both', weight: 3, otherWeight: 3, share: 1, otherShare: 1 },
    ]);
  });
});

test.each([
  [{ from: 'AVAL', by: 'clas' }, /Did you mean class/],
  [{ from: 'class:AVX' }, /class.*AVX/],
  [{ from: 'AVAL', path: 'flow' }, /Give to/],
  [{ from: 'AVAL', to: 'AVBL', via: 'AVDL' }, /path "flow"/],
  [{ from: 'AVAL', to: 'AVBL', control: 3 }, /controls/],
  [{ from: 'AVAL', compare: 'celegans-cook2019', hops: 2 }, /direct partners/],
])('%j is refused with the next step', async (args, message) => {
  const error = await atlas.fail('trace_connections', { data: adult, ...args });
  expect(`${error.message} ${error.next ?? ''}`).toMatch(message);
});
