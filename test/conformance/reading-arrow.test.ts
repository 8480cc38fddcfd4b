import { spawnSync } from 'node:child_process';
import { identifier, readFileSql } from '@bregma/readers/sql-text';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Parts } from '../../mcp-servers/atlas/src/formats/format.ts';
import { type FormatBench, formatBench } from '../fixtures/formats.ts';

const python = process.env.BREGMA_REFERENCE_PYTHON;
if (!python) console.log('Skipped without BREGMA_REFERENCE_PYTHON: Arrow files of pyarrow.');

let bench: FormatBench;
beforeAll(async () => {
  bench = await formatBench();
});
afterAll(() => bench.close());

const small = (format: 'file' | 'stream') =>
  // SAFETY: without a sink the bytes are given back.
  tableToIPC(tableFromArrays({ id: [1, 2, 3], name: ['a', 'bü', ''] }), { format }) as Uint8Array;
const columnsOf = (parts: Parts) => parts.tables[0].columns.map(({ name }) => name);

describe.skipIf(!python)('Arrow files of pyarrow', () => {
  const first = Number(process.env.BREGMA_SEED ?? Math.floor(Math.random() * 1e6));

  test.each([first, first + 1])('are value by value what pyarrow writes as Parquet, seed %i', async (seed) => {
    const script = 'test/reference/arrow_files.py';
    const written = spawnSync(python ?? '', [script, bench.folder, String(seed)], { encoding: 'utf8' });
    if (written.status !== 0) throw new Error(written.stderr);
    const { files, rows } = JSON.parse(written.stdout) as { files: string[]; rows: number };
    const texts = async (file: string, names: string[]) => {
      const parts = await bench.read(file.endsWith('.parquet') ? 'parquet' : 'arrow', file);
      expect(parts.tables[0].rows).toBe(rows);
      const source = readFileSql('parquet', bench.objectOf(parts.tables[0].object));
      const all = names.map((name) => `${identifier(name)}::VARCHAR AS ${identifier(name)}`).join(', ');
      return bench.query(`SELECT ${all} FROM ${source}`);
    };
    const names = columnsOf(await bench.read('parquet', 'table.parquet'));
    const expected = await texts('table.parquet', names);
    for (const file of files) expect(await texts(file, names), file).toEqual(expected);
  });

  test('names that are equal but for their case are one in SQL, which is told', async () => {
    const script = `import pyarrow as pa, pyarrow.feather as f, pyarrow.parquet as p, sys
t = pa.table([[1], [{"rate": 2, "Rate": 3}], [4], [5]], names=["rate", "of", "Rate", "RATE"])
p.write_table(t, sys.argv[1] + "/case.parquet"); f.write_feather(t, sys.argv[1] + "/case.feather")`;
    const { status, stderr } = spawnSync(python ?? '', ['-c', script, bench.folder], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    for (const [format, file] of [
      ['parquet', 'case.parquet'],
      ['arrow', 'case.feather'],
    ]) {
      const parts = await bench.read(format, file);
      expect(columnsOf(parts), file).toEqual(['rate', 'of', 'Rate_1', 'RATE_2']);
      expect(parts.warnings.join(' '), file).toContain('column Rate is Rate_1, RATE is RATE_2.');
    }
  });
});

describe.skipIf(!python)('moments of pyarrow', () => {
  beforeAll(() => {
    const script = `import pyarrow as pa, pyarrow.feather as f, pyarrow.parquet as p, sys
at = pa.array([1500, None, -1], pa.timestamp("ns"))
p.write_table(pa.table({"at": at, "n": [1, 2, 3]}), sys.argv[1] + "/int96.parquet", use_deprecated_int96_timestamps=True)
p.write_table(pa.table({"at": pa.array([1500000, None], pa.timestamp("ns"))}), sys.argv[1] + "/micro96.parquet", use_deprecated_int96_timestamps=True)
zoned = pa.table({"at": pa.array([0, None], pa.timestamp("us", "Europe/Berlin")), "utc": pa.array([0, 1], pa.timestamp("us", "UTC"))})
p.write_table(zoned, sys.argv[1] + "/zoned.parquet"); f.write_feather(zoned, sys.argv[1] + "/zoned.feather")`;
    const { status, stderr } = spawnSync(python ?? '', ['-c', script, bench.folder], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  });

  test('keep the nanoseconds of INT96', async () => {
    const parts = await bench.read('parquet', 'int96.parquet');
    const source = readFileSql('parquet', bench.objectOf(parts.tables[0].object));
    expect(await bench.query(`SELECT "at"::VARCHAR AS "at", n::INTEGER AS n FROM ${source}`)).toEqual([
      { at: '1970-01-01 00:00:00.0000015', n: 1 },
      { at: null, n: 2 },
      { at: '1969-12-31 23:59:59.999999999', n: 3 },
    ]);
    expect((await bench.read('parquet', 'micro96.parquet')).tables[0].columns[0].type).toBe('TIMESTAMP');
  });

  test.each(['parquet', 'feather'])('of a zone are told of in %s, with the SQL of its clocks', async (end) => {
    const parts = await bench.read(end === 'feather' ? 'arrow' : end, `zoned.${end}`);
    expect(parts.warnings).toEqual([
      `Column at: moments of the zone Europe/Berlin are shown in UTC; in SQL timezone('Europe/Berlin', "at") is what its clocks said.`,
    ]);
  });
});

test.each(['file', 'stream'] as const)('a %s of flechette is a table', async (format) => {
  const parts = await bench.read('arrow', bench.file(`${format}.arrow`, small(format)));
  expect((await bench.rows(parts, format, 'id')).map(({ name }) => name)).toEqual(['a', 'bü', '']);
});

test('Feather of version 1 is refused, with what to do', async () => {
  const error = await bench.refusal('arrow', bench.file('old.feather', 'FEA1.......FEA1'));
  expect([error.code, error.message]).toEqual([
    'bad-input',
    'old.feather is Feather of version 1, which ended in 2020.',
  ]);
});

test('a file that ends early is refused, wherever it ends', async () => {
  const bytes = small('file');
  for (let length = 0; length < bytes.length; length += 37) {
    const error = await bench.refusal('arrow', bench.file('short.arrow', bytes.subarray(0, length)));
    expect(['bad-input', 'corrupt']).toContain(error.code);
    expect(error.message).toContain('short.arrow');
    expect(error.next).toBeTruthy();
  }
});

test('a list that claims more than its message holds is refused before it is made', async () => {
  const bytes = small('file');
  const schemaEnds = 16 + new DataView(bytes.buffer, bytes.byteOffset).getInt32(12, true);
  for (let at = 16; at + 4 <= schemaEnds; at += 4) {
    const damaged = Uint8Array.from(bytes);
    new DataView(damaged.buffer).setInt32(at, 2 ** 30, true);
    const parts = await bench.read('arrow', bench.file('claims.arrow', damaged)).catch((error) => error);
    if (parts instanceof Error) expect(parts.message).toContain('claims.arrow');
    else expect(parts.tables[0].rows).toBe(3);
  }
});

test('a byte that is another is a value that is another or a refusal: the shape holds', async () => {
  const bytes = small('file');
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const damaged = Uint8Array.from(bytes);
      damaged[at] ^= by;
      const file = bench.file('damaged.arrow', damaged);
      const parts = await bench.read('arrow', file).catch((error) => error);
      if (parts instanceof Error) expect(parts.message).toContain('damaged.arrow');
      else expect(parts.tables[0].rows).toBe((await bench.rows(parts, 'damaged')).length);
    }),
    { numRuns: Number(process.env.BREGMA_FUZZ_RUNS ?? 40) },
  );
});
