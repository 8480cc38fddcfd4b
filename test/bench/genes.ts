// One gene of 300,000 cells against anndata, in turns, in time of processors: from a matrix by rows in the file (`genes`, anndata backed),
// and from what was imported (SQL over the entries). anndata 0.12 with scipy 1.17 cannot slice a backed matrix by column: its matrix is
// read whole and sliced. BREGMA_BENCH_CELLS: how many cells. anndata's time is that of the slice alone, with
// the file open; ours opens the file and stores cells, genes and entries.
// On 2 cores that others used too (130 MB, 14.6 million entries): from the file 2.0–2.5 s of processors, 1.5 s of them without the table of
// cells, against 0.15 s of anndata for the whole matrix and its slice; as imported 19–28 ms, 0.12–0.19 times anndata. The aims (3 times
// quicker from the file, 50 times as imported) are not reached.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWorkspace } from '@bregma/core/workspace';
import { readFileSql } from '@bregma/readers/sql-text';
import type { FormatKit } from '../../mcp-servers/atlas/src/formats/format.ts';
import { h5ad } from '../../mcp-servers/atlas/src/formats/h5ad.ts';
import { openDuck } from '../../mcp-servers/atlas/src/read/open-duck.ts';
import { inTurns, line } from './report.ts';

const python = process.env.BREGMA_REFERENCE_PYTHON;
if (!python) {
  console.log('Skipped without BREGMA_REFERENCE_PYTHON: anndata is the peer.');
  process.exit(0);
}
const cells = Number(process.env.BREGMA_BENCH_CELLS ?? 300_000);
const rounds = Number(process.env.BREGMA_BENCH_ROUNDS ?? 3);
const folder = mkdtempSync(path.join(tmpdir(), 'bregma-bench-'));
const file = path.join(folder, 'cells.h5ad');
const make = `
import sys, anndata, numpy, pandas, scipy.sparse
pandas.set_option("future.infer_string", False)
path, cells = sys.argv[1], int(sys.argv[2])
random = numpy.random.default_rng(1)
counts = random.poisson(50, cells)
indptr = numpy.concatenate([[0], numpy.cumsum(counts)])
indices = random.integers(0, 1000, indptr[-1]).astype("i4")
data = random.integers(1, 100, indptr[-1]).astype("f4")
matrix = scipy.sparse.csr_matrix((data, indices, indptr), shape=(cells, 1000))
matrix.sum_duplicates()
anndata.AnnData(matrix, obs=pandas.DataFrame(index=[f"c{i}" for i in range(cells)]),
                var=pandas.DataFrame(index=[f"Gene{i}" for i in range(1000)])).write_h5ad(path)
`;
const peer = `
import sys, time, anndata
backed = anndata.read_h5ad(sys.argv[1], backed="r")
used = time.process_time()
found = backed.X.to_memory()[:, backed.var_names.get_loc("Gene500")]
print((time.process_time() - used) * 1000, found.sum())
`;
execFileSync(python, ['-W', 'ignore', '-c', make, file, String(cells)]);
const workspace = openWorkspace(folder);
const duck = await openDuck(workspace.objects, new AbortController().signal, { also: [file] });
const { signal } = new AbortController();
const kit: FormatKit = { objects: workspace.objects, duck, signal, progress: () => {}, resolve: (name) => name };
const used = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
const whole = await h5ad.read(file, {}, kit);
const entries = whole.tables.find(({ name }) => name === 'X');
const imported = readFileSql('parquet', workspace.objects.pathOf(entries?.object ?? ''));
const sums = new Set<number>();
const taken = await inTurns(
  {
    file: () => used(() => h5ad.read(file, { genes: ['Gene500'] }, kit)),
    alone: () => used(() => h5ad.read(file, { genes: ['Gene500'], leave_out: ['/obs'] }, kit)),
    imported: () =>
      used(async () => {
        const [{ total }] = await duck.rows(
          `SELECT sum(value)::DOUBLE AS total FROM (SELECT cell, value FROM ${imported} WHERE gene = 500)`,
        );
        sums.add(Number(total));
      }),
    anndata: async () => {
      const [ms, total] = execFileSync(python, ['-W', 'ignore', '-c', peer, file], { encoding: 'utf8' })
        .trim()
        .split(' ')
        .map(Number);
      sums.add(Math.round(total));
      return ms;
    },
  },
  rounds,
);
if (sums.size !== 1) throw new Error(`They disagree: ${[...sums].join(', ')}.`);
const name = `${cells} cells, ${entries?.rows} entries, ${(statSync(file).size / 1e6).toFixed(0)} MB`;
line(`one gene from the file: ${name}`, taken.file, 'ms', {
  name: 'anndata, whole matrix and slice',
  values: taken.anndata,
});
line(`the same without the table of cells`, taken.alone, 'ms', {
  name: 'anndata, whole matrix and slice',
  values: taken.anndata,
});
line(`one gene as imported: ${name}`, taken.imported, 'ms', {
  name: 'anndata, whole matrix and slice',
  values: taken.anndata,
});
duck.close();
workspace.close();
rmSync(folder, { recursive: true, force: true });
