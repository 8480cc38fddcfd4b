// The spiking engine on a synthetic network of the fly's size, in turns with Brian2 (cython, and C++ standalone) on this machine.
// Ratios are medians over pairs of neighbouring runs, in time on the clock and in processor time of all threads, which a busy
// machine changes less. BREGMA_BENCH_PYTHON or BREGMA_REFERENCE_PYTHON names a Python with brian2,
// cython and a C++ compiler. Arguments choose cases, e.g. `npm run bench lif` runs all, `node … test/bench/lif.ts active cpp` one.
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { writeNpy } from '@bregma/core/npy';
import { build } from 'esbuild';
import { simulateTrials } from '../../mcp-servers/twin/src/spiking/engines/simulate-trials.ts';
import { type LifNetwork, shiu2024 } from '../../mcp-servers/twin/src/spiking/lif.ts';
import { root } from '../fixtures/client.ts';
import { flyNetwork } from '../fixtures/fly-network.ts';
import { driveFirst } from '../fixtures/spiking.ts';
import { middle } from './report.ts';

interface Case {
  title: string;
  driven: number;
  weightMv: number;
  durationMs: number;
  trials: number;
  /** Trials that Brian2 runs for them, one after the other; its time is scaled up. Default all. */
  peerTrials?: number;
  pairs: number;
  peers: ('cython' | 'cpp')[];
  /** Times as fast as the peer, at least. */
  target: number;
}

const active = { driven: 110, weightMv: shiu2024.weightMv, durationMs: 1000, trials: 1, pairs: 5 };
const cases: Record<string, Case> = {
  active: { ...active, title: 'active', peers: ['cython', 'cpp'], target: 20 },
  low: { ...active, title: 'low activity', driven: 14, peers: ['cython', 'cpp'], target: 150 },
  many: {
    ...active,
    title: 'active, 30 trials',
    trials: 30,
    peerTrials: 5,
    pairs: 3,
    peers: ['cython', 'cpp'],
    target: 30,
  },
  runaway: {
    ...active,
    title: 'runaway, 0.5 s',
    weightMv: 0.5,
    durationMs: 500,
    pairs: 3,
    peers: ['cython', 'cpp'],
    target: 1,
  },
};

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-lif-'));
const signal = new AbortController().signal;

async function ours({ driven, weightMv, durationMs, trials }: Case, seed: number) {
  // One external spike stays what it is when synapses are made stronger.
  const driveSynapses = (shiu2024.weightMv * shiu2024.driveSynapses) / weightMv;
  const from = performance.now();
  const usedBefore = process.cpuUsage();
  const { results } = await simulateTrials(network, driveFirst(driven), {
    backend: 'wasm',
    parameters: { ...shiu2024, weightMv, driveSynapses },
    durationMs,
    seeds: Array.from({ length: trials }, (_, trial) => BigInt(seed * 1000 + trial)),
    signal,
  });
  const seconds = (performance.now() - from) / 1000;
  const used = process.cpuUsage(usedBefore);
  const last = results[results.length - 1];
  return {
    seconds,
    processor: (used.user + used.system) / 1e6,
    spikes: last.spikesTotal,
    active: last.counts.filter((count) => count > 0).length,
  };
}

const wanted = process.argv.slice(2);
console.log('synthetic network of the fly’s size; seconds of simulation, without building the network');
const network = flyNetwork(12);
console.log(`${network.neurons} neurons, ${save(network)} connections`);
for (const [name, one] of Object.entries(cases)) {
  for (const peer of one.peers) {
    const asked = wanted.length === 0 || wanted.includes(name);
    if (asked && (wanted.includes(peer) || !/cython|cpp/.test(wanted.join()))) await compare(one, peer);
  }
}
if (wanted.length === 0 || wanted.includes('memory')) await measureMemory();
rmSync(folder, { recursive: true, force: true });

