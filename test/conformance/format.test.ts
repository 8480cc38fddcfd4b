import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BregmaError } from '@bregma/core/errors';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import type { Duck } from '@bregma/readers/duck';
import { literal, readFileSql } from '@bregma/readers/sql-text';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FileFormat, FormatKit, Parts } from '../../mcp-servers/atlas/src/formats/format.ts';
import { formats } from '../../mcp-servers/atlas/src/formats/index.gen.ts';
import { openDuck } from '../../mcp-servers/atlas/src/read/open-duck.ts';
import { type Cell, workbook } from '../fixtures/workbook.ts';

/** A folder whose name is a pattern and a partition to DuckDB, and a quotation to SQL. */
const folder = mkdtempSync(path.join(tmpdir(), "bregma [1] it's subject=3 "));
let workspace: OpenWorkspace;
let duck: Duck;
let kit: FormatKit;
beforeAll(() => {
  workspace = openWorkspace(folder);
});
beforeEach(async () => {
  duck = await openDuck(workspace.objects, new AbortController().signal, { also: [folder] });
  kit = {
    objects: workspace.objects,
    duck,
    signal: new AbortController().signal,
    progress: () => {},
    resolve: (file) => path.resolve(folder, file),
  };
  return () => duck.close();
});
afterAll(() => {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a file and gives its full name. */
function file(name: string, bytes: string | Uint8Array): string {
  const full = path.join(folder, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, bytes);
  return full;
}
async function parquet(name: string, query: string): Promise<string> {
  await duck.run(`COPY (${query}) TO ${literal(file(name, ''))} (FORMAT parquet)`);
  return path.join(folder, name);
}

const format = (name: string): FileFormat => formats.find((candidate) => candidate.name === name) as FileFormat;
const read = (name: string, source: string, options: Record<string, unknown> = {}) =>
  format(name).read(source, options, kit);
const refusal = (working: Promise<Parts>): Promise<BregmaError> =>
  working.then(
    (parts) => Promise.reject(new Error(`was read as ${JSON.stringify(parts).slice(0, 300)}`)),
    (error) => error,
  );
/** Column types and rows of a table that was read, values as DuckDB writes them. */
async function stored({ tables, warnings }: Parts, at = 0) {
  const table = tables[at];
  const types = Object.fromEntries(table.columns.map(({ name, type }) => [name, type]));
  const rows = await duck.rows(`SELECT * FROM ${readFileSql('parquet', workspace.objects.pathOf(table.object))}`);
  expect(rows).toHaveLength(table.rows);
  return { name: table.name, types, rows, warnings };
}

describe.each(formats.map((one) => [one.name, one] as const))('the format %s', (_, one) => {
  test('has a name, a title, options, and endings that no other format has', () => {
    expect(one.name).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(one.title.length).toBeGreaterThan(5);
    expect(new Set(one.options).size).toBe(one.options.length);
    for (const extension of one.extensions) {
      expect(extension).toMatch(/^\.[a-z0-9.]+$/);
      expect(formats.filter(({ extensions }) => extensions.includes(extension))).toEqual([one]);
    }
  });
});

test.each(
  formats.filter(({ extensions }) => extensions.length > 0).map((one) => [one.name, one.extensions[0]] as const),
)('the format %s refuses noise and nothing, by the name of the file', async (name, extension) => {
  const noise = Uint8Array.from({ length: 300 }, (_, i) => (i * 97 + 31) % 256);
  for (const bytes of [noise, new Uint8Array(0)]) {
    const error = await refusal(read(name, file(`noise${extension}`, bytes)));
    expect(error.message).toContain(`noise${extension}`);
    expect(['bad-input', 'corrupt']).toContain(error.code);
    expect(error.next).toBeTruthy();
  }
});

describe('a file is that file, whatever its name means to DuckDB', () => {
  test.each(['run [2].csv', 'what?.csv', 'all*.csv', 'a,b;c.csv', 'ünïcode ✓.csv', "it's.csv", '{a}.csv', '%41.csv'])(
    '%s',
    async (name) => {
      for (const other of ['run 2.csv', 'whatx.csv', 'all or one.csv', 'a.csv', 'A.csv']) file(other, 'x,other\n9,9\n');
      expect((await stored(await read('csv', file(name, 'x\n1\n')))).rows).toEqual([{ x: '1' }]);
    },
  );

  test('a folder key=value adds no column', async () => {
    expect((await stored(await read('csv', file('session=7/x.csv', 'x\n1\n')))).types).toEqual({ x: 'BIGINT' });
    mkdirSync(path.join(folder, 'session=8'));
    expect((await stored(await read('parquet', await parquet('session=8/x.parquet', 'SELECT 1 AS x')))).types).toEqual({
      x: 'INTEGER',
    });
  });
});

describe('CSV', () => {
  test.each<[string, string | Uint8Array, Record<string, unknown>[]]>([
    [
      'commas',
      'a,b\n1,x\n2,y\n',
      [
        { a: '1', b: 'x' },
        { a: '2', b: 'y' },
      ],
    ],
    ['semicolons', 'a;b\n1;x\n', [{ a: '1', b: 'x' }]],
    ['bars', 'a|b\n1|x\n', [{ a: '1', b: 'x' }]],
    ['tabs', 'a\tb\n1\tx y\n', [{ a: '1', b: 'x y' }]],
    ['blanks', 'pre post weight\n1 2 3\n', [{ pre: '1', post: '2', weight: '3' }]],
    ['a byte order mark and lines of Windows', '\ufeffa,b\r\n1,x\r\n', [{ a: '1', b: 'x' }]],
    ['lines of an old Macintosh', 'a,b\r1,2\r', [{ a: '1', b: '2' }]],
    ['quotes with commas, lines and quotes in them', 'a,b\n"x, y","l1\nl2 ""q"""\n', [{ a: 'x, y', b: 'l1\nl2 "q"' }]],
    ['no last line end', 'a,b\n1,2', [{ a: '1', b: '2' }]],
    ['names that repeat', 'a,a,A\n1,2,3\n', [{ a: '1', a_1: '2', A_2: '3' }]],
    [
      'a missing value',
      'a,b\n1,\n,2\n',
      [
        { a: '1', b: null },
        { a: null, b: '2' },
      ],
    ],
    [
      'no header',
      '1,2\n3,4\n',
      [
        { column0: '1', column1: '2' },
        { column0: '3', column1: '4' },
      ],
    ],
    ['a title above the header', 'Table 1\na,b\n1,2\n', [{ a: '1', b: '2' }]],
    ['a comment above the header', '# made by hand\na,b\n1,2\n', [{ a: '1', b: '2' }]],
    ['letters of Windows-1252', Buffer.from('a,b\nM\xfcller,1\n', 'latin1'), [{ a: 'Müller', b: '1' }]],
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), [{ a: '1', b: '2' }]],
    ['gzip', gzipSync('a,b\n1,x\n'), [{ a: '1', b: 'x' }]],
  ])('with %s', async (_, bytes, rows) => {
    const name = bytes[0] === 0x1f ? 'table.csv.gz' : 'table.csv';
    expect((await stored(await read('csv', file(name, bytes)))).rows).toEqual(rows);
  });

  test('keeps numbers as numbers, NaN as missing, and codes with leading zeros as text', async () => {
    const { types, rows } = await stored(
      await read('csv', file('t.csv', 'x,code,day,on\n1.5,007,2020-01-02,true\nnan,012,2021-02-03,false\n1e3,001,,\n')),
    );
    expect(types).toEqual({ x: 'DOUBLE', code: 'VARCHAR', day: 'DATE', on: 'BOOLEAN' });
    expect(rows.map(({ x, code }) => [x, code])).toEqual([
      [1.5, '007'],
      [null, '012'],
      [1000, '001'],
    ]);
  });

  test.each<[string, string, (string | null)[]]>([
    ['below 2⁶³', '720575940620875399\n1\n', ['720575940620875399', '1']],
    ['up to 2⁶⁴', '18446744073709551615\n9300000000000000001\n', ['18446744073709551615', '9300000000000000001']],
    ['beyond', '340282366920938463463374607431768211457\n-2\n', ['340282366920938463463374607431768211457', '-2']],
    ['beside a NaN', '720575940620875399\nnan\n', ['720575940620875399', null]],
    ['beside a fraction', '720575940620875399\n0.5\n', ['720575940620875399', '0.5']],
  ])('whole numbers %s keep every digit, as text', async (_, lines, values) => {
    const { types, rows, warnings } = await stored(
      await read(
        'csv',
        file('ids.csv', `x,root id,x\n${lines.replaceAll(/^(.)/gm, '1,$1').replaceAll('\n', ',2.5\n')}`),
      ),
    );
    expect(types).toEqual({ x: 'BIGINT', 'root id': 'VARCHAR', x_1: 'DOUBLE' });
    expect(rows.map((row) => row['root id'])).toEqual(values);
    expect(warnings).toEqual([expect.stringContaining('Column root id holds 64-bit integers')]);
  });

  test('large measured values stay numbers', async () => {
    const { types, warnings } = await stored(
      await read('csv', file('large.csv', 'x\n6.02e23\n1e-3\n99999999999999999.5\n')),
    );
    expect([types, warnings]).toEqual([{ x: 'DOUBLE' }, []]);
  });

  test('a type that changes after 30,000 lines is seen', async () => {
    const { types, rows } = await stored(await read('csv', file('late.csv', `x\n${'1\n'.repeat(30_000)}late\n`)));
    expect([types, rows.at(-1)]).toEqual([{ x: 'VARCHAR' }, { x: 'late' }]);
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['too few values', 'a,b\n1,2\n3\n', /broken\.csv/],
    ['too many values', 'a,b\n1,2\n3,4,5\n', /broken\.csv/],
    ['nothing but line ends', '\n\n\n', /empty/],
  ])('with %s is refused', async (_, bytes, message) => {
    const error = await refusal(read('csv', file('broken.csv', bytes)));
    expect(error.code).toBe('bad-input');
    expect(error.message).toMatch(message);
  });
});

