import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { expect, test } from 'vitest';
import { threadsAlive } from '../../../mcp-servers/twin/src/spiking/engines/pool.ts';
import { simulateTrials } from '../../../mcp-servers/twin/src/spiking/engines/simulate-trials.ts';
import { root } from '../../fixtures/client.ts';
import { driveFirst, packed, synthetic } from '../../fixtures/spiking.ts';

const signal = new AbortController().signal;
const network = packed(synthetic(5000, 100_000, 14, 5));
const input = driveFirst(20);
/** Every neuron fires as often as it can. */
const runaway = packed(synthetic(20_000, 600_000, 45, 8));

const digest = (results: { counts: Uint32Array; spikes: Uint32Array }[]) =>
  results.map(({ counts, spikes }) => createHash('sha256').update(counts).update(spikes).digest('hex'));

test('the same seed gives the same bytes whatever the number of threads, the order of trials, and what else runs', async () => {
  const seeds = [5n, 2n ** 64n - 1n, 0n, 77n, 8n];
  const options = { durationMs: 150, keepSpikes: true, signal };
  const one = digest((await simulateTrials(network, input, { ...options, seeds, workers: 1 })).results);
  const two = digest((await simulateTrials(network, input, { ...options, seeds, workers: 2 })).results);
  const [backwards, other] = await Promise.all([
    simulateTrials(network, input, { ...options, seeds: seeds.toReversed() }),
    simulateTrials(network, driveFirst(30), { ...options, seeds: [5n] }),
  ]);
  expect(two).toEqual(one);
  expect(digest(backwards.results).toReversed()).toEqual(one);
  expect(new Set([...one, ...digest(other.results)]).size).toBe(6);
});

test('input does not depend on the order in which driven neurons are named', async () => {
  const options = { durationMs: 100, seeds: [3n], keepSpikes: true, signal };
  const reversed = { poisson: input.poisson?.toReversed() };
  const [a, b] = [await simulateTrials(network, input, options), await simulateTrials(network, reversed, options)];
  expect(digest(b.results)).toEqual(digest(a.results));
});

test.each(['wasm', 'wasm-f64'] as const)(
  'a runaway trial in %s leaves the main thread free, reports progress, and is cancelled long before its end',
  async (backend) => {
    const controller = new AbortController();
    const fractions: number[] = [];
    let ticks = 0;
    const timer = setInterval(() => ticks++, 20);
    const run = simulateTrials(runaway, driveFirst(60), {
      backend,
      durationMs: 600_000,
      seeds: [1n, 2n, 3n],
      signal: controller.signal,
      onProgress: (fraction) => fractions.push(fraction),
    });
    setTimeout(() => controller.abort(), 1200);
    const failure = run.catch((error) => ({ error }));
    await new Promise((resolve) => controller.signal.addEventListener('abort', resolve));
    const caught = await failure;
    clearInterval(timer);
    expect(caught).toMatchObject({ error: { code: 'cancelled' } });
    // A main thread that waited for the trial would have ticked once at most.
    expect(ticks).toBeGreaterThan(3);
    expect(fractions.length).toBeGreaterThan(1);
    expect(fractions.at(-1)).toBeGreaterThan(fractions[0]);
    expect(fractions.at(-1)).toBeLessThan(1);
    // The threads have let go: another call is served at once.
    await simulateTrials(network, input, { durationMs: 10, seeds: [1n], signal });
  },
);

test('a short call is not kept waiting by a long one', async () => {
  const controller = new AbortController();
  const long = { durationMs: 2000, seeds: Array.from({ length: 400 }, (_, k) => BigInt(k)) };
  const run = simulateTrials(runaway, driveFirst(60), { ...long, signal: controller.signal }).catch((error) => error);
  let done = false;
  run.then(() => {
    done = true;
  });
  await simulateTrials(network, input, { durationMs: 10, seeds: [1n, 2n], signal });
  expect(done).toBe(false);
  controller.abort();
  expect(await run).toMatchObject({ code: 'cancelled' });
});

test('a listener that fails ends its own call', async () => {
  const options = { durationMs: 10, seeds: [1n, 2n], signal };
  const failing = () => {
    throw new Error('no');
  };
  await expect(simulateTrials(network, input, { ...options, onTrial: failing })).rejects.toThrow('no');
  expect((await simulateTrials(network, input, options)).results.length).toBe(2);
});

test('a thousand cancelled calls leave no memory, threads or handles behind', async () => {
  const cancelOne = async (k: number) => {
    const controller = new AbortController();
    const run = simulateTrials(runaway, driveFirst(60), {
      durationMs: 600_000,
      seeds: [BigInt(k), BigInt(k + 5000)],
      keepSpikes: true,
      signal: controller.signal,
    });
    if (k % 10 === 0) controller.abort();
    else setTimeout(() => controller.abort(), k % 7);
    await expect(run).rejects.toThrow('Cancelled');
  };
  const state = () => ({
    rss: process.memoryUsage.rss() / 2 ** 20,
    bytes: runaway.memory.buffer.byteLength,
    handles: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length,
    threads: threadsAlive(),
  });
  for (let k = 0; k < 400; k++) await cancelOne(k);
  const before = state();
  for (let k = 400; k < 1400; k++) await cancelOne(k);
  const after = state();
  expect(after.bytes).toBe(before.bytes);
  expect(after.threads).toBe(before.threads);
  expect(after.handles).toBeLessThanOrEqual(before.handles);
  // Wide enough for the collector's slack on a busy machine, where 142 MiB were seen.
  expect(after.rss - before.rss).toBeLessThan(400);
});

test('networks that are no longer used are given back', async () => {
  const edges = synthetic(2000, 60_000, 10, 3);
  const many = { ...edges, pre: repeat(edges.pre, 60), post: repeat(edges.post, 60), count: repeat(edges.count, 60) };
  const memory: number[] = [];
  for (let k = 0; k < 80; k++) {
    await simulateTrials(packed(many), driveFirst(2), { durationMs: 2, seeds: [1n], signal });
    memory.push(process.memoryUsage.rss() / 2 ** 20);
  }
  // 14 MB each: the last sixty are 860 MB.
  expect(Math.max(...memory.slice(20)) - Math.max(...memory.slice(0, 20))).toBeLessThan(200);
});

const repeat = (values: Int32Array, times: number) =>
  Int32Array.from({ length: values.length * times }, (_, i) => values[i % values.length]);

test('a process ends as soon as its own work is done, also with a cancelled trial', () => {
  const program = `
    import { simulateTrials } from ${JSON.stringify(path.join(root, 'mcp-servers/twin/src/spiking/engines/simulate-trials.ts'))};
    import { driveFirst, packed, synthetic } from ${JSON.stringify(path.join(root, 'test/fixtures/spiking.ts'))};
    const network = packed(synthetic(5000, 100000, 14, 5));
    const controller = new AbortController();
    await simulateTrials(network, driveFirst(20), { durationMs: 50, seeds: [1n, 2n], signal: controller.signal });
    const run = simulateTrials(network, driveFirst(20), { durationMs: 600000, seeds: [1n, 2n], signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await run.catch(() => {});
    const at = performance.now();
    process.on('exit', () => console.log(performance.now() - at));`;
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program],
    {
      encoding: 'utf8',
      cwd: root,
      timeout: 120_000,
    },
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(Number(stdout)).toBeLessThan(500);
});
