import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FormatBench, formatBench } from '../fixtures/formats.ts';

let bench: FormatBench;
beforeAll(async () => {
  bench = await formatBench();
});
afterAll(() => bench.close());

let written = 0;
const zoo = (name: string) => path.resolve('test/fixtures/zoo', name);
const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
/** An element of level 5 ("MAT-File Format"), big or little endian. */
const element = (type: number, bytes: Buffer, isBig = false, claimed = bytes.length) => {
  const tag = Buffer.alloc(8);
  for (const [at, value] of [type, claimed].entries())
    isBig ? tag.writeUInt32BE(value, at * 4) : tag.writeUInt32LE(value, at * 4);
  return Buffer.concat([tag, type === 15 ? bytes : pad(bytes)]);
};
const words = (values: number[], isBig = false) => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries())
    isBig ? bytes.writeUInt32BE(value, i * 4) : bytes.writeUInt32LE(value, i * 4);
  return bytes;
};
/** A variable: its class with flags, size, name and what follows. */
const variable = (word: number, dims: number[], name: string, rest: Buffer[], isBig = false) =>
  element(
    14,
    Buffer.concat([
      element(6, words([word, 0], isBig), isBig),
      element(5, words(dims, isBig), isBig),
      element(1, Buffer.from(name), isBig),
      ...rest,
    ]),
    isBig,
  );
const head = (isBig = false) =>
  Buffer.concat([
    Buffer.from('MATLAB 5.0 MAT-file'.padEnd(116)),
    Buffer.alloc(8),
    isBig ? Buffer.from('\x01\x00MI', 'latin1') : Buffer.from('\x00\x01IM', 'latin1'),
  ]);
const mat = (parts: Buffer[], isBig = false) =>
  bench.file(`file${written++}.mat`, Buffer.concat([head(isBig), ...parts]));
const doubles = (values: number[]) => Buffer.from(Float64Array.from(values).buffer);

