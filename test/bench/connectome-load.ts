// Reads a connectome of 15 million connections from Parquet into indices and weights, every reader in a process of its own and in
// turns with pyarrow and pandas: seconds, and peak resident memory. All must find the same sums.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { openWorkspace } from '@bregma/core/workspace';
import { loadConnectome } from '../../mcp-servers/twin/src/load-connectome.ts';
import { connect, root, temporaryWorkspace } from '../fixtures/client.ts';
import { inTurns, line } from './report.ts';

function sum(values: ArrayLike<number>): number {
  let all = 0;
  for (let i = 0; i < values.length; i++) all += values[i];
  return all;
}

async function readHere(folder: string): Promise<void> {
  const workspace = openWorkspace(folder);
  const from = performance.now();
  const { connectome } = await loadConnectome('fly', workspace);
  const seconds = (performance.now() - from) / 1000;
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
  const { pre, post, weight } = connectome;
  workspace.close();
  console.log(seconds, peak, sum(pre), sum(post), sum(weight));
}

async function compare(): Promise<void> {
  const python = process.env.BREGMA_REFERENCE_PYTHON;
  if (!python) console.log('BREGMA_REFERENCE_PYTHON names no Python with pandas and pyarrow: without peers.');
  const space = temporaryWorkspace();
  const atlas = await connect('atlas', space.folder);
  const begun = performance.now();
  const edges = Number(process.env.BREGMA_BENCH_EDGES ?? 15_000_000);
  const made = await atlas.call('add_data', { source: 'synthetic-connectome', id: 'fly', options: { edges } });
  // A busy machine takes longer than a call may last.
  for (let state = made.value.state; state === 'running'; )
    ({ state } = (await atlas.call('get_run', { run_id: made.value.run_id, wait_s: 30 })).value);
  console.log(`made with add_data in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  await atlas.close();
  const store = openWorkspace(space.folder);
  const files = ['neurons', 'edges'].map((name) =>
    store.objects.pathOf(findDataset(store.ledger, 'fly').tables.find((table) => table.name === name)?.object ?? ''),
  );
  store.close();
  const peaks: Record<string, number[]> = {};
  const sums = new Set<string>();
  const measured = (name: string, command: string, args: string[]) => async () => {
    const run = spawnSync(command, args, { encoding: 'utf8', cwd: root });
    if (run.status !== 0) throw new Error(run.stderr);
    const [seconds, peak, ...rest] = run.stdout.trim().split(' ');
    peaks[name] = [...(peaks[name] ?? []), Number(peak)];
    sums.add(rest.map(Number).join());
    return Number(seconds);
  };
  const script = `${root}/test/bench/connectome_load.py`;
  const contenders: Record<string, () => Promise<number>> = {
    bregma: measured('bregma', process.execPath, [
      '--disable-warning=ExperimentalWarning',
      process.argv[1],
      space.folder,
    ]),
  };
  if (python)
    for (const name of ['pyarrow', 'pandas']) contenders[name] = measured(name, python, [script, name, ...files]);
  const times = await inTurns(contenders, 5);
  for (const name of Object.keys(contenders)) {
    const peer = name === 'bregma' || !python ? undefined : { name: 'bregma', values: times.bregma };
    line(`${edges} connections with text ids, ${name}`, times[name], 's', peer);
    line('  peak resident memory', peaks[name], 'MB');
  }
  if (sums.size !== 1) throw new Error(`The readers disagree: ${[...sums].join(' | ')}`);
  space.remove();
}

if (process.argv[2]) await readHere(process.argv[2]);
else await compare();
