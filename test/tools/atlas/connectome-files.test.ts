import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../../fixtures/client.ts';
import { python } from '../../reference/brian2.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});
const rows = async (sql: string) => (await atlas.call('query_data', { sql })).value.rows;
const write = (name: string, content: string | Uint8Array) => {
  const file = path.join(space.folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return name;
};

const mirror = process.env.BREGMA_MIRROR;
const flywire = mirror && path.join(mirror, 'drosophila-flywire-v783');
const older = mirror && path.join(mirror, 'drosophila-shiu2024-sim/2023_03_23_completeness_630_final.csv');
const real = flywire !== undefined && existsSync(path.join(flywire, 'neurons.csv.gz'));
if (!real) console.log('Skipped without BREGMA_MIRROR: FlyWire files with real ids.');

describe.skipIf(!real || !python)('the files of the whole-brain model, written by pandas', () => {
  const size = 900;
  beforeAll(() => {
    for (const [release, source, folder] of [
      ['783', path.join(flywire ?? '', 'Completeness_783.csv'), 'model'],
      ['630', older ?? '', 'model-630'],
    ]) {
      const target = path.join(space.folder, folder);
      mkdirSync(target, { recursive: true });
      const run = spawnSync(
        python ?? '',
        [path.join(root, 'test/reference/flywire_files.py'), source, target, release, String(size)],
        { encoding: 'utf8' },
      );
      expect(run.stderr).toBe('');
    }
  });

  test('become a connectome with every digit of every id, and the sign as a predicted transmitter', async () => {
    const { value, kind, cite } = await atlas.call('add_data', { source: 'model', format: 'flywire', id: 'fly-model' });
    expect([value.shape, kind, value.title]).toEqual(['connectome', 'not stated', 'FlyWire connectome, release 783']);
    expect(cite).toContain('Shiu et al. 2024, Nature 634:210');
    const listed = readFileSync(path.join(space.folder, 'model/Completeness_783.csv'), 'utf8').trim().split('\n');
    const ids = listed.slice(1).map((line) => line.split(',')[0]);
    expect(ids).toHaveLength(size);
    expect((await rows('SELECT count(*), sum(weight)::INTEGER FROM fly_model.edges'))[0]).toEqual([
      3 * size,
      3 * ids.reduce((sum, _, i) => sum + (i % 7) + 1, 0),
    ]);
    expect(await rows(`SELECT pre, post, weight FROM fly_model.edges WHERE pre = '${ids[4]}' ORDER BY post`)).toEqual(
      [5, 6, 9].map((i) => [ids[4], ids[i], 5]).sort((a, b) => (a[1] < b[1] ? -1 : 1)),
    );
    expect(
      await rows(`SELECT id, nt_type FROM fly_model.neurons WHERE id IN ('${ids[3]}', '${ids[4]}') ORDER BY nt_type`),
    ).toEqual([
      [ids[3], '-1'],
      [ids[4], '1'],
    ]);
  });

  test('with neurons.csv and classification.csv beside them have transmitters with confidence and cell types', async () => {
    cpSync(path.join(space.folder, 'model'), path.join(space.folder, 'model-described'), { recursive: true });
    for (const name of ['neurons.csv.gz', 'classification.csv.gz'])
      copyFileSync(path.join(flywire ?? '', name), path.join(space.folder, 'model-described', name));
    await atlas.call('add_data', { source: 'model-described', format: 'flywire', id: 'fly-described' });
    const [[neurons, transmitters, unsure, types]] = await rows(
      "SELECT count(*), count(nt_type), count(*) FILTER (nt_type IN ('1', '-1') AND nt_type_score = 0), count(cell_type) FROM fly_described.neurons",
    );
    // What neurons.csv does not know has the sign of the model, and no confidence.
    expect([neurons, transmitters]).toEqual([size, size]);
    expect(unsure).toBeGreaterThan(0);
    expect(unsure).toBeLessThan(size / 2);
    expect(types).toBeGreaterThan(size / 2);
    expect(
      (await rows('SELECT min(nt_type_score) >= 0, max(nt_type_score) <= 1 FROM fly_described.neurons'))[0],
    ).toEqual([true, true]);
  });

  test('of two releases are refused: by their names, by ids, and by rows that name other ids', async () => {
    const mixed = (files: [string, string][], folder: string) => {
      for (const [from, to] of files) {
        mkdirSync(path.join(space.folder, folder), { recursive: true });
        copyFileSync(path.join(space.folder, from), path.join(space.folder, folder, to));
      }
      return atlas.fail('add_data', { source: folder, format: 'flywire', id: 'mixed' });
    };
    const named = await mixed(
      [
        ['model/Connectivity_783.parquet', 'Connectivity_783.parquet'],
        ['model-630/Completeness_630.csv', 'Completeness_630.csv'],
      ],
      'mixed-names',
    );
    expect(named.message).toContain('is of release 783, Completeness_630.csv of release 630');
    const renamed = await mixed(
      [
        ['model/Connectivity_783.parquet', 'Connectivity.parquet'],
        ['model-630/Completeness_630.csv', 'Completeness.csv'],
      ],
      'mixed-ids',
    );
    expect(renamed.message).toMatch(/do not belong together: \d+ of 2700 connections/);
    expect(renamed.next).toContain('ids do not persist between releases');
    mkdirSync(path.join(space.folder, 'mixed-tables'));
    copyFileSync(path.join(flywire ?? '', 'neurons.csv.gz'), path.join(space.folder, 'mixed-tables/neurons.csv.gz'));
    const tables = await mixed(
      [
        ['model-630/Connectivity_630.parquet', 'Connectivity_630.parquet'],
        ['model-630/Completeness_630.csv', 'Completeness_630.csv'],
      ],
      'mixed-tables',
    );
    expect(tables.message).toMatch(
      /\d+ of the 900 neurons of Completeness_630.csv are not in neurons.csv.gz: '\d+' \(nearest '\d+'\)/,
    );
    expect((await atlas.call('find_data', { query: 'mixed' })).value.datasets).toEqual([]);
  });

  test('that end early are refused, and nothing is added', async () => {
    cpSync(path.join(space.folder, 'model'), path.join(space.folder, 'model-cut'), { recursive: true });
    truncateSync(path.join(space.folder, 'model-cut/Connectivity_783.parquet'), 9000);
    const error = await atlas.fail('add_data', { source: 'model-cut', format: 'flywire', id: 'cut' });
    expect([error.code, error.message]).toEqual([
      'corrupt',
      expect.stringContaining('Connectivity_783.parquet is no readable Parquet file'),
    ]);
    expect((await atlas.call('find_data', { query: 'cut' })).value.datasets).toEqual([]);
  });
});

describe.skipIf(!real)('the files of Codex', () => {
  let ids: string[] = [];
  beforeAll(() => {
    const text = gunzipSync(readFileSync(path.join(flywire ?? '', 'neurons.csv.gz'))).toString();
    ids = text
      .split('\n')
      .slice(1, 6)
      .map((line) => line.split(',')[0]);
    for (const folder of ['codex', 'codex-630', 'codex-cut'])
      for (const name of ['neurons.csv.gz', 'classification.csv.gz'])
        write(`${folder}/${name}`, readFileSync(path.join(flywire ?? '', name)));
    const header = 'pre_root_id,post_root_id,neuropil,syn_count,nt_type\n';
    const lines = [
      [ids[0], ids[1], 'LO_L', 5, 'ACH'],
      [ids[0], ids[1], 'ME_L', 7, 'ACH'],
      [ids[0], ids[2], 'ME_L', 6, 'ACH'],
      [ids[3], ids[0], 'AVLP_R', 11, 'GABA'],
    ];
    write('codex/connections.csv.gz', gzipSync(header + lines.map((line) => line.join(',')).join('\n')));
    write(
      'codex-cut/connections.csv.gz',
      gzipSync(header + lines.map((line) => line.join(',')).join('\n')).subarray(0, 90),
    );
    const now = new Set(text.split('\n').map((line) => line.split(',')[0]));
    const before = readFileSync(older ?? '', 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
    const gone = before.find((id) => !now.has(id));
    write('codex-630/connections.csv.gz', gzipSync(`${header}${gone},${ids[0]},ME_L,5,ACH\n`));
  });

  test('are summed over neuropils, and keep how many there were', async () => {
    await atlas.call('add_data', { source: 'codex', format: 'flywire', id: 'codex' });
    const found = await rows('SELECT pre, post, weight, neuropils FROM codex.edges ORDER BY weight');
    expect(found).toEqual([
      [ids[0], ids[2], 6, 1],
      [ids[3], ids[0], 11, 1],
      [ids[0], ids[1], 12, 2],
    ]);
    expect((await rows('SELECT count(*), count(nt_type) FROM codex.neurons'))[0]).toEqual([139255, 139255 - 19658]);
  });

  test('of another release than neurons.csv are refused', async () => {
    const error = await atlas.fail('add_data', { source: 'codex-630', format: 'flywire', id: 'old' });
    expect(error.message).toMatch(/1 of the 2 neurons in connections.csv.gz are not in neurons.csv.gz/);
    expect(error.next).toContain('ids do not persist between releases');
  });

  test('that end early are refused', async () => {
    const error = await atlas.fail('add_data', { source: 'codex-cut', format: 'flywire', id: 'cut' });
    expect([error.code, error.message]).toEqual([
      'corrupt',
      expect.stringContaining('connections.csv.gz cannot be read'),
    ]);
  });
});

describe('a folder without an edge list, or with half of what belongs to it', () => {
  test.each([
    ['empty', {}, 'There is no FlyWire edge list'],
    [
      'alone',
      { 'connections.csv': 'pre_root_id,post_root_id,syn_count\n1,2,3\n' },
      'needs neurons.csv.gz of its release',
    ],
    ['twice', { 'connections.csv': 'x\n', 'connections_no_threshold.csv': 'x\n' }, 'holds 2 files for connections'],
  ])('%s', async (folder, files, message) => {
    mkdirSync(path.join(space.folder, folder));
    for (const [name, content] of Object.entries(files)) write(`${folder}/${name}`, content);
    const error = await atlas.fail('add_data', { source: folder, format: 'flywire' });
    expect(error.message).toContain(message);
    expect(error.next).toBeTruthy();
  });
});

describe('a wiring diagram of one’s own', () => {
  const neurons = 'id,name,cell_type,transmitter\n720575940620875399,A,x,ACh\n720575940620875392,B,x,GABA\n3,C,y,\n';
  const add = (edges: string, more: Record<string, string> = {}) =>
    atlas.fail('add_data', {
      source: 'mine',
      format: 'connectome',
      id: 'mine',
      options: { edges: write('edges.csv', edges), neurons: write('neurons.csv', neurons), ...more },
    });

  test('from CSV keeps ids that differ in the last digit apart', async () => {
    write('edges.csv', 'pre,post,weight\n720575940620875399,720575940620875392,4\n720575940620875392,3,2.5\n');
    write('neurons.csv', neurons);
    const { value } = await atlas.call('add_data', {
      source: 'mine',
      format: 'connectome',
      id: 'mine',
      options: { edges: 'edges.csv', neurons: 'neurons.csv', unit: 'contacts' },
    });
    expect(value.shape).toBe('connectome');
    expect(await rows('SELECT pre, post, weight FROM mine.edges')).toEqual([
      ['720575940620875399', '720575940620875392', 4],
      ['720575940620875392', '3', 2.5],
    ]);
  });

  test('without a table of neurons says what is then not known', async () => {
    const { value } = await atlas.call('add_data', {
      source: 'mine',
      format: 'connectome',
      id: 'bare',
      options: { edges: write('bare.csv', 'pre,post,weight\na,b,1\n') },
    });
    expect(value.warnings[0]).toContain('cell types and transmitters are not known');
    expect(await rows('SELECT id FROM bare.neurons ORDER BY id')).toEqual([['a'], ['b']]);
  });

  test.each([
    ['a weight that is not a number', 'pre,post,weight\n3,3,NaN\n', "row 1, 3 → 3, has the weight 'NaN'"],
    ['a weight that is a word', 'pre,post,weight\n3,3,1\n3,3,many\n', "row 2, 3 → 3, has the weight 'many'"],
    ['an empty weight', 'pre,post,weight\n3,3,\n', "has the weight ''"],
    ['an infinite weight', 'pre,post,weight\n3,3,inf\n', "has the weight 'inf'"],
    ['a neuron that is not listed', 'pre,post,weight\n3,720575940620875400,1\n', "'720575940620875400' (1 ends"],
    ['no column of that name', 'von,nach,weight\n3,3,1\n', "has no column 'pre', 'post'; it has von, nach, weight"],
  ])('with %s is refused', async (_, edges, message) => {
    const error = await add(edges);
    expect(error.message).toContain(message);
  });

  test('that lists a neuron twice, or is not there, is refused', async () => {
    const twice = await add('pre,post,weight\n3,3,1\n', { neurons: write('twice.csv', 'id\n3\n3\n') });
    expect(twice.message).toContain("twice.csv lists neuron '3' 2 times");
    const gone = await add('pre,post,weight\n3,3,1\n', { neurons: 'gone.csv' });
    expect([gone.code, gone.message]).toEqual(['missing', expect.stringContaining('options.neurons')]);
  });
});

describe('the generator', () => {
  const options = { neurons: 500, edges: 10_000, seed: 3 };

  test('makes what was asked for, and every row says that it is synthetic', async () => {
    const { value, kind } = await atlas.call('add_data', { source: 'synthetic-connectome', id: 'made', options });
    expect([kind, value.shape]).toEqual(['synthetic', 'connectome']);
    expect(
      (
        await rows(
          "SELECT count(*), count(DISTINCT (pre, post)), count(*) FILTER (pre = post), count(*) FILTER (value_kind = 'synthetic'), min(weight)::INTEGER FROM made.edges",
        )
      )[0],
    ).toEqual([10_000, 10_000, 0, 10_000, 1]);
    const [[neurons, synthetic, inhibitory]] = await rows(
      "SELECT count(*), count(*) FILTER (value_kind = 'synthetic'), count(*) FILTER (sign = -1) FROM made.neurons",
    );
    expect([neurons, synthetic]).toEqual([500, 500]);
    // 30 % of 500, within four standard deviations of a binomial.
    expect(Math.abs(inhibitory - 150)).toBeLessThan(4 * Math.sqrt(500 * 0.3 * 0.7));
    // A geometric count with mean 3.3 has a standard deviation of 2.76: the mean of 10,000 is known to 0.03.
    expect(Math.abs((await rows('SELECT avg(weight) FROM made.edges'))[0][0] - 3.3)).toBeLessThan(0.12);
    // A log-normal with σ = 1 has its 99th percentile at 10 times the median.
    const [[median, high]] = await rows(
      'SELECT quantile_cont(n, 0.5), quantile_cont(n, 0.99) FROM (SELECT count(*) AS n FROM made.edges GROUP BY post)',
    );
    expect(high / median).toBeGreaterThan(4);
  });

  test('gives the same bytes for the same options, and others for another seed', async () => {
    const again = async (id: string, seed: number) => {
      await atlas.call('add_data', { source: 'synthetic-connectome', id, options: { ...options, seed } });
      const store = openWorkspace(space.folder);
      try {
        return findDataset(store.ledger, id).tables.map(({ object }) => object);
      } finally {
        store.close();
      }
    };
    const first = await again('made', 3);
    expect(await again('made-again', 3)).toEqual(first);
    expect((await again('made-other', 4))[1]).not.toBe(first[1]);
  });

  test.each([
    [{ neurons: 10, edges: 60 }, 'hold at most 45 connections here'],
    [{ neurons: 1 }, 'neurons'],
    [{ kind: 'measured' }, 'is synthetic, not measured'],
    [{ neuron: 5 }, "has no option 'neuron'"],
  ])('refuses %j', async (wrong, message) => {
    const error = await atlas.fail('add_data', { source: 'synthetic-connectome', options: wrong });
    expect(error.message).toContain(message);
  });
});
