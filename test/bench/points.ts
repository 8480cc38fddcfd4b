// A million points to their regions in CCFv3 (50 µm, from BREGMA_MIRROR), through the built atlas server, in turns with brainglobe's way
// of asking: annotation[index of the point] and the structure of that label, a point at a time in Python, and with numpy, which
// indexes all at once and looks nothing up. In ms, from the question to the answer; the peers' tables lie in memory already.
// BREGMA_BENCH_POINTS: how many.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { openWorkspace } from '@bregma/core/workspace';
import { DuckDBInstance } from '@duckdb/node-api';
import { connect } from '../fixtures/client.ts';
import { inTurns, line } from './report.ts';

process.env.BREGMA_TEST_DIST ??= '1';
const python = process.env.BREGMA_REFERENCE_PYTHON;
if (!python || !process.env.BREGMA_MIRROR) {
  console.log('Skipped without BREGMA_REFERENCE_PYTHON and BREGMA_MIRROR: numpy is the peer, CCFv3 the volume.');
  process.exit(0);
}
const count = Number(process.env.BREGMA_BENCH_POINTS ?? 1_000_000);
const rounds = Number(process.env.BREGMA_BENCH_ROUNDS ?? 3);
const folder = mkdtempSync(path.join(tmpdir(), 'bregma-bench-'));
const atlas = await connect('atlas', folder);
await atlas.call('add_data', { source: 'mouse-ccfv3-50um', agree: true });
const points = path.join(folder, 'points.parquet');
const duck = await (await DuckDBInstance.create(':memory:')).connect();
// Inside the volume: 13.2 × 8 × 11.4 mm.
const part = (salt: number, mm: number) => `(hash(range + ${salt}) % 1000000) / 1e6 * ${mm}`;
await duck.run(
  `COPY (SELECT ${part(0, 13.2)} AS ap, ${part(7, 8)} AS dv, ${part(13, 11.4)} AS ml FROM range(${count})) TO '${points}' (FORMAT parquet)`,
);
duck.closeSync();
await atlas.call('add_data', { source: 'points.parquet' });
const store = openWorkspace(folder);
const [volume] = findDataset(store.ledger, 'mouse-ccfv3-50um').arrays;
const annotation = store.objects.pathOf(volume.object);
store.close();

const script = `
import sys, time, numpy, pandas
annotation = numpy.load(sys.argv[1])
points = pandas.read_parquet(sys.argv[2])[["ap", "dv", "ml"]].to_numpy()
names = {int(label): {"acronym": str(label)} for label in numpy.unique(annotation)}
def one_by_one():
    found = 0
    for point in points:
        index = tuple(int(value / 0.05) for value in point)
        label = int(annotation[index])
        if label != 0: found += len(names[label]["acronym"]) > 0
    return found
def at_once():
    index = (points / 0.05).astype(int)
    return int((annotation[index[:, 0], index[:, 1], index[:, 2]] != 0).sum())
start = time.perf_counter()
found = one_by_one() if sys.argv[3] == "one" else at_once()
print((time.perf_counter() - start) * 1000, found)
`;
const seen: number[] = [];
const peer = async (way: string) => {
  const [ms, found] = execFileSync(python, ['-c', script, annotation, points, way], { encoding: 'utf8' })
    .trim()
    .split(' ');
  seen.push(Number(found));
  return Number(ms);
};
const found = await inTurns(
  {
    async ours() {
      const from = performance.now();
      const { value } = await atlas.call('locate_points', {
        data: 'mouse-ccfv3-50um',
        sql: 'SELECT * FROM points.points',
      });
      seen.push(value.inRegions);
      return performance.now() - from;
    },
    one: () => peer('one'),
    once: () => peer('once'),
  },
  rounds,
);
if (Math.max(...seen) - Math.min(...seen) > count * 1e-4)
  throw new Error(`They disagree: ${[...new Set(seen)].join(', ')}.`);
line(`${count} points to regions`, found.ours, 'ms', { name: 'a point at a time', values: found.one });
line('the same', found.ours, 'ms', { name: 'numpy at once', values: found.once });
await atlas.close();
rmSync(folder, { recursive: true, force: true });