describe('Parquet', () => {
  test('keeps types, NaN as not measured, and 64-bit integers as text when a double does not hold them', async () => {
    const { types, rows, warnings } = await stored(
      await read(
        'parquet',
        await parquet(
          'all.parquet',
          "SELECT 720575940620875399::BIGINT AS id, 18446744073709551615::UBIGINT AS u, 7::BIGINT AS small, 'NaN'::DOUBLE AS x, 1.50::DECIMAL(10, 2) AS d, [1, 2] AS l, {'a': 1} AS s, NULL::VARCHAR AS missing",
        ),
      ),
    );
    expect(types).toEqual({
      id: 'VARCHAR',
      u: 'VARCHAR',
      small: 'BIGINT',
      x: 'DOUBLE',
      d: 'DECIMAL(10,2)',
      l: 'INTEGER[]',
      s: 'STRUCT(a INTEGER)',
      missing: 'VARCHAR',
    });
    expect(rows[0]).toMatchObject({ id: '720575940620875399', u: '18446744073709551615', x: null, missing: null });
    expect(warnings).toHaveLength(2);
  });

  test('without rows is a table without rows', async () => {
    const source = await parquet('none.parquet', 'SELECT 1 AS x WHERE false');
    expect(await stored(await read('parquet', source))).toMatchObject({ types: { x: 'INTEGER' }, rows: [] });
  });
});

