import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { zipSync } from 'fflate';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../../fixtures/client.ts';

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

/** A grey square of the given brightness, as JPEG or PNG. */
function image(kind: 'jpg' | 'png', brightness: number, size = 8): Uint8Array {
  const data = new Uint8Array(size * size * 4).map((_, i) => (i % 4 === 3 ? 255 : brightness));
  if (kind === 'jpg') return jpeg.encode({ data, width: size, height: size }, 95).data;
  const png = new PNG({ width: size, height: size });
  png.data = Buffer.from(data);
  return PNG.sync.write(png);
}

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
    expect(value.tables).toEqual([{ name: 'units', rows: 2, columns: 2 }]);
    expect(value.dataset).toMatch(new RegExp(`^${id}@[0-9a-f]{12}$`));
    expect([kind, release]).toEqual(['measured', [value.dataset]]);
    expect(await count(`"${id}".units`)).toBe(2);
  });

  test('Excel and Parquet become tables, NPY an array', async () => {
    const book = path.join(root, 'datasets/celegans-connectomes/witvliet_2020_8.xlsx');
    const [sheet] = (await atlas.call('add_data', { source: book, id: 'book' })).value.tables;
    expect(sheet).toMatchObject({ rows: 2496, columns: 4 });
    const { value } = await atlas.call('query_data', {
      sql: `SELECT sum(synapses)::INTEGER FROM book.${sheet.name} WHERE type ILIKE 'chem%'`,
    });
    expect(value.rows).toEqual([[7970]]);
    const full = await atlas.call('query_data', { sql: 'SELECT unit, depth_um FROM "units-csv".units' });
    const object = full.value.result.object as string;
    file(
      'again.parquet',
      readFileSync(path.join(space.folder, '.bregma/objects', object.slice(0, 2), object.slice(2))),
    );
    expect((await atlas.call('add_data', { source: 'again.parquet' })).value.tables).toEqual([
      { name: 'again', rows: 2, columns: 2 },
    ]);
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
    expect(value.warnings[0]).toContain('4.2 %');
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
        columns: [{ name: 'x', type: 'BIGINT' }],
        rows: [[1]],
      });
      const { value } = await odd.call('query_data', {
        sql: 'SELECT * FROM drosophila_larva_winding2023.edges LIMIT 1',
      });
      expect(value.columns.map(({ name }: { name: string }) => name)).toEqual(['pre', 'post', 'weight', 'kind']);
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
    expect(await added()).not.toContain('macaque-v4-210325@2023-11');
    const { value } = await atlas.call('add_data', { source: 'macaque-v4-210325' });
    expect(value.arrays[1].shape).toEqual([50, 640, 10]);
  });
});

