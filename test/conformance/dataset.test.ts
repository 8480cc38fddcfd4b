import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseNpy } from '@bregma/core/npy';
import { openWorkspace } from '@bregma/core/workspace';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetAdapter } from '../../mcp-servers/atlas/src/datasets/adapter.ts';
import { datasets } from '../../mcp-servers/atlas/src/datasets/index.gen.ts';
import { digestFile } from '../../mcp-servers/atlas/src/sources/fetch.ts';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';

const embedded = (entry: DatasetAdapter) =>
  entry.files.every((file) => existsSync(path.join(root, 'datasets', file.path)));
// What a person brings is read in a suite of its own, from files of the layout that is published.
const registry: DatasetAdapter[] = datasets.flat().filter((entry) => !entry.brought);
const mirror = process.env.BREGMA_MIRROR;
const mirrored = (entry: DatasetAdapter) =>
  mirror !== undefined && entry.files.every((file) => existsSync(path.join(mirror, file.path)));
const available = registry.filter((entry) => embedded(entry) || mirrored(entry));
/** Releases of 700 MB of pixels and more: read where it is asked for. */
const large = new Set(['macaque-v1-tang-patterns']);
const isRead = (entry: DatasetAdapter) => !large.has(entry.id) || process.env.BREGMA_LARGE !== undefined;
const missing = registry.filter((entry) => !available.includes(entry));
if (missing.length > 0) console.log(`Skipped without BREGMA_MIRROR: ${missing.map(({ id }) => id).join(', ')}`);

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

