import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';
import { type FormatBench, formatBench } from '../fixtures/formats.ts';

let bench: FormatBench;
beforeAll(async () => {
  bench = await formatBench();
});
afterAll(() => bench.close());

type Files = Record<string, string | Uint8Array>;

/** Writes a hierarchy as a folder. */
function hierarchy(name: string, files: Files): string {
  for (const [key, bytes] of Object.entries(files)) bench.file(`${name}/${key}`, bytes);
  return path.join(bench.folder, name);
}
const zipOf = (files: Files) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([key, bytes]) => [key, Buffer.from(bytes as string)])));

/** An array of version 2: u2, [4 × 4] in chunks of [2 × 2]. */
const zarray = (more: object = {}) =>
  JSON.stringify({
    zarr_format: 2,
    shape: [4, 4],
    chunks: [2, 2],
    dtype: '<u2',
    fill_value: 7,
    order: 'C',
    filters: null,
    compressor: null,
    ...more,
  });
const group = JSON.stringify({ zarr_format: 2 });
const chunk = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);
const two = (more: object = {}): Files => ({
  '.zgroup': group,
  'a/.zarray': zarray(more),
  'a/0.0': chunk(1, 2, 3, 4),
  'a/1.1': chunk(5, 6, 8, 9),
});

describe('chunks that are not stored', () => {
  test('are full of the fill value, and counted', async () => {
    const parts = await bench.read('zarr', hierarchy('sparse.zarr', two()));
    expect([...bench.array(parts, 'a').data]).toEqual([1, 2, 7, 7, 3, 4, 7, 7, 7, 7, 5, 6, 7, 7, 8, 9]);
    expect(parts.warnings).toEqual(['/a: 2 of 4 chunks are not stored; they are its fill value 7.']);
  });

  test('are zero where no fill value is named, which is said', async () => {
    const parts = await bench.read('zarr', hierarchy('unnamed.zarr', two({ fill_value: null })));
    expect([...bench.array(parts, 'a').data].slice(0, 4)).toEqual([1, 2, 0, 0]);
    expect(parts.warnings.join()).toContain('no fill value is named, 0 was taken');
  });
});

describe('a hierarchy reads its own files alone', () => {
  test('a link in it is refused by its name', async () => {
    const folder = hierarchy('linked.zarr', two());
    rmSync(path.join(folder, 'a/0.0'));
    symlinkSync('/etc/passwd', path.join(folder, 'a/0.0'));
    const error = await bench.refusal('zarr', folder);
    expect([error.code, error.message]).toEqual(['bad-input', 'linked.zarr has a/0.0, which is a link.']);
  });

  test('a zip whose files lead out of it is refused', async () => {
    const error = await bench.refusal('zarr', bench.file('out.zarr.zip', zipOf({ ...two(), '../b': 'x' })));
    expect(['bad-input', 'corrupt']).toContain(error.code);
    expect(error.message).toContain('out.zarr.zip');
  });

  test('a zip of the folder is the same as the folder', async () => {
    const inside = Object.fromEntries(Object.entries(two()).map(([key, bytes]) => [`data.zarr/${key}`, bytes]));
    const parts = await bench.read('zarr', bench.file('data.zarr.zip', zipOf(inside)));
    const plain = await bench.read('zarr', hierarchy('again.zarr', two()));
    expect(parts.arrays.map(({ name, object }) => [name, object])).toEqual(
      plain.arrays.map(({ name, object }) => [name, object]),
    );
  });

  test('a folder without metadata is no Zarr', async () => {
    mkdirSync(path.join(bench.folder, 'empty.zarr'), { recursive: true });
    writeFileSync(path.join(bench.folder, 'empty.zarr/0.0'), 'x');
    expect((await bench.refusal('zarr', 'empty.zarr')).message).toContain('no zarr.json, .zgroup or .zarray');
  });
});

describe('a chunk holds exactly its elements', () => {
  const packed = { id: 'zlib', level: 1 };
  test.each<[string, Uint8Array, object]>([
    ['too few bytes', chunk(1, 2, 3), {}],
    ['too many bytes', chunk(1, 2, 3, 4, 5), {}],
    ['nothing', new Uint8Array(0), {}],
    ['no stream of zlib', chunk(1, 2, 3, 4), { compressor: packed }],
    ['a bomb', deflateSync(new Uint8Array(50_000_000)), { compressor: packed }],
    ['no Blosc', chunk(1, 2, 3, 4), { compressor: { id: 'blosc' } }],
    ['a Blosc of another length', Buffer.alloc(40, 2), { compressor: { id: 'blosc' } }],
    ['no LZ4', Buffer.from([8, 0, 0, 0, 255, 255, 255]), { compressor: { id: 'lz4' } }],
  ])('%s is refused by the name of the chunk', async (what, bytes, more) => {
    const folder = hierarchy(`${what}.zarr`, { ...two(more), 'a/1.1': bytes, 'a/0.0': bytes });
    const error = await bench.refusal('zarr', folder);
    expect(error.code).toBe('corrupt');
    expect(error.message).toContain(`The chunk a/0.0 of ${what}.zarr`);
    expect(error.next).toBeTruthy();
  });
});