describe('what cannot be read is refused with its name and the next step, and nothing is added', () => {
  const zip = (files: Record<string, Uint8Array>) => zipSync(files);
  const good = () => file('good.npy', responses([2, 2]));
  const stimuli = (source: string, other = good()) => ({
    source: 'bad',
    id: 'bad',
    format: 'stimulus-response',
    options: { stimuli: source, responses: other },
  });
  const cases: [string, () => Record<string, unknown>, RegExp][] = [
    ['a CSV with ragged rows', () => ({ source: file('ragged.csv', 'a,b\n1,2\n3\n4,5,6\n') }), /ragged\.csv/],
    ['a CSV with a NUL byte', () => ({ source: file('nul.csv', 'a,b\n1,2\n3,\0\n') }), /NUL byte in line 3/],
    ['a gzip that is none', () => ({ source: file('not.csv.gz', 'a,b\n1,2\n') }), /not\.csv\.gz cannot be read/],
    [
      'a Parquet file cut short',
      () => ({ source: file('cut.parquet', 'PAR1 nothing') }),
      /cut\.parquet is no readable Parquet/,
    ],
    ['an Excel file that is none', () => ({ source: file('no.xlsx', 'hello') }), /no\.xlsx is no readable Excel/],
    ['an NPY file that is none', () => ({ source: file('no.npy', 'hello world') }), /no\.npy is no NPY file/],
    [
      'an NPY file cut short',
      () => ({ source: file('cut.npy', responses([10, 10]).subarray(0, 400)) }),
      /cut\.npy ends early/,
    ],
    [
      'an NPY file with a shape that no memory holds',
      () => ({
        source: file(
          'huge.npy',
          Buffer.from(
            Buffer.from(responses([2, 2]))
              .toString('latin1')
              .replace('(2, 2), }', '(99999999999, 99999999999), }')
              .slice(0, 150),
            'latin1',
          ),
        ),
      }),
      /huge\.npy/,
    ],
    [
      'an NPY file of pickled objects',
      () => ({
        source: file(
          'object.npy',
          Buffer.from(
            `\x93NUMPY\x01\x00\x46\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }              \n`,
            'latin1',
          ),
        ),
      }),
      /elements of type '\|O'/,
    ],
    ['a zip that is none', () => stimuli(file('bad.zip', 'not a zip')), /bad\.zip is no readable zip/],
    ['a zip without images', () => stimuli(file('none.zip', zip({ 'a.txt': new Uint8Array(3) }))), /no JPEG or PNG/],
    [
      'a zip cut short',
      () => stimuli(file('cut.zip', zip({ '1.png': image('png', 9), '2.png': image('png', 9) }).subarray(0, 60))),
      /cut\.zip/,
    ],
    [
      'a damaged JPEG',
      () => stimuli(file('jpg.zip', zip({ '1.jpg': image('jpg', 9).subarray(0, 40), '2.jpg': image('jpg', 9) }))),
      /image 1\.jpg cannot be decoded/,
    ],
    [
      'a damaged PNG',
      () => stimuli(file('png.zip', zip({ '1.png': image('png', 9), '2.png': image('png', 9).subarray(0, 50) }))),
      /image 2\.png cannot be decoded/,
    ],
    [
      'images of two sizes',
      () => stimuli(file('sizes.zip', zip({ '1.png': image('png', 9, 8), '2.png': image('png', 9, 16) }))),
      /2\.png is 16 × 16, 1\.png is 8 × 8/,
    ],
    [
      'more images than columns',
      () =>
        stimuli(
          file('three.zip', zip({ '1.png': image('png', 1), '2.png': image('png', 2), '3.png': image('png', 3) })),
        ),
      /3 images, good\.npy has 2 columns/,
    ],
    [
      'responses that are a vector',
      () => stimuli(file('one.zip', zip({ '1.png': image('png', 1) })), file('vector.npy', responses([5]))),
      /shape \[5\]/,
    ],
    [
      'responses that are infinite',
      () =>
        stimuli(
          file('two.zip', zip({ '1.png': image('png', 1), '2.png': image('png', 2) })),
          file('inf.npy', writeNpy({ data: Float64Array.of(1, 2, Infinity, 4), shape: [2, 2] })),
        ),
      /infinite response at position 2/,
    ],
    ['options that are missing', () => ({ source: 'x', format: 'stimulus-response', options: {} }), /options\.stimuli/],
    [
      'an option that does not exist',
      () => ({ source: file('o.csv', 'a\n1\n'), options: { delimeter: ';' } }),
      /no option 'delimeter'/,
    ],
    [
      'a format that does not exist',
      () => ({ source: file('f.csv', 'a\n1\n'), format: 'parket' }),
      /Did you mean parquet/,
    ],
    ['a folder that has a file’s name', () => ({ source: path.dirname(file('folder.csv/x.txt', 'a')) }), /folder\.csv/],
    ['a file of an unknown kind', () => ({ source: file('notes.docx', 'hello') }), /notes\.docx.*csv, npy, parquet/],
    ['an id that is no id', () => ({ source: file('own2.csv', 'a\n1\n'), id: '../own' }), /cannot be a data set's id/],
    ['an empty file', () => ({ source: file('nothing.csv', '') }), /nothing\.csv is empty/],
    ['a file that is not there', () => ({ source: 'nowhere.csv' }), /neither a registered data set nor a file/],
    ['a registered id with a slip', () => ({ source: 'celegans-cook2091' }), /Did you mean celegans-cook2019/],
    [
      'an id that a registered data set has',
      () => ({ source: file('own.csv', 'a\n1\n'), id: 'flywire-v783' }),
      /registered data set/,
    ],
    [
      'a kind that does not exist',
      () => ({ source: file('k.csv', 'a\n1\n'), options: { kind: 'guessed' } }),
      /measured, derived/,
    ],
    ['data with terms that nobody agreed to', () => ({ source: 'flywire-v783' }), /non-commercial/],
  ];
  test.each(cases)('%s', async (_, request, message) => {
    const before = await added();
    const error = await atlas.fail('add_data', request());
    expect(`${error.message} ${error.next ?? ''}`).toMatch(message);
    expect(await added()).toEqual(before);
  });

  test('terms are shown before the data are fetched, with how to agree to them', async () => {
    const error = await atlas.fail('add_data', { source: 'flywire-v783' });
    expect(error).toMatchObject({ code: 'needs-agreement', next: expect.stringContaining('agree: true') });
    expect(error.message).toContain('codex.flywire.ai');
  });

  test('a mirror file with other bytes than the pinned ones is refused and named', async () => {
    const wrong = path.join(empty, 'macaque-v4-cowley2023/images_190923.zip');
    mkdirSync(path.dirname(wrong), { recursive: true });
    writeFileSync(wrong, 'not the images');
    const error = await atlas.fail('add_data', { source: 'macaque-v4-190923' });
    expect(error.code).toBe('corrupt');
    expect(error.message).toMatch(/images_190923\.zip from the mirror has sha256 .* pinned to e99a4df1c7476bdc/);
    expect(error.next).toContain(wrong);
  });
});