async function compare(one: Case, peer: 'cython' | 'cpp'): Promise<void> {
  const brian = await startBrian(one, peer);
  const pairs: { ours: number; theirs: number; processor: number }[] = [];
  let [spikes, activeNeurons, theirSpikes, theirActive, memory] = [0, 0, 0, 0, 0];
  await ours(one, 0); // warms up
  for (let pair = 0; pair < one.pairs; pair++) {
    const found = await ours(one, pair + 1);
    const { trials, peerTrials = trials } = one;
    const [some, someProcessor, ...rest] = await brian.run(peerTrials);
    const [seconds, processor] = [some, someProcessor].map((value) => (value * trials) / peerTrials);
    pairs.push({ ours: found.seconds, theirs: seconds, processor: processor / found.processor });
    [spikes, activeNeurons] = [found.spikes, found.active];
    [theirSpikes, theirActive, memory] = rest;
  }
  brian.end();
  const ratio = middle(pairs.map((pair) => pair.theirs / pair.ours));
  const inProcessor = middle(pairs.map((pair) => pair.processor));
  const range = (values: number[]) =>
    `${middle(values).toPrecision(3)} s [${Math.min(...values).toPrecision(3)}–${Math.max(...values).toPrecision(3)}]`;
  console.log(
    `${one.title}${one.peerTrials ? ` (Brian2: ${one.peerTrials}, scaled)` : ''}: ${range(pairs.map((pair) => pair.ours))}; Brian2 ${peer} ${range(pairs.map((pair) => pair.theirs))}; ` +
      `${ratio.toPrecision(3)} × as fast, median of ${pairs.length} pairs (target ${one.target})${Number.isNaN(inProcessor) ? '' : `, ${inProcessor.toPrecision(3)} × in processor time`}`,
  );
  console.log(
    `  last trial: ${spikes} spikes of ${activeNeurons} neurons; Brian2 ${theirSpikes} of ${theirActive}, ${memory.toFixed(0)} MiB, built in ${brian.built.toFixed(0)} s`,
  );
}

async function startBrian({ driven, weightMv, durationMs }: Case, target: string) {
  const python = process.env.BREGMA_BENCH_PYTHON ?? process.env.BREGMA_REFERENCE_PYTHON ?? 'python3';
  const program = fileURLToPath(new URL('./lif.py', import.meta.url));
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    python,
    [program, folder, target, ...[driven, weightMv, durationMs].map(String)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('Brian2 ended early: see above, and set BREGMA_BENCH_PYTHON.');
    return (value as string).split(' ').map(Number);
  };
  const [built] = await next();
  return {
    built,
    run(trials: number) {
      child.stdin.write(`${trials}\n`);
      return next();
    },
    end: () => child.stdin.end(),
  };
}

/** Writes the network for Brian2 and for the process that measures memory. Returns the number of connections. */
function save({ neurons, rows, synapses }: LifNetwork): number {
  const pre = new Int32Array(synapses.length);
  for (let i = 0; i < neurons; i++) pre.fill(i, rows[i], rows[i + 1]);
  const write = (name: string, data: Int32Array) =>
    writeFileSync(path.join(folder, `${name}.npy`), writeNpy({ data, shape: [data.length] }));
  write('neurons', Int32Array.of(neurons));
  write('pre', pre);
  write(
    'post',
    Int32Array.from(synapses, (packed) => packed & 0x3ffff),
  );
  write(
    'weight',
    Int32Array.from(synapses, (packed) => (packed | 0) >> 18),
  );
  writeFileSync(path.join(folder, 'rows.bin'), Uint32Array.from(rows));
  writeFileSync(path.join(folder, 'synapses.bin'), Uint32Array.from(synapses));
  return synapses.length;
}

/** Resident memory of a process of its own, bundled as the server is. */
async function measureMemory(): Promise<void> {
  const bundle = {
    bundle: true,
    platform: 'node' as const,
    format: 'esm' as const,
    absWorkingDir: root,
    external: ['webgpu'],
  };
  const entryPoints = { memory: 'test/fixtures/lif-memory.ts', 'lif-worker': 'mcp-servers/twin/src/lif-worker.ts' };
  await build({ ...bundle, entryPoints, outdir: folder, outExtension: { '.js': '.mjs' } });
  const { stdout, stderr, status } = spawnSync(process.execPath, [path.join(folder, 'memory.mjs'), folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  process.stdout.write(stdout);
}
