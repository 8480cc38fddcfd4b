// add_data's reading of a CSV and of an XLSX against pandas, in turns. BREGMA_BENCH_MB: size of the CSV (200); the XLSX has a quarter.
// Processor time on a busy machine of 2 cores, in turns: XLSX (3.5 MB) 2.1 s against 7.5 s of pandas, 0.28×; CSV (46 MB) 4.4 s against
// 0.33 s, 13×: DuckDB's reading alone takes 1.0 s of it, the checks of every value 1.9 s. The aim for CSV (0.5×) is not reached.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openWorkspace } from '@bregma/core/workspace';
import type { FormatKit } from '../../mcp-servers/atlas/src/formats/format.ts';
import { formats } from '../../mcp-servers/atlas/src/formats/index.gen.ts';
import { openDuck } from '../../mcp-servers/atlas/src/read/open-duck.ts';
import { inTurns, line } from './report.ts';

const python = process.env.BREGMA_REFERENCE_PYTHON;
if (!python) {
  console.log('Skipped without BREGMA_REFERENCE_PYTHON: pandas is the peer.');
  process.exit(0);
}
const megabytes = Number(process.env.BREGMA_BENCH_MB ?? 200);
const rounds = Number(process.env.BREGMA_BENCH_ROUNDS ?? 3);
const folder = mkdtempSync(path.join(tmpdir(), 'bregma-bench-'));
const workspace = openWorkspace(folder);

/** Half numbers, a quarter whole ones, a column of words and one with missing values: what a table of units looks like. */
const make = `
import sys, numpy, pandas
path, rows = sys.argv[1], int(sys.argv[2])
random = numpy.random.default_rng(1)
frame = pandas.DataFrame({f"rate_{i}": random.normal(size=rows) for i in range(4)})
frame["count"] = random.integers(0, 1000, rows)
frame["unit"] = random.integers(0, 10**9, rows)
frame["region"] = random.choice(["VISp", "VISl", "MOs"], rows)
frame["depth"] = numpy.where(random.random(rows) < 0.1, numpy.nan, random.normal(size=rows))
frame.to_csv(path, index=False) if path.endswith("csv") else frame.to_excel(path, index=False)
`;
const peer = `
import sys, time, pandas
start = time.perf_counter()
(pandas.read_csv if sys.argv[1].endswith("csv") else pandas.read_excel)(sys.argv[1])
print((time.perf_counter() - start) * 1000)
`;

async function ours(file: string): Promise<number> {
  const from = performance.now();
  const signal = new AbortController().signal;
  const duck = await openDuck(workspace.objects, signal);
  const kit: FormatKit = { objects: workspace.objects, duck, signal, progress: () => {}, resolve: (name) => name };
  const format = formats.find(({ extensions }) => extensions.some((extension) => file.endsWith(extension)));
  await format?.read(file, {}, kit);
  duck.close();
  return performance.now() - from;
}

/** Bytes of a row in either file, about. */
const bytesOfRow = { csv: 122, xlsx: 66 };
for (const [kind, size] of [
  ['csv', megabytes],
  ['xlsx', megabytes / 4],
] as const) {
  const file = path.join(folder, `table.${kind}`);
  // A sheet has at most 1,048,576 rows.
  const rows = Math.min(Math.round((size * 1e6) / bytesOfRow[kind]), 1_000_000 + (kind === 'csv' ? 1e9 : 0));
  execFileSync(python, ['-c', make, file, String(rows)]);
  const found = await inTurns(
    { ours: () => ours(file), pandas: async () => Number(execFileSync(python, ['-c', peer, file])) },
    rounds,
  );
  const name = `${(statSync(file).size / 1e6).toFixed(0)} MB ${kind.toUpperCase()}, ${rows} rows, stored as Parquet`;
  line(name, found.ours, 'ms', { name: 'pandas, into memory', values: found.pandas });
}
workspace.close();
rmSync(folder, { recursive: true, force: true });