describe('XLSX', () => {
  const book = (sheets: Record<string, Cell[][]>) => read('xlsx', file('book.xlsx', workbook(sheets)));

  test('keeps numbers, text, truth and gaps', async () => {
    const { name, types, rows } = await stored(
      await book({
        'Table S1': [
          ['x', 'name', 'on', 'missing'],
          [1, 'a, "b"', true, null],
          [2.5, 'l1\nl2', false, null],
        ],
      }),
    );
    expect(name).toBe('Table_S1');
    expect(types).toEqual({ x: 'DOUBLE', name: 'VARCHAR', on: 'BOOLEAN', missing: 'VARCHAR' });
    expect(rows).toEqual([
      { x: 1, name: 'a, "b"', on: true, missing: null },
      { x: 2.5, name: 'l1\nl2', on: false, missing: null },
    ]);
  });

  test('keeps every digit of ids and codes that were typed as text', async () => {
    const { types, rows, warnings } = await stored(
      await book({
        S: [
          ['id', 'code', 'some'],
          ['720575940620875399', '0012', '18446744073709551615'],
          ['720575940620875392', '0013', 'nan'],
        ],
      }),
    );
    expect(types).toEqual({ id: 'VARCHAR', code: 'VARCHAR', some: 'VARCHAR' });
    expect(rows[0]).toEqual({ id: '720575940620875399', code: '0012', some: '18446744073709551615' });
    expect(warnings).toHaveLength(2);
  });

  test('gives every sheet a table of its own, and none to an empty one', async () => {
    const one = [['x'], [1]];
    const parts = await book({ 'a b': one, 'a-b': [['y'], [2]], 'A.b': one, empty: [] });
    expect(parts.tables.map(({ name }) => name)).toEqual(['a_b', 'a_b_2', 'A_b_3']);
    expect((await stored(parts, 1)).rows).toEqual([{ y: '2' }]);
  });

  test('without any row is refused', async () => {
    expect((await refusal(book({ empty: [] }))).message).toContain('no sheet with rows');
  });
});

