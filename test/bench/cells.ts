// Groups of 4 million cells, and 40 million rows, through the built atlas server, in turns with pandas that holds the table in memory
// and with pandas that reads its columns first: what waits for an answer, in ms. Peak memory of the server's processes is read from
// /proc. BREGMA_BENCH_CELLS: how many cells; BREGMA_BENCH_ROWS: how many rows.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DuckDBInstance } from '@duckdb/node-api';
import { connect } from '../fixtures/client.ts';
import { inTurns, line } from './report.ts';

process.env.BREGMA_TEST_DIST ??= '1';
const python = process.env.BREGMA_REFERENCE_PYTHON;
if (!python) {
  console.log('Skipped without BREGMA_REFERENCE_PYTHON: pandas is the peer.');
  process.exit(0);
}
const cells = Number(process.env.BREGMA_BENCH_CELLS ?? 4_000_000);
const rows = Number(process.env.BREGMA_BENCH_ROWS ?? 40_000_000);
const rounds = Number(process.env.BREGMA_BENCH_ROUNDS ?? 5);
const folder = mkdtempSync(path.join(tmpdir(), 'bregma-bench-'));

/** A row a cell, as the metadata of the Allen Brain Cell Atlas has them: 34 classes, 338 subclasses, a region, coordinates. */
const made = (count: number) => `SELECT 'cell-' || range AS cell_label, 'class ' || (hash(range) % 34) AS class,
  'subclass ' || (hash(range + 1) % 338) AS subclass, 'region ' || (hash(range + 2) % 14) AS region,
  (hash(range + 3) % 100000) / 1e4 AS x, (hash(range + 4) % 1000) / 10 AS expression FROM range(${count})`;
const duck = await (await DuckDBInstance.create(':memory:')).connect();
for (const [name, count] of [
  ['cells', cells],
  ['rows', rows],
] as const)
  await duck.run(`COPY (${made(count)}) TO '${path.join(folder, `${name}.parquet`)}' (FORMAT parquet)`);
duck.closeSync();

/** pandas in a process of its own: a line in, milliseconds and a checksum out. */
const script = `
import sys, time, pandas
file = sys.argv[1]
columns = ["class", "region", "expression"]
frame = pandas.read_parquet(file, columns=columns)
for order in sys.stdin:
    start = time.perf_counter()
    if order.strip() == "read": frame = pandas.read_parquet(file, columns=columns)
    found = frame.groupby(["class", "region"], observed=True)["expression"].agg(["size", "mean"])
    print((time.perf_counter() - start) * 1000, int(found["size"].sum()), round(float(found["mean"].sum()), 6), flush=True)
`;
function pandas(file: string): { ask(order: string): Promise<number>; child: ChildProcess } {
  const child = spawn(python ?? '', ['-W', 'ignore', '-c', script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async ask(order) {
      child.stdin.write(`${order}\n`);
      const { value } = await answers.next();
      const [ms, count, sum] = String(value).split(' ');
      check(`${count} ${Number(sum).toFixed(4)}`);
      return Number(ms);
    },
  };
}
let agreed: string | undefined;
function check(found: string): void {
  agreed ??= found;
  if (agreed !== found) throw new Error(`They disagree: ${agreed} and ${found}.`);
}

/** Peak resident memory of this process's children and theirs, in MB. */
function peakOfChildren(except: number | undefined): number {
  const parents = new Map<number, number>();
  const peaks = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      const status = readFileSync(`/proc/${entry}/status`, 'utf8');
      parents.set(Number(entry), Number(/PPid:\s+(\d+)/.exec(status)?.[1]));
      peaks.set(Number(entry), Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // it ended meanwhile
    }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  return Math.max(0, ...[...peaks].filter(([pid]) => pid !== except && isOurs(pid)).map(([, peak]) => peak));
}

const atlas = await connect('atlas', folder);
const timed = async (work: () => Promise<unknown>) => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};
for (const [name, count] of [
  ['cells', cells],
  ['rows', rows],
] as const) {
  const adding = await timed(() => atlas.call('add_data', { source: `${name}.parquet`, id: `many-${name}` }));
  console.log(`add_data of ${count} rows: ${(adding / 1000).toFixed(1)} s`);
  const sql = `SELECT class, region, count(*) AS n, avg(expression) AS mean FROM many_${name}.${name} GROUP BY class, region`;
  const total = `SELECT sum(n)::BIGINT, sum(mean) FROM (${sql})`;
  agreed = undefined;
  const peer = pandas(path.join(folder, `${name}.parquet`));
  const found = await inTurns(
    {
      ours: () =>
        timed(async () => {
          const { value } = await atlas.call('query_data', { sql: total, digits: 17, timeout_s: 300 });
          const [[n, sum]] = value.rows;
          check(`${n} ${Number(sum).toFixed(4)}`);
        }),
      inMemory: () => peer.ask('group'),
      fromFile: () => peer.ask('read'),
    },
    rounds,
  );
  line(`group-by over ${count} rows`, found.ours, 'ms', { name: 'pandas in memory', values: found.inMemory });
  line(`the same`, found.ours, 'ms', { name: 'pandas from the file', values: found.fromFile });
  console.log(`largest process of the server: ${peakOfChildren(peer.child.pid).toFixed(0)} MB`);
  peer.child.stdin?.end();
}
await atlas.close();
rmSync(folder, { recursive: true, force: true });
