import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseNpy } from '@bregma/core/npy';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import type { Duck } from '@bregma/readers/duck';
import { identifier, readFileSql } from '@bregma/readers/sql-text';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FormatKit, Parts } from '../../mcp-servers/atlas/src/formats/format.ts';
import { formats } from '../../mcp-servers/atlas/src/formats/index.gen.ts';
import { openDuck } from '../../mcp-servers/atlas/src/read/open-duck.ts';

/** What the reference library says of a file: see test/reference/containers.py. */
interface Case {
  name: string;
  format: string;
  file: string;
  tables: Record<string, Record<string, unknown[]>>;
  arrays: Record<string, { dtype: string; shape: number[]; sha256: string }>;
  /** What the reader must say. */
  warnings: string[];
}

const python = process.env.BREGMA_REFERENCE_PYTHON;
const modules = python && spawnSync(python, ['-c', 'import h5py, pynwb, anndata, scipy, zarr']).status === 0;
if (!modules)
  console.log('Skipped without h5py, pynwb, anndata, scipy and zarr: comparison with the reference readers.');

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-containers-'));
let workspace: OpenWorkspace;
let duck: Duck;
let kit: FormatKit;
beforeAll(async () => {
  workspace = openWorkspace(folder);
  const { signal } = new AbortController();
  duck = await openDuck(workspace.objects, signal, { also: [folder] });
  kit = { objects: workspace.objects, duck, signal, progress: () => {}, resolve: (file) => path.resolve(folder, file) };
});
afterAll(() => {
  duck.close();
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

async function read({ format, file }: Pick<Case, 'format' | 'file'>): Promise<Parts> {
  const found = formats.find(({ name }) => name === format);
  if (!found) throw new Error(`There is no format ${format}.`);
  return found.read(file, {}, kit);
}

/** A column as it is stored; whole numbers of 64 bits that a double holds are numbers. */
async function columnOf(parts: Parts, table: string, column: string): Promise<unknown[]> {
  const found = parts.tables.find(({ name }) => name === table);
  if (!found) throw new Error(`There is no table ${table}: ${parts.tables.map(({ name }) => name).join(', ')}.`);
  const type = found.columns.find(({ name }) => name === column)?.type;
  const rows = await duck.rows(
    `SELECT ${identifier(column)} AS v FROM ${readFileSql('parquet', workspace.objects.pathOf(found.object))}`,
  );
  return rows.map(({ v }) => (type?.includes('BIGINT') && v !== null ? Number(v) : v));
}

describe.skipIf(!modules)('values equal those of the reference reader', () => {
  const seed = process.env.BREGMA_SEED ?? String(Math.floor(Math.random() * 1e6));

  test.each(['hdf5', 'nwb', 'h5ad', 'zarr', 'mtx', 'npz', 'mat', 'mat73'])(`%s, seed ${seed}`, async (kind) => {
    const written = spawnSync(python ?? '', ['test/reference/containers.py', folder, seed, kind], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (written.status !== 0) throw new Error(written.stderr);
    // SAFETY: the script writes what Case says.
    const cases = JSON.parse(written.stdout) as Case[];
    expect(cases.length).toBeGreaterThan(0);
    for (const one of cases) {
      const parts = await read(one);
      for (const said of one.warnings) expect(parts.warnings.join('\n'), one.name).toContain(said);
      for (const [table, columns] of Object.entries(one.tables))
        for (const [column, values] of Object.entries(columns))
          expect(await columnOf(parts, table, column), `${one.name}: ${table}.${column}`).toEqual(values);
      for (const [name, { dtype, shape, sha256 }] of Object.entries(one.arrays)) {
        const found = parts.arrays.find((array) => array.name === name);
        if (!found) throw new Error(`${one.name}: no array ${name} among ${parts.arrays.map((array) => array.name)}.`);
        expect([found.dtype, found.shape], `${one.name}: ${name}`).toEqual([dtype, shape]);
        const { data } = parseNpy(workspace.objects.get(found.object));
        const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        expect(createHash('sha256').update(bytes).digest('hex'), `${one.name}: ${name}`).toBe(sha256);
      }
    }
  });
});