describe.each(['plain.mat', 'packed.mat', 'v73.mat'])('the same variables as %s', (name) => {
  test('are trains with the id of their unit, structs as rows, matrices as MATLAB shows them', async () => {
    const parts = await bench.read('matlab', zoo(name));
    expect(await bench.rows(parts, 'spikes_times', 'row, times')).toEqual([
      { row: 0, UID: 7, times: 0 },
      { row: 1, UID: 3, times: 0 },
      { row: 1, UID: 3, times: 0.5 },
      { row: 2, UID: 5, times: 0 },
      { row: 2, UID: 5, times: 0.5 },
      { row: 2, UID: 5, times: 1 },
    ]);
    expect((await bench.rows(parts, 'spikes', '')).map(({ UID, region }) => [UID, region])).toEqual([
      [7, 'CA1'],
      [3, ''],
      [5, 'MOs'],
    ]);
    expect((await bench.rows(parts, 'trials', '')).map(({ onset, choice }) => [onset, choice])).toEqual([
      [1, 'left'],
      [2, 'right'],
    ]);
    expect(await bench.rows(parts, 'trials_licks', 'row, licks')).toEqual([
      { row: 0, licks: 0.1 },
      { row: 0, licks: 0.2 },
      { row: 1, licks: 0.3 },
    ]);
    expect(await bench.rows(parts, 'm', '')).toEqual([0, 1, 2].map((i) => ({ row: i, column: i, value: 2.5 })));
    expect(bench.array(parts, 'x')).toMatchObject({ dtype: 'i2', shape: [3, 4] });
    expect([...bench.array(parts, 'x').data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect([...bench.array(parts, 'z_imag').data]).toEqual([2, 0, 0, 5]);
    expect(bench.array(parts, 'on').dtype).toBe('b1');
    expect(await bench.rows(parts, 'about')).toContainEqual({ path: '/name', name: '', value: 'mouse' });
    expect(parts.warnings.join('\n')).toContain('/z is complex: /z_real and /z_imag are its parts.');
  });

  test('is refused by name, or keeps its shapes, wherever it is cut', async () => {
    const whole = readFileSync(zoo(name));
    for (const share of name === 'v73.mat' ? [0.3, 0.9] : [0.1, 0.3, 0.6, 0.9, 0.99]) {
      const file = bench.file(`cut${written++}.mat`, whole.subarray(0, Math.floor(whole.length * share)));
      const error = await bench.refusal('matlab', file);
      expect([error.message, error.next]).toEqual([expect.stringMatching(/cut\d+\.mat/), expect.anything()]);
    }
  });
});

describe('MATLAB', () => {
  test('of the other byte order is the same', async () => {
    const file = mat([variable(12, [2, 2], 'x', [element(5, words([1, 2, 3, 4], true), true)], true)], true);
    expect([...bench.array(await bench.read('matlab', file), 'x').data]).toEqual([1, 3, 2, 4]);
  });

  test('names handles and objects, and is refused when it holds nothing else', async () => {
    const handle = variable(16, [1, 1], 'f', [variable(6, [0, 0], '', [element(9, Buffer.alloc(0))])]);
    const parts = await bench.read(
      'matlab',
      mat([handle, variable(6, [2, 2], 'x', [element(9, doubles([1, 2, 3, 4]))])]),
    );
    expect(parts.warnings).toEqual(['/f was left out: it is a function handle.']);
    expect((await bench.refusal('matlab', mat([handle]))).message).toBe(
      'It holds nothing that is read. /f was left out: it is a function handle.',
    );
  });

  test('keeps truth values of a sparse matrix that MATLAB calls doubles', async () => {
    const sparse = variable(5 | 0x200, [2, 2], 's', [
      element(5, words([0, 1])),
      element(5, words([0, 1, 2])),
      element(9, Buffer.from([1, 1, 0, 0, 0, 0, 0, 0])),
    ]);
    const parts = await bench.read('matlab', mat([sparse]));
    expect(await bench.rows(parts, 's', '')).toEqual([
      { row: 0, column: 0, value: true },
      { row: 1, column: 1, value: true },
    ]);
  });

  test.each<[string, () => Buffer[], RegExp]>([
    [
      'a size beyond all memory',
      () => [variable(6, [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1], 'x', [element(9, doubles([1]))])],
      /claims the size/,
    ],
    ['fewer values than its size', () => [variable(6, [1000, 1000], 'x', [element(9, doubles([1]))])], /has 1 values/],
    [
      'a negative size',
      () => [variable(6, [0xffffffff, 1], 'x', [element(9, doubles([1]))])],
      /claims the size \[-1,1\]/,
    ],
    ['more cells than it has room for', () => [variable(1, [1, 1e8], 'c', [])], /claims 100000000 cells/],
    ['an element beyond the end', () => [element(14, doubles([1]), false, 4e9)], /ends early/],
    [
      'a sparse entry outside',
      () => [variable(5, [2, 1], 's', [element(5, words([7])), element(5, words([0, 1])), element(9, doubles([1]))])],
      /entry outside/,
    ],
    ['deflated bytes that are damaged', () => [element(15, Buffer.from('no zlib here'))], /cannot be unpacked/],
    [
      'levels without end',
      () => {
        let inner = variable(6, [1, 1], '', [element(9, doubles([1]))]);
        for (let i = 0; i < 100; i++) inner = variable(1, [1, 1], 'c', [inner]);
        return [inner];
      },
      /more than 60 levels/,
    ],
  ])('with %s is refused', async (_, parts, message) => {
    const error = await bench.refusal('matlab', mat(parts()));
    expect([error.code, error.message]).toEqual(['corrupt', expect.stringMatching(message)]);
    expect(error.next).toBeTruthy();
  });

  test('that unpacks to more than its variable claims is not held in memory', async () => {
    const bomb = element(15, deflateSync(Buffer.alloc(6e7)));
    expect((await bench.refusal('matlab', mat([bomb]))).code).toBe('corrupt');
  });
});

describe('version 4', () => {
  /** A variable: type MOPT, size, whether it is complex, name, numbers by column. */
  const old = (type: number, dims: number[], name: string, data: Buffer, imaginary = 0) =>
    Buffer.concat([words([type, ...dims, imaginary, name.length + 1], type >= 1000), Buffer.from(`${name}\0`), data]);
  const bigDoubles = (values: number[]) => doubles(values).swap64();
  const file = (parts: Buffer[]) => bench.file(`old${written++}.mat`, Buffer.concat(parts));

  test('has matrices by column in either order of bytes, text, and complex numbers', async () => {
    const parts = await bench.read(
      'matlab',
      file([
        old(0, [2, 3], 'a', doubles([1, 4, 2, 5, 3, 6])),
        old(1000, [2, 3], 'b', bigDoubles([1, 4, 2, 5, 3, 6])),
        old(30, [2, 2], 'n', Buffer.from(Int16Array.of(1, -3, 2, 4).buffer)),
        old(1, [1, 4], 's', doubles([...'word'].map((letter) => letter.charCodeAt(0)))),
        old(0, [2, 2], 'z', doubles([1, 2, 3, 4, 5, 6, 7, 8]), 1),
      ]),
    );
    const values = (name: string) => [...bench.array(parts, name).data];
    for (const name of ['a', 'b']) expect(values(name)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(values('n')).toEqual([1, 2, -3, 4]);
    expect([values('z_real'), values('z_imag')]).toEqual([
      [1, 3, 2, 4],
      [5, 7, 6, 8],
    ]);
    expect(await bench.rows(parts, 'about')).toContainEqual(expect.objectContaining({ value: 'word' }));
  });

  test('has sparse matrices as their entries by column, counted from 0', async () => {
    const parts = await bench.read('matlab', file([old(2, [3, 3], 'S', doubles([2, 1, 4, 3, 1, 5, 0.5, 7, 0]))]));
    expect(await bench.rows(parts, 'S', 'row, "column", value')).toEqual([
      { row: 0, column: 0, value: 7 },
      { row: 1, column: 2, value: 0.5 },
    ]);
  });

  test.each<[string, () => Buffer[], string, RegExp]>([
    ['that ends early', () => [old(0, [2, 3], 'a', doubles([1]))], 'corrupt', /a claims \[2,3\], which is not there/],
    [
      'with something behind it',
      () => [old(0, [1, 1], 'a', doubles([1])), Buffer.alloc(40, 7)],
      'corrupt',
      /at byte 30 stands no variable/,
    ],
    [
      'with an entry outside',
      () => [old(2, [2, 3], 'S', doubles([9, 4, 1, 5, 7, 0]))],
      'corrupt',
      /entry 1 of the sparse matrix S/,
    ],
    ['of a VAX', () => [old(2000, [1, 1], 'a', doubles([1]))], 'bad-input', /no file of MATLAB/],
  ])('%s is refused', async (_, parts, code, message) => {
    const error = await bench.refusal('matlab', file(parts()));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  });
});
