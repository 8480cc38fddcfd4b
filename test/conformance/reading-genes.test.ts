import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';

const python = process.env.BREGMA_REFERENCE_PYTHON;
const seed = process.env.BREGMA_SEED ?? String(Math.floor(Math.random() * 1e6));
const space = temporaryWorkspace();
let atlas: Connection;
let written: { cells: number; entries: number[][] };
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  if (!python) return;
  const script = path.join(root, 'test/reference/some_genes.py');
  written = JSON.parse(execFileSync(python, [script, space.folder, seed], { encoding: 'utf8' }));
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});
/** Gene3 stands for two genes; the third is asked for by its identifier. */
const genes = ['Gene3', 'ENSMUSG00000000011'];
const rows = async (sql: string) => (await atlas.call('query_data', { sql, limit: 200 })).value.rows;

describe.skipIf(!python)(`some genes of a matrix, seed ${seed}`, () => {
  test.each(['csr.h5ad', 'csc.h5ad', 'dense.h5ad', 'csr.zarr', 'csc.zarr'])(
    'of %s: the entries that anndata gives, and nothing of other genes',
    async (source) => {
      const id = source.replace('.', '-');
      const { value } = await atlas.call('add_data', { source, id, options: { genes } });
      expect(value.tables.map(({ name }: { name: string }) => name).sort()).toEqual(['X', 'layers_log', 'obs', 'var']);
      expect(value.arrays ?? []).toEqual([]);
      expect(value.warnings.join()).toContain('3 genes were read, as asked for');
      const table = id.replace('-', '_');
      expect(await rows(`SELECT cell, gene, value FROM ${table}."X" WHERE value <> 0 ORDER BY gene, cell`)).toEqual(
        written.entries,
      );
      expect(
        await rows(`SELECT cell, gene, value / 2 FROM ${table}.layers_log WHERE value <> 0 ORDER BY gene, cell`),
      ).toEqual(written.entries);
      expect(await rows(`SELECT count(*) FROM ${table}.obs`)).toEqual([[written.cells]]);
    },
  );

  test('a gene that is not there is refused with those of nearly its name, and so is what names no gene', async () => {
    const unknown = await atlas.fail('add_data', { source: 'csr.h5ad', options: { genes: ['Gene3', 'gene11'] } });
    expect([unknown.code, unknown.message]).toEqual(['unknown-name', expect.stringContaining('Gene11')]);
    const none = await atlas.fail('add_data', { source: 'csr.h5ad', options: { genes: [] } });
    expect([none.code, none.next]).toEqual(['bad-input', expect.stringContaining('["Pvalb", "Sst"]')]);
  });
});