describe.each(registry.map((entry) => [entry.id, entry] as const))('%s', (_, entry) => {
  test('says what it is, where it comes from and on which terms', () => {
    expect(entry.card.description.length).toBeGreaterThan(30);
    expect(entry.card.doi).toMatch(/^10\.\d{4,}\//);
    expect(entry.card.cite.length).toBeGreaterThan(0);
    expect(entry.card.licence.length).toBeGreaterThan(2);
    expect(entry.card.species).toBeTruthy();
    for (const file of entry.files) {
      expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(file.bytes).toBeGreaterThan(0);
      // Whatever the host: the digest above pins the bytes.
      expect(file.origin).toMatch(/^https:\/\/[^\s/]+\/\S+|^(converted|derived) /);
    }
  });

  test('is embedded only with its licence and source, without terms to agree to, and with the pinned bytes', async () => {
    for (const file of entry.files) {
      const local = path.join(root, 'datasets', file.path);
      if (!existsSync(local)) continue;
      const folder = path.join(root, 'datasets', file.path.split('/')[0]);
      expect(entry.terms).toBeUndefined();
      expect(existsSync(path.join(folder, 'LICENSE'))).toBe(true);
      expect(readFileSync(path.join(folder, 'SOURCE.md'), 'utf8')).toContain(file.sha256);
      expect(await digestFile(local, new AbortController().signal)).toBe(file.sha256);
    }
  });

  test.skipIf(!available.includes(entry) || !isRead(entry))(
    'is read into tables and arrays that describe themselves',
    async () => {
      const { value, kind, licence, cite } = await atlas.call('add_data', { source: entry.id, agree: true });
      expect(value).toMatchObject({ dataset: `${entry.id}@${entry.release}`, shape: entry.shape });
      expect([kind, licence, cite]).toEqual([entry.card.kind, [entry.card.licence], entry.card.cite]);
      const { value: described } = await atlas.call('describe_data', { data: entry.id });
      for (const { rows, columns } of described.tables) {
        expect(rows).toBeGreaterThan(0);
        for (const { name, type } of columns)
          if (/(^|_)(id|pre|post)$/.test(name)) expect([name, type]).toEqual([name, 'VARCHAR']);
      }
      for (const { shape, axes } of described.arrays) expect(axes).toHaveLength(shape.length);
      if (entry.shape === 'connectome') {
        const weight = described.tables
          .find(({ name }: { name: string }) => name === 'edges')
          .columns.find(({ name }: { name: string }) => name === 'weight');
        expect(weight.unit).toBeTruthy();
      }
    },
  );
});

describe('published numbers are those of the release', () => {
  const counted = available
    .filter(isRead)
    .flatMap((entry) => (entry.published ?? []).flatMap((number) => (number.sql ? [{ entry, number }] : [])))
    .map(({ entry, number }) => [`${entry.id}: ${number.what}`, entry, number] as const);
  test.each(counted)('%s', async (_, { id, release }, { sql = '', says, here }) => {
    const found = Number((await one(sql.replaceAll('this.', `"${id}@${release}".`)))[0]);
    expect(here === undefined ? says.map(({ value }) => value) : [here]).toContain(found);
  });
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
const have = (id: string) => available.some((entry) => entry.id === id && isRead(entry));

describe('the numbers that the papers give', () => {
  test('worm (Cook 2019): 7,379 connections between 300 neurons and their targets', async () => {
    expect(
      await one(
        "SELECT count(*), count(*) FILTER (kind = 'chemical'), count(*) FILTER (kind = 'electrical') FROM celegans_cook2019.edges",
      ),
    ).toEqual([7379, 4681, 2698]);
    expect(await one("SELECT count(*) FROM celegans_cook2019.neurons WHERE cell_type = 'neuron'")).toEqual([300]);
  });

  test('adult worm 8 (Witvliet 2021): 7,970 chemical synapses', async () => {
    expect(
      await one("SELECT sum(weight)::INTEGER FROM celegans_witvliet2020_8.edges WHERE kind ILIKE 'chem%'"),
    ).toEqual([7970]);
  });

  test('larva (Winding 2023): 119,010 edges, 376,091 synapses; 3,016 neurons with 107,344 edges and 337,162 synapses', async () => {
    expect(await one('SELECT count(*), sum(weight)::INTEGER FROM drosophila_larva_winding2023.edges')).toEqual([
      119010, 376091,
    ]);
    expect(
      await one('SELECT count(*) FILTER (in_paper), count(*) FILTER (brain) FROM drosophila_larva_winding2023.neurons'),
    ).toEqual([3016, 2536]);
    expect(
      await one(`SELECT count(*), sum(e.weight)::INTEGER FROM drosophila_larva_winding2023.edges e
        JOIN drosophila_larva_winding2023.neurons a ON a.id = e.pre JOIN drosophila_larva_winding2023.neurons b ON b.id = e.post WHERE a.in_paper AND b.in_paper`),
    ).toEqual([107344, 337162]);
  });

  test('optic lobe (Lappalainen 2024): 65 types in 721 columns are 45,669 neurons with 1,513,231 connections; the rest of the gaps is imputed', async () => {
    expect(
      await one('SELECT count(*), count(DISTINCT cell_type), count(DISTINCT (u, v)) FROM drosophila_flyvis.neurons'),
    ).toEqual([45669, 65, 721]);
    expect(
      await one(
        "SELECT count(*), count(*) FILTER (value_kind = 'imputed'), count(*) FILTER (value_kind = 'imputed' AND weight <> 1), count(*) FILTER (sign NOT IN (1, -1)) FROM drosophila_flyvis.edges",
      ),
    ).toEqual([1513231, 155962, 0, 0]);
    expect(
      await one(
        'SELECT count(*), count(*) FILTER (sign = 1), count(*) FILTER (sign = -1), count(*) FILTER (NOT sign_known) FROM drosophila_flyvis.type_pairs',
      ),
    ).toEqual([605, 377, 228, 333]);
    // Lawf1 and Lawf2 stand in every third and second column, all others in each.
    expect(
      await one('SELECT min(neurons), max(neurons), count(*) FILTER (neurons < 721) FROM drosophila_flyvis.types'),
    ).toEqual([123, 721, 2]);
  });

  test('optic lobe: T4a hears Mi1 and Mi9 and is excited by the one and inhibited by the other; R8, Am, C2 and C3 send both signs', async () => {
    const { value } = await atlas.call('query_data', {
      sql: "SELECT pre_type, sign FROM drosophila_flyvis.type_pairs WHERE post_type = 'T4a' AND pre_type IN ('Mi1', 'Mi9') ORDER BY 1",
    });
    expect(value.rows).toEqual([
      ['Mi1', 1],
      ['Mi9', -1],
    ]);
    const both = await atlas.call('query_data', {
      sql: 'SELECT pre_type FROM drosophila_flyvis.type_pairs GROUP BY 1 HAVING min(sign) < max(sign) ORDER BY 1',
    });
    expect(both.value.rows.flat()).toEqual(['Am', 'C2', 'C3', 'R8']);
  });

  test('V4 (session 210325): 50 neurons, 640 images, 10 slots of which 24 % are empty; the mean of the trials is the published mean', async () => {
    const images = await arrayOf('macaque-v4-210325', 'stimuli');
    expect([images.dtype, images.shape]).toEqual(['u1', [640, 112, 112, 3]]);
    const { shape, data } = await arrayOf('macaque-v4-210325', 'responses');
    expect(shape).toEqual([50, 640, 10]);
    const trials = Float64Array.from(data as Float64Array);
    const empty = trials.reduce((count, value) => count + Number(Number.isNaN(value)), 0);
    expect(Math.round((100 * empty) / trials.length)).toBe(24);
    const published = parseNpy(
      readFileSync(path.join(root, 'datasets/macaque-v4-cowley2023/avg/responses_210325.npy')),
    );
    expect(published.shape).toEqual([50, 640]);
    for (let at = 0; at < 50 * 640; at++) {
      const measured = trials.subarray(at * 10, at * 10 + 10).filter((value) => !Number.isNaN(value));
      const mean = measured.reduce((sum, value) => sum + value, 0) / measured.length;
      expect(Math.abs(mean - Number(published.data[at]))).toBeLessThan(1e-9);
    }
  });

  test.each(
    [
      ['190923', 33, 1200],
      ['190925', 36, 1200],
      ['190927', 31, 1200],
      ['201025', 89, 1200],
      ['210224', 67, 800],
    ].filter(([name]) => have(`macaque-v4-${name}`)),
  )('V4 (session %s): %i neurons, %i images of 112 × 112', async (name, neurons, images) => {
    const { value } = await atlas.call('describe_data', { data: `macaque-v4-${name}` });
    expect(value.arrays.map((array: { shape: number[] }) => array.shape)).toEqual([
      [images, 112, 112, 3],
      [neurons, images],
    ]);
  });

  test.skipIf(!have('flywire-v783'))(
    'FlyWire v783: 139,255 neurons by flow and class, 138,639 of them in the model',
    async () => {
      expect(await one('SELECT count(*), count(DISTINCT id) FROM flywire_v783.neurons')).toEqual([139255, 139255]);
      expect(
        await one(
          "SELECT count(*) FILTER (flow = 'intrinsic'), count(*) FILTER (flow = 'afferent'), count(*) FILTER (flow = 'efferent') FROM flywire_v783.neurons",
        ),
      ).toEqual([118464, 19300, 1491]);
      expect(
        await one(
          "SELECT count(*) FILTER (super_class = 'optic'), count(*) FILTER (super_class = 'central'), count(*) FILTER (super_class = 'sensory'), count(*) FILTER (super_class = 'visual_projection'), count(*) FILTER (super_class = 'descending') FROM flywire_v783.neurons",
        ),
      ).toEqual([77873, 32381, 16938, 7684, 1305]);
      expect(
        await one('SELECT count(*) FROM flywire_v783.model_order m JOIN flywire_v783.neurons n USING (id)'),
      ).toEqual([138639]);
      expect((await one('SELECT min(id), max(length(id)) FROM flywire_v783.neurons'))[1]).toBe(18);
    },
  );

  test.skipIf(!have('mouse-wmb-taxonomy'))(
    'whole mouse brain: 34 classes, 338 subclasses, 1,201 supertypes, 5,322 clusters',
    async () => {
      const { value } = await atlas.call('query_data', {
        sql: 'SELECT labelset, count(*) FROM mouse_wmb_taxonomy.cell_sets GROUP BY 1 ORDER BY 2',
      });
      const counts = Object.fromEntries(value.rows);
      expect(value.rows.reduce((sum: number, row: [string, number]) => sum + row[1], 0)).toBe(6905);
      expect(counts).toMatchObject({ class: 34, subclass: 338, supertype: 1201, cluster: 5322 });
    },
  );

  test.skipIf(!have('celegans-causal-randi2023'))(
    'worm responses: 156 neurons, 142 sure names, 7.7 % of the pairs not measured',
    async () => {
      expect(await one('SELECT count(*), count(*) FILTER (confident) FROM celegans_causal_randi2023.neurons')).toEqual([
        156, 142,
      ]);
      const { shape, data } = await arrayOf('celegans-causal-randi2023', 'responses');
      expect(shape).toEqual([156, 156]);
      const missing = [...data].filter((value) => Number.isNaN(value)).length;
      expect(Math.round((1000 * missing) / data.length)).toBe(77);
      const activity = await arrayOf('celegans-causal-randi2023', 'activity_correlation');
      expect(activity.shape).toEqual([156, 156]);
      const known = [...activity.data].map(Number).filter((value) => !Number.isNaN(value));
      expect(Math.max(...known.map(Math.abs))).toBeLessThanOrEqual(1 + 1e-9);
    },
  );

  test.skipIf(!have('mouse-ccfv3-50um'))('CCFv3: 1,327 structures in one tree', async () => {
    expect(await one('SELECT count(*), count(*) FILTER (parent IS NULL) FROM mouse_ccfv3_50um.structures')).toEqual([
      1327, 1,
    ]);
    expect(
      await one(
        'SELECT count(*) FROM mouse_ccfv3_50um.structures a LEFT JOIN mouse_ccfv3_50um.structures b ON b.id = a.parent WHERE a.parent IS NOT NULL AND b.id IS NULL',
      ),
    ).toEqual([0]);
  });

  test.skipIf(!have('mouse-ccfv3-50um'))(
    'CCFv3: 670 labels, every one a structure of the tree, 506 mm³ in all, the nose in front and the cortex on top',
    async () => {
      const { dtype, shape, data } = await arrayOf('mouse-ccfv3-50um', 'annotation');
      expect([dtype, shape]).toEqual(['u4', [264, 160, 228]]);
      const { value } = await atlas.call('query_data', { sql: 'SELECT id, path FROM mouse_ccfv3_50um.structures' });
      const store = openWorkspace(space.folder);
      const bytes = store.objects.get(value.result.object);
      store.close();
      const structures = (await parquetReadObjects({
        file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
      })) as { id: string; path: string }[];
      const labels = new Map<number, { voxels: number; ap: number; dv: number }>();
      for (let at = 0; at < data.length; at++) {
        const label = Number(data[at]);
        const sums = labels.get(label) ?? { voxels: 0, ap: 0, dv: 0 };
        labels.set(label, sums);
        sums.voxels++;
        sums.ap += Math.floor(at / (shape[1] * shape[2]));
        sums.dv += Math.floor(at / shape[2]) % shape[1];
      }
      const outside = labels.get(0)?.voxels ?? 0;
      labels.delete(0);
      expect(labels.size).toBe(670);
      const known = new Set(structures.map(({ id }) => Number(id)));
      expect([...labels.keys()].filter((label) => !known.has(label))).toEqual([]);
      expect(Math.round((data.length - outside) * 0.05 ** 3)).toBe(506);
      /** Mean place of a structure and all below it. */
      const centre = (id: number) => {
        const parts = structures
          .filter((structure) => structure.path.includes(`/${id}/`))
          .flatMap((structure) => labels.get(Number(structure.id)) ?? []);
        const voxels = parts.reduce((sum, part) => sum + part.voxels, 0);
        expect(voxels).toBeGreaterThan(1000);
        return {
          ap: parts.reduce((sum, { ap }) => sum + ap, 0) / voxels,
          dv: parts.reduce((sum, { dv }) => sum + dv, 0) / voxels,
        };
      };
      const [olfactoryBulb, cerebellum, isocortex, hypothalamus] = [507, 512, 315, 1097].map(centre);
      expect(olfactoryBulb.ap).toBeLessThan(isocortex.ap);
      expect(isocortex.ap).toBeLessThan(cerebellum.ap);
      expect(isocortex.dv).toBeLessThan(hypothalamus.dv);
    },
  );

  test.skipIf(!have('zebrafish-tectum-triplett2018'))(
    'zebrafish tectum (Triplett 2018): 114 cells over 4,245 frames, in 5 assemblies',
    async () => {
      const { shape, data } = await arrayOf('zebrafish-tectum-triplett2018', 'activity');
      expect([shape, Number(data[0])]).toEqual([[114, 4245], 0.19215]);
      expect(
        await one(
          'SELECT count(DISTINCT assembly), count(*) FILTER (c.cell IS NULL) FROM zebrafish_tectum_triplett2018.assemblies a LEFT JOIN zebrafish_tectum_triplett2018.cells c USING (cell)',
        ),
      ).toEqual([5, 0]);
    },
  );

  test.skipIf(!have('human-enigma'))(
    'ENIGMA: 71 comparisons, and structure and function of 68 regions that correlate 0.40',
    async () => {
      expect(await one('SELECT count(DISTINCT source), count(*) FILTER (d IS NULL) FROM human_enigma.effects')).toEqual(
        [71, expect.any(Number)],
      );
      expect(
        await one(
          "SELECT round(d, 2), n_patients FROM human_enigma.effects WHERE source = '22q_case-controls_SubVol' AND region = 'Lamyg'",
        ),
      ).toEqual([-0.3, 430]);
      const [structure, function_] = await Promise.all(
        ['structural_ctx', 'functional_ctx'].map(async (name) => (await arrayOf('human-enigma', name)).data),
      );
      const pairs = Array.from({ length: 68 * 68 }, (_, at) => at).filter((at) => Math.floor(at / 68) < at % 68);
      const [x, y] = [structure, function_].map((values) => pairs.map((at) => Number(values[at])));
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const product = (a: number[], b: number[]) => {
        const [ma, mb] = [mean(a), mean(b)];
        return mean(a.map((value, i) => (value - ma) * (b[i] - mb)));
      };
      expect(product(x, y) / Math.sqrt(product(x, x) * product(y, y))).toBeCloseTo(0.4, 2);
    },
  );

  test.skipIf(!have('human-receptors-hansen2022'))(
    'receptors (Hansen 2022): 19 in 68, 100, 200 and 400 regions, three volumes of 3 mm in MNI152',
    async () => {
      const { value } = await atlas.call('describe_data', { data: 'human-receptors-hansen2022' });
      const density = value.tables.filter(({ name }: { name: string }) => name.startsWith('density_'));
      expect(
        density.map(({ rows, columns }: { rows: number; columns: unknown[] }) => [rows, columns.length - 1]),
      ).toEqual([68, 100, 200, 400].map((rows) => [rows, 19]));
      const volumes = value.arrays.filter(({ shape }: { shape: number[] }) => shape.length === 3);
      expect(volumes.map(({ shape }: { shape: number[] }) => shape)).toEqual([
        [61, 73, 61],
        [61, 73, 61],
        [61, 73, 61],
      ]);
    },
  );

  test.each([
    ['1', 103, 10],
    ['3', 102, 12],
  ])(
    'mouse V1 (Antolík 2016), region %s: %i neurons, 50 images, %i repeats, whose mean is the published one',
    async (region, neurons, repeats) => {
      if (!have(`mouse-v1-antolik2016-region${region}`)) return;
      const { shape, data } = await arrayOf(`mouse-v1-antolik2016-region${region}`, 'responses');
      expect(shape).toEqual([neurons, 50, repeats]);
      const published = parseNpy(
        readFileSync(path.join(mirror ?? '', `mouse-v1-antolik2016/region${region}/validation_set.npy`)),
      );
      for (let image = 0; image < 50; image++)
        for (let neuron = 0; neuron < neurons; neuron++) {
          const from = (neuron * 50 + image) * repeats;
          const mean =
            Array.from({ length: repeats }, (_, i) => Number(data[from + i])).reduce((a, b) => a + b, 0) / repeats;
          expect(Math.abs(mean - Number(published.data[image * neurons + neuron]))).toBeLessThan(1e-9);
        }
      const images = await arrayOf(`mouse-v1-antolik2016-region${region}`, 'stimuli');
      expect([
        images.shape,
        [...images.data].reduce((most: number, value) => Math.max(most, Number(value)), 0),
      ]).toEqual([[50, 31, 31, 3], 255]);
    },
  );
});