describe('NPY', () => {
  const array = writeNpy({ data: Float64Array.of(1, Number.NaN, 3, 4, 5, 6), shape: [2, 3] });

  test('keeps values, shape, type and what the axes are called', async () => {
    const { arrays, tables } = await read('npy', file('rates.npy', array), { axes: ['neuron', 'time'], unit: 'Hz' });
    expect(tables).toEqual([]);
    expect(arrays).toEqual([
      { name: 'rates', object: arrays[0].object, dtype: 'f8', shape: [2, 3], axes: ['neuron', 'time'], unit: 'Hz' },
    ]);
    expect([...parseNpy(workspace.objects.get(arrays[0].object)).data]).toEqual([1, Number.NaN, 3, 4, 5, 6]);
  });

  test('of truth values stays one', async () => {
    const mask = writeNpy({ data: Uint8Array.of(1, 0), shape: [2], dtype: 'b1' });
    const { arrays } = await read('npy', file('mask.npy', mask));
    expect([arrays[0].dtype, parseNpy(workspace.objects.get(arrays[0].object)).dtype]).toEqual(['b1', 'b1']);
  });

  test('with other axes than were named is refused', async () => {
    const error = await refusal(read('npy', file('rates.npy', array), { axes: ['neuron'] }));
    expect(error.message).toBe('rates.npy has 2 axes, options.axes names 1.');
  });
});

describe('images and responses', () => {
  const images = writeNpy({ data: Uint8Array.from({ length: 2 * 2 * 3 }, (_, i) => i), shape: [2, 2, 3] });
  const responses = (shape: number[], value = 1) =>
    writeNpy({ data: new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape });
  const readBoth = (stimuli: Uint8Array, measured: Uint8Array) => {
    file('stimuli.npy', stimuli);
    file('measured.npy', measured);
    return read('stimulus-response', '', { stimuli: 'stimuli.npy', responses: 'measured.npy' });
  };

  test('a grey stack becomes three equal channels', async () => {
    const { arrays, files } = await readBoth(images, responses([3, 2]));
    expect(arrays.map(({ name, shape, axes }) => [name, shape, axes.length])).toEqual([
      ['stimuli', [2, 2, 3, 3], 4],
      ['responses', [3, 2], 2],
    ]);
    expect([...parseNpy(workspace.objects.get(arrays[0].object)).data].slice(0, 6)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(files).toEqual([path.join(folder, 'stimuli.npy'), path.join(folder, 'measured.npy')]);
  });

  test.each<[string, Uint8Array, Uint8Array, RegExp]>([
    ['images of floats', responses([2, 2, 2]), responses([3, 2]), /stimuli\.npy is f8 \[2,2,2\]/],
    [
      'images of two channels',
      writeNpy({ data: new Uint8Array(16), shape: [2, 2, 2, 2] }),
      responses([3, 2]),
      /2 channels/,
    ],
    ['a single image', writeNpy({ data: new Uint8Array(4), shape: [2, 2] }), responses([3, 2]), /uint8/],
    ['fewer images than columns', images, responses([2, 4]), /holds 2 images, measured\.npy has 4 columns/],
    ['no response at all', images, responses([0, 2]), /shape \[0,2\]/],
    ['four axes', images, responses([1, 2, 3, 4]), /shape \[1,2,3,4\]/],
    ['infinity', images, responses([3, 2], Number.NEGATIVE_INFINITY), /infinite response at \[0, 0\]/],
  ])('%s are refused', async (_, stimuli, measured, message) => {
    expect((await refusal(readBoth(stimuli, measured))).message).toMatch(message);
  });
});
