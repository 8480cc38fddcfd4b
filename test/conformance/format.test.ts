import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BregmaError } from '@bregma/core/errors';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { openWorkspace, type Workspace } from '@bregma/core/store/workspace';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FileFormat, FormatKit, Parts } from '../../mcp-servers/atlas/src/formats/format.ts';
import { formats } from '../../mcp-servers/atlas/src/formats/index.gen.ts';
import { Duck, literal, readFileSql } from '../../mcp-servers/atlas/src/ingest/duck.ts';

/** A folder whose name is a pattern and a partition to DuckDB, and a quotation to SQL. */
const folder = mkdtempSync(path.join(tmpdir(), "bregma [1] it's subject=3 "));
let workspace: Workspace;
let duck: Duck;
let kit: FormatKit;
beforeAll(() => {
  workspace = openWorkspace(folder);
});
beforeEach(async () => {
  duck = await Duck.open(workspace.objects);
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

  test.skipIf(one.extensions.length === 0)('refuses noise and nothing, by the name of the file', async () => {
    const noise = Uint8Array.from({ length: 300 }, (__, i) => (i * 97 + 31) % 256);
    for (const bytes of [noise, new Uint8Array(0)]) {
      const error = await refusal(read(one.name, file(`noise${one.extensions[0]}`, bytes)));
      expect(error.message).toContain(`noise${one.extensions[0]}`);
      expect(['bad-input', 'corrupt']).toContain(error.code);
      expect(error.next).toBeTruthy();
    }
  });
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
    ['gzip', gzipSync('a,b\n1,x\n'), [{ a: '1', b: 'x' }]],
  ])('with %s', async (_, bytes, rows) => {
    const name = typeof bytes === 'string' ? 'table.csv' : 'table.csv.gz';
    expect((await stored(await read('csv', file(name, bytes)))).rows).toEqual(rows);
  });

  test('keeps numbers as numbers, NaN as NaN, and codes with leading zeros as text', async () => {
    const { types, rows } = await stored(
      await read('csv', file('t.csv', 'x,code,day,on\n1.5,007,2020-01-02,true\nnan,012,2021-02-03,false\n1e3,001,,\n')),
    );
    expect(types).toEqual({ x: 'DOUBLE', code: 'VARCHAR', day: 'DATE', on: 'BOOLEAN' });
    expect(rows.map(({ x, code }) => [x, code])).toEqual([
      [1.5, '007'],
      ['NaN', '012'],
      [1000, '001'],
    ]);
  });

  test('a type that changes after 30,000 lines is seen', async () => {
    const { types, rows } = await stored(await read('csv', file('late.csv', `x\n${'1\n'.repeat(30_000)}late\n`)));
    expect([types, rows.at(-1)]).toEqual([{ x: 'VARCHAR' }, { x: 'late' }]);
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['a title above the header', 'Table 1\na,b\n1,2\n', /broken\.csv/],
    ['a comment above the header', '# made by hand\na,b\n1,2\n', /broken\.csv/],
    ['too few values', 'a,b\n1,2\n3\n', /broken\.csv/],
    ['too many values', 'a,b\n1,2\n3,4,5\n', /broken\.csv/],
    ['text that is not UTF-8', Buffer.from('a,b\nM\xfcller,1\n', 'latin1'), /utf-8/],
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), /NUL byte in line 1/],
    ['nothing but line ends', '\n\n\n', /empty/],
  ])('with %s is refused', async (_, bytes, message) => {
    const error = await refusal(read('csv', file('broken.csv', bytes)));
    expect(error.code).toBe('bad-input');
    expect(error.message).toMatch(message);
  });
});