test.each<[string, object, string]>([
  ['10¹² values', { shape: [1e6, 1e6], chunks: [1000, 1000] }, 'of one array are copied: it was left out'],
  ['chunks of 10¹² bytes', { shape: [4, 4], chunks: [1e6, 1e6] }, 'take more than'],
  ['chunks without number', { shape: [1e9], chunks: [1] }, 'claims 1000000000 chunks'],
  ['an unknown codec', { compressor: { id: 'lzma' } }, 'packed by lzma, which is not read'],
  ['another number of axes', { chunks: [2] }, 'do not fit it'],
  ['lengths below zero', { shape: [-4, 4] }, 'give no shape'],
])('an array that claims %s is left out, and said', async (what, more, why) => {
  const parts = await bench.read(
    'zarr',
    hierarchy(`claims ${what}.zarr`, { ...two(more), 'b/.zarray': zarray(), 'b/0.0': chunk(1, 2, 3, 4) }),
  );
  expect(parts.arrays.map(({ name }) => name)).toEqual(['b']);
  expect(parts.warnings.join(' ')).toContain(why);
});

test('an image of OME-Zarr is a volume with the place of its voxels', async () => {
  const axes = [
    { name: 'c', type: 'channel' },
    ...['z', 'y', 'x'].map((name) => ({ name, type: 'space', unit: 'nanometer' })),
  ];
  const level = (name: string, scale: number, move: number) => ({
    path: name,
    coordinateTransformations: [
      { type: 'scale', scale: [1, 40 * scale, 4 * scale, 4 * scale] },
      { type: 'translation', translation: [0, 0, move, move] },
    ],
  });
  const multiscales = [{ version: '0.4', name: 'brain', axes, datasets: [level('0', 1, 0), level('1', 2, 2)] }];
  const image = (shape: number[]) => zarray({ shape, chunks: shape, dtype: '|u1', dimension_separator: '/' });
  const folder = hierarchy('image.ome.zarr', {
    '.zgroup': group,
    '.zattrs': JSON.stringify({ multiscales }),
    '0/.zarray': image([1, 2, 4, 4]),
    '0/0/0/0/0': Uint8Array.from({ length: 32 }, (_, i) => i),
    '1/.zarray': image([1, 1, 2, 2]),
    '1/0/0/0/0': Uint8Array.of(9, 8, 7, 6),
  });
  const { shape, arrays, warnings } = await bench.read('zarr', folder);
  expect(shape).toBe('volume');
  expect(arrays.map(({ name, axes: words, shape: sizes }) => [name, words, sizes])).toEqual([
    ['image_ome', ['c', 'z', 'y', 'x'], [1, 2, 4, 4]],
  ]);
  const { unit, dims, affine } = arrays[0].frame ?? {};
  expect([unit, dims]).toEqual(['um', [1, 2, 3]]);
  // 40 and 4 nm are 0.04 and 0.004 µm.
  expect(affine?.flat()).toEqual([0.04, 0, 0, 0, 0, 0.004, 0, 0, 0, 0, 0.004, 0]);
  expect(warnings.join(' ')).toContain('level 0 of 2');
  const coarse = await bench.read('zarr', folder, { level: 1 });
  expect([...bench.array(coarse, 'image_ome').data]).toEqual([9, 8, 7, 6]);
  expect(coarse.arrays[0].frame?.affine.map((row) => row[3])).toEqual([0, 0.002, 0.002]);
  expect((await bench.refusal('zarr', folder, { level: 2 })).next).toContain('to 1');
});

/** Written by hdmf-zarr 0.13.0, texts and references pickled, as it does: see test/fixtures/nwb-zarr.py. */
describe('NWB in Zarr', () => {
  const file = path.join(root, 'test/fixtures/nwb-zarr.zip');
  test.each(['nwb', 'zarr'])('is read as NWB by the format %s', async (format) => {
    const parts = await bench.read(format, file);
    expect(await bench.rows(parts, 'trials', 'id')).toEqual(
      [0, 1, 2, 3].map((i) => ({ id: String(i), start_time: i, stop_time: i + 0.5, stimulus: `ü${i % 2}` })),
    );
    expect(await bench.rows(parts, 'units_spike_times', '')).toEqual(
      [0, 1, 2].flatMap((unit) =>
        Array.from({ length: unit + 1 }, (_, i) => ({ units_id: String(7 + unit), spike_times: i * 0.25 })),
      ),
    );
    const speed = (await bench.rows(parts, 'samples', '')).filter(({ path: one }) => one === '/acquisition/speed');
    expect(speed.map(({ time, value }) => [time, value])).toEqual(
      [0, 1, 2, 3, 4, 5].map((i) => [1.5 + i / 10, (i / 4) * 2]),
    );
    const references = await bench.rows(parts, 'trials_timeseries', 'trials_id');
    expect(references.map((row) => row.timeseries_timeseries)).toEqual(new Array(4).fill('/acquisition/speed'));
    expect(bench.array(parts, 'acquisition_raw_data').shape).toEqual([10, 3]);
  });
});
