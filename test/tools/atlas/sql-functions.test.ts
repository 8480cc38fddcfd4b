import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeRandom } from '@bregma/core/statistics/random';
import { openWorkspace } from '@bregma/core/workspace';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sqlFunctions } from '../../../mcp-servers/atlas/src/sql-functions/index.gen.ts';
import { type Connection, connect, root, temporaryWorkspace } from '../../fixtures/client.ts';

const python = process.env.BREGMA_REFERENCE_PYTHON;
const space = temporaryWorkspace();
let atlas: Connection;

/** Spikes on a grid of 1/64 s, of which many lie on an edge; trials that overlap, one that ends before it begins, one without an onset. */
function writeRecording(): void {
  const random = makeRandom(7).uniform;
  const spikes = Array.from({ length: 4000 }, () => {
    const unit = ['a', 'b', 'c', '10'][Math.floor(random() * 4)];
    return `${unit},${random() < 0.5 ? Math.floor(random() * 64 * 40) / 64 : random() * 40}`;
  });
  const trials = Array.from({ length: 60 }, (_, i) => {
    const onset = i % 3 === 0 ? Math.floor(random() * 64 * 39) / 64 : random() * 39;
    if (i === 20) return `,${onset},${(i % 4) * 45}`;
    return `${onset},${onset + (i === 10 ? -0.5 : random())},${i === 59 ? 300 : (i % 4) * 45}`;
  });
  writeFileSync(path.join(space.folder, 'spikes.csv'), `unit,t\n${spikes.join('\n')}\na,\n`);
  writeFileSync(path.join(space.folder, 'trials.csv'), `onset,offset,angle\n${trials.join('\n')}\n`);
}

beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  writeRecording();
  for (const id of ['spikes', 'trials'])
    await atlas.call('add_data', {
      source: `${id}.csv`,
      id,
      ...(id === 'spikes' && { options: { types: { unit: 'text' } } }),
    });
  writeFileSync(
    path.join(space.folder, 'tree.csv'),
    'id,parent,acronym,name\n1,,root,Root\n2,1,CTX,Cortex\n3,2,VIS,Visual areas\n4,3,VISp,Primary visual area\n5,3,VISl,Lateral visual area\n6,1,TH,Thalamus\n',
  );
  writeFileSync(
    path.join(space.folder, 'sets.csv'),
    'cell_set_accession,cell_label,labelset,parent_cell_set_accession\nC1,01 IT Glut,class,\nS1,001 L5 IT,subclass,C1\nU1,0001 L5 IT_1,cluster,S1\nU2,0002 L5 IT_2,cluster,S1\nC2,02 Sst,class,\n',
  );
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const ask = async (sql: string, digits = 17) => (await atlas.call('query_data', { sql, digits, limit: 200 })).value;
/** All rows, as they are kept. */
const all = async (sql: string): Promise<unknown[][]> => {
  const { value } = await atlas.call('query_data', { sql, limit: 0 });
  const store = openWorkspace(space.folder);
  const bytes = store.objects.get(value.result.object);
  store.close();
  const rows = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  });
  return rows.map((row) => Object.values(row).map((one) => (typeof one === 'bigint' ? Number(one) : one)));
};
const refused = async (sql: string) => await atlas.fail('query_data', { sql });

describe.skipIf(!python)('psth, spike_count and tuning give what numpy and pandas give', () => {
  let psth: unknown[][];
  let counts: unknown[][];
  let curve: unknown[][];
  beforeAll(() => {
    const script = path.join(root, 'test/reference/sql_functions.py');
    [psth, counts, curve] = JSON.parse(execFileSync(python ?? '', [script, space.folder], { encoding: 'utf8' }));
  });
  const close = (found: unknown[][], wanted: unknown[][]) => {
    expect(found).toHaveLength(wanted.length);
    for (const [i, row] of found.entries())
      for (const [k, value] of row.entries())
        if (typeof value === 'number') expect(value).toBeCloseTo(Number(wanted[i][k]), 9);
        else expect(value).toEqual(wanted[i][k] ?? null);
  };

  test('a histogram of each unit and condition, with spikes on its edges, and the error over events', async () => {
    const sql =
      'SELECT unit, condition, bin, events, spikes, rate_hz, sem_hz FROM psth(spikes.spikes, t, trials.trials, onset, -0.2, 0.4, 0.05, unit := unit, condition := angle)';
    close(await all(sql), psth);
  });

  test('counts of windows: of none 0, of a window that is none NULL', async () => {
    const sql =
      'SELECT unit, "window", condition, spikes FROM spike_count(spikes.spikes, t, trials.trials, onset, "offset", unit := unit, condition := angle)';
    const found = await all(sql);
    close(found, counts);
    expect(found.filter(([, , , spikes]) => spikes === 0).length).toBeGreaterThan(0);
    expect(found.filter(([, , , spikes]) => spikes === null)).toHaveLength(8);
  });

  test('a tuning curve of what spike_count gives', async () => {
    const sql =
      'WITH counts AS (FROM spike_count(spikes.spikes, t, trials.trials, onset, "offset", unit := unit, condition := angle)) SELECT unit, stimulus, n, mean, sd, sem FROM tuning(counts, condition, spikes, unit := unit)';
    close(await all(sql), curve);
  });
});

