import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../../fixtures/client.ts';
import { image } from '../../fixtures/image.ts';

const space = temporaryWorkspace();
const empty = path.join(space.folder, 'empty-mirror');
let atlas: Connection;
beforeAll(async () => {
  mkdirSync(empty, { recursive: true });
  atlas = await connect('atlas', space.folder, { env: { BREGMA_MIRROR: empty } });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

/** Writes a file into the workspace and gives its relative name. */
function file(name: string, bytes: string | Uint8Array): string {
  const full = path.join(space.folder, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, bytes);
  return name;
}

const added = async () =>
  (await atlas.call('find_data', { limit: 100 })).value.datasets
    .filter((row: { added: boolean }) => row.added)
    .map((row: { dataset: string }) => row.dataset);
const count = async (table: string) =>
  (await atlas.call('query_data', { sql: `SELECT count(*) FROM ${table}` })).value.rows[0][0];

const random = makeRandom(5);
const responses = (shape: number[]) =>
  writeNpy({ data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()), shape });

describe('a file of your own', () => {
  test.each([
    ['units.csv', 'unit,depth_um\n1,120\n2,340\n'],
    ['units.tsv', 'unit\tdepth_um\n1\t120\n2\t340\n'],
    ['units.csv.gz', gzipSync('unit,depth_um\n1,120\n2,340\n')],
  ])('%s becomes a table', async (name, bytes) => {
    const id = name.replaceAll('.', '-');
    const { value, kind, release } = await atlas.call('add_data', { source: file(name, bytes), id });
    expect(value.tables).toEqual([
      {
        name: 'units',
        rows: 2,
        columns: ['unit BIGINT', 'depth_um BIGINT'],
        decided: [expect.stringMatching(/^Separator: (comma|tab)\./), 'Header: line 1. Option: header.'],
      },
    ]);
    expect(value.dataset).toMatch(new RegExp(`^${id}@[0-9a-f]{12}$`));
    expect([kind, release]).toEqual(['not stated', [value.dataset]]);
    expect(await count(`"${id}".units`)).toBe(2);
  });

  test('several come in by one call, or none does; names are given as SQL writes them', async () => {
    const source = [
      file('donors.csv', 'Donor ID,left,age\nd1,1,80\nd2,0,n/a\n'),
      file('cells.csv', 'cell,rate\n1,2.5\n'),
    ];
    const { value, release } = await atlas.call('add_data', { source, options: { kind: 'measured' } });
    expect(value.datasets.map(({ dataset }: { dataset: string }) => dataset)).toEqual(release);
    expect(value.datasets[0].tables[0].columns).toEqual([
      '"Donor ID" VARCHAR',
      '"left" BIGINT',
      'age BIGINT, 1 missing (n/a)',
    ]);
    expect(await count('cells.cells')).toBe(1);
    const refused = await atlas.fail('add_data', { source: [file('more.csv', 'a\n1\n'), 'nowhere.csv'] });
    expect(refused.message).toContain('nowhere.csv');
    expect((await atlas.fail('query_data', { sql: 'SELECT * FROM more.more' })).code).toBe('unknown-name');
    const twice = await atlas.fail('add_data', { source: [source[0], source[0]] });
    expect(twice.message).toContain('would both be the data set donors');
    expect((await atlas.fail('add_data', { source, id: 'both' })).message).toBe(
      'id is said of one source; there are 2.',
    );
  });

  test('Excel and Parquet become tables, NPY an array', async () => {
    const book = path.join(root, 'datasets/celegans-connectomes/witvliet_2020_8.xlsx');
    const [sheet] = (await atlas.call('add_data', { source: book, id: 'book' })).value.tables;
    expect([sheet.rows, sheet.columns.length]).toEqual([2496, 4]);
    const { value } = await atlas.call('query_data', {
      sql: `SELECT sum(synapses)::INTEGER FROM book.${sheet.name} WHERE type ILIKE 'chem%'`,
    });
    expect(value.rows).toEqual([[7970]]);
    const full = await atlas.call('query_data', { sql: 'SELECT unit, depth_um FROM "units-csv".units', limit: 0 });
    const object = full.value.result.object as string;
    file(
      'again.parquet',
      readFileSync(path.join(space.folder, '.bregma/objects', object.slice(0, 2), object.slice(2))),
    );
    const [again] = (await atlas.call('add_data', { source: 'again.parquet' })).value.tables;
    expect([again.name, again.rows, again.columns.length]).toEqual(['again', 2, 2]);
    const array = await atlas.call('add_data', {
      source: file('map.npy', responses([3, 4])),
      options: { axes: ['y', 'x'], unit: 'mV' },
    });
    expect(array.value.arrays).toEqual([{ name: 'map', dtype: 'f8', shape: [3, 4], axes: ['y', 'x'], unit: 'mV' }]);
  });

  test('a column of 64-bit ids stays text, and says so', async () => {
    const { value } = await atlas.call('add_data', { source: file('ids.csv', 'id\n720575940620875399\n1\n') });
    expect(value.warnings[0]).toContain('64-bit');
    expect((await atlas.call('query_data', { sql: 'SELECT id FROM ids.ids ORDER BY length(id)' })).value.rows).toEqual([
      ['1'],
      ['720575940620875399'],
    ]);
  });

  test('the same file twice is the same data set, another content another release', async () => {
    const source = file('same.csv', 'a\n1\n');
    const first = await atlas.call('add_data', { source });
    const second = await atlas.call('add_data', { source });
    expect(second.value).toEqual(first.value);
    file('same.csv', 'a\n2\n');
    expect((await atlas.call('add_data', { source })).value.dataset).not.toBe(first.value.dataset);
  });

  test('images and responses: image 2 comes before image 10, JPEG and PNG mix, NaN stays', async () => {
    const names = [10, 2, 1, 11];
    const zip = zipSync(
      Object.fromEntries([
        ...names.map((n, i) => [`set/image${n}.${i % 2 ? 'png' : 'jpg'}`, image(i % 2 ? 'png' : 'jpg', n * 20)]),
        ['__MACOSX/set/._image1.jpg', new Uint8Array(4)],
        ['set/readme.txt', new Uint8Array(4)],
      ]),
    );
    const values = Float64Array.from({ length: 3 * 4 * 2 }, (_, i) => (i === 5 ? Number.NaN : i));
    const { value } = await atlas.call('add_data', {
      source: 'mine',
      id: 'mine',
      format: 'stimulus-response',
      options: {
        stimuli: file('images.zip', zip),
        responses: file('responses.npy', writeNpy({ data: values, shape: [3, 4, 2] })),
      },
    });
    expect(value.arrays.map((array: { shape: number[] }) => array.shape)).toEqual([
      [4, 8, 8, 3],
      [3, 4, 2],
    ]);
    expect(value.warnings[0]).toContain('first set/image1.jpg, second set/image2.png, last set/image11.png');
    expect(value.warnings.join(' ')).toContain('4.2 %');
    const { value: described } = await atlas.call('describe_data', { data: 'mine' });
    const object = described.arrays[0].object as string;
    const stack = readFileSync(path.join(space.folder, '.bregma/objects', object.slice(0, 2), object.slice(2)));
    const brightness = [0, 1, 2, 3].map((i) => Math.round(stack[stack.length - (4 - i) * 8 * 8 * 3] / 20));
    expect(brightness).toEqual([1, 2, 10, 11]);
    const kept = described.arrays[1].object as string;
    const stored = parseNpy(readFileSync(path.join(space.folder, '.bregma/objects', kept.slice(0, 2), kept.slice(2))));
    expect([...stored.data]).toEqual([...values]);
  });

  test('a folder of images is read as a zip of them is', async () => {
    for (const n of [1, 2, 10]) file(`pictures/p${n}.png`, image('png', n * 20));
    const names = [10, 1, 2];
    const zip = zipSync(Object.fromEntries(names.map((n) => [`p${n}.png`, image('png', n * 20)])));
    const measured = file('three.npy', responses([2, 3]));
    const add = (stimuli: string, id: string) =>
      atlas.call('add_data', {
        source: id,
        id,
        format: 'stimulus-response',
        options: { stimuli, responses: measured },
      });
    await add('pictures', 'folder');
    await add(file('pictures.zip', zip), 'zip');
    const objects = await Promise.all(
      ['folder', 'zip'].map(async (data) =>
        (await atlas.call('describe_data', { data })).value.arrays.map((array: { object: string }) => array.object),
      ),
    );
    expect(objects[0]).toEqual(objects[1]);
  });

  test('a workspace may lie in any folder', async () => {
    const folder = path.join(space.folder, "lab [1] it's subject=3 ünï");
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'a [2].csv'), 'x\n1\n');
    writeFileSync(path.join(folder, 'a 2.csv'), 'x,wrong\n9,9\n');
    const odd = await connect('atlas', folder);
    try {
      await odd.call('add_data', { source: 'a [2].csv', id: 'a' });
      await odd.call('add_data', { source: 'drosophila-larva-winding2023' });
      expect((await odd.call('query_data', { sql: 'SELECT * FROM a.a_2_' })).value).toMatchObject({
        columns: ['x'],
        rows: [[1]],
      });
      const { value } = await odd.call('query_data', {
        sql: 'SELECT * FROM drosophila_larva_winding2023.edges LIMIT 1',
      });
      expect(value.columns).toEqual(['pre', 'post', 'weight', 'kind']);
    } finally {
      await odd.close();
    }
  });

  test('added twice at the same time, it is there once', async () => {
    const source = file('together.csv', 'a\n1\n');
    const both = await Promise.all([1, 2].map(() => atlas.call('add_data', { source })));
    expect(both[1].value).toEqual(both[0].value);
    expect((await added()).filter((dataset: string) => dataset.startsWith('together@'))).toHaveLength(1);
  });

  test('whose adding is cancelled is not there, and can be added then', async () => {
    const controller = new AbortController();
    const working = atlas.client.callTool(
      { name: 'add_data', arguments: { source: 'macaque-v4-210325' } },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 60);
    await expect(working).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 1500)); // longer than adding takes
    expect(await added()).not.toContain('macaque-v4-210325@2023-11.2');
    const { value } = await atlas.call('add_data', { source: 'macaque-v4-210325' });
    expect(value.arrays[1].shape).toEqual([50, 640, 10]);
  });
});