describe('functions of SQL', () => {
  test('sem divides by n − 1, in a query and in a statistic of one’s own', async () => {
    const { rows } = await ask(
      'SELECT sem(x), sem(CASE WHEN x > 5 THEN x END) FROM (VALUES (1.0), (2.0), (4.0), (NULL)) v(x)',
    );
    expect(rows[0][0]).toBeCloseTo(Math.sqrt(7 / 3 / 3), 12); // deviations −4/3, −1/3, 5/3: squares 42/9, over 2, is 7/3
    expect(rows[0][1]).toBeNull();
    expect(await refused('SELECT sem(x) FILTER (x > 1) FROM (VALUES (1.0)) v(x)')).toMatchObject({
      code: 'bad-input',
      next: expect.stringContaining('CASE WHEN'),
    });
  });

  test('without unit and condition all spikes are one train, and all events one condition', async () => {
    const rows = await all(
      'SELECT unit, condition, events, spikes FROM psth(spikes.spikes, t, trials.trials, onset, 0, 0.5, 0.5)',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].slice(0, 3)).toEqual([null, null, 59]);
    const [[total]] = await all(
      'SELECT count(*)::INTEGER FROM spikes.spikes s, trials.trials e WHERE s.t - e.onset >= 0 AND s.t - e.onset < 0.5',
    );
    expect(rows[0][3]).toBe(total);
  });

  test('a window that is no whole number of bins is refused', async () => {
    for (const [to, bin] of [
      [0.5, 0.3],
      [0.5, 0],
      [-1, 0.1],
      [1e9, 0.001],
    ])
      expect(await refused(`FROM psth(spikes.spikes, t, trials.trials, onset, 0, ${to}, ${bin})`)).toMatchObject({
        message: expect.stringContaining('whole bins'),
      });
  });

  test('the answer rests on the releases that a function read, below WITH too', async () => {
    const read = 'psth(s, t, trials.trials, onset, 0, 0.5, 0.5)';
    for (const sql of [
      `WITH s AS (FROM spikes.spikes) FROM ${read}`,
      `WITH s AS (FROM "spikes"."spikes") SELECT * FROM (FROM ${read.replace('trials.trials', "'trials.trials'")})`,
    ]) {
      const { release } = await atlas.call('query_data', { sql });
      expect(release.join().replaceAll(/@\w+/g, '')).toBe('spikes,trials');
    }
  });

  test('regions within a region, by acronym, id or name, of the newest tree', async () => {
    expect(await refused("FROM descendants('VIS')")).toMatchObject({
      code: 'missing',
      next: expect.stringContaining('add_data mouse-ccfv3-50um'),
    });
    await atlas.call('add_data', { source: 'tree.csv', id: 'tree' });
    for (const name of ['VIS', '3', 'visual areas'])
      expect(await all(`SELECT acronym, steps FROM descendants('${name}')`)).toEqual([
        ['VIS', 0],
        ['VISp', 1],
        ['VISl', 1],
      ]);
    expect(await all("SELECT count(*)::INTEGER FROM descendants('root', tree := tree.tree)")).toEqual([[6]]);
    expect(await refused("FROM descendants('VISpp')")).toMatchObject({ message: expect.stringContaining("'VISpp'") });
    expect(
      await all("SELECT acronym FROM descendants('VIS') WHERE acronym IN (SELECT acronym FROM descendants('VISp'))"),
    ).toEqual([['VISp']]);
  });

  test('cell sets of a taxon, by accession or label, with or without its number', async () => {
    expect(await refused("FROM cells_in('C1')")).toMatchObject({ code: 'missing' });
    await atlas.call('add_data', { source: 'sets.csv', id: 'sets' });
    for (const taxon of ['C1', '01 IT Glut', 'it glut'])
      expect(await all(`SELECT accession, level, steps FROM cells_in('${taxon}')`)).toEqual([
        ['C1', 'class', 0],
        ['S1', 'subclass', 1],
        ['U1', 'cluster', 2],
        ['U2', 'cluster', 2],
      ]);
    expect(await refused("FROM cells_in('Pvalb')")).toMatchObject({ message: expect.stringContaining("'Pvalb'") });
  });

  test('read no more than a statement may', async () => {
    for (const table of [
      "'/etc/passwd'",
      "'../x.csv'",
      "'duckdb_settings'",
      'pg_catalog.pg_class',
      "'duckdb_' || 'settings'",
      "['tree.tree']",
      '(SELECT 1)',
    ])
      expect(await refused(`FROM tuning(${table}, id, id)`), table).toMatchObject({
        code: expect.stringMatching(/bad-input|not-allowed/),
      });
    expect(await refused("FROM query_table('tree.tree')")).toMatchObject({ code: 'not-allowed' });
    expect(await refused('FROM tuning(tree.tree, id, random_seed())')).toMatchObject({ code: 'bad-input' });
    expect(await refused('FROM tuning(tree.tree, id, now())')).toMatchObject({ code: 'not-allowed' });
    expect(await refused('FROM tuning(nothing.nowhere, id, id)')).toMatchObject({ code: 'unknown-name' });
  });

  test.each(sqlFunctions)('$name has a page with its definition and an example', async ({ name, defined, takes }) => {
    const [content] = (await atlas.client.readResource({ uri: `bregma://sql/${name}` })).contents;
    const text = 'text' in content ? content.text : '';
    for (const part of ['## Takes', '## Defined', '## Example', ...defined]) expect(text).toContain(part);
    for (const one of takes) expect(text).toContain(`\`${one.name}\``);
  });
});
