import { existsSync, readFileSync } from 'node:fs';
import type { Activity } from '@bregma/core/contracts/activity';
import { openWorkspace } from '@bregma/core/workspace';
import type { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let twin: Connection;
let pid = 0;
const ids: Record<string, string> = {};

beforeAll(async () => {
  const atlas = await connect('atlas', space.folder);
  twin = await connect('twin', space.folder);
  pid = (twin.client.transport as StdioClientTransport).pid ?? 0;
  for (const [id, options] of [
    ['small', { neurons: 400, edges: 8_000 }],
    ['large', { neurons: 40_000, edges: 2_000_000 }],
  ] as const) {
    await atlas.call('add_data', { source: 'synthetic-connectome', id, options });
    ids[id] = (await twin.call('build_twin', { kind: 'lif-connectome', data: id })).value.twin;
  }
  await atlas.close();
});
afterAll(async () => {
  await twin.close();
  space.remove();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const perturb = { activate: [{ cell_type: 'type 7', rate_hz: 150 }] };
const long = () => ({ twin: ids.large, perturb, trials: 30, controls: 10, duration_ms: 2000 });

function lastRun(): Activity | undefined {
  const store = openWorkspace(space.folder);
  try {
    return store.ledger.list('activity', 'run_twin').at(-1)?.body;
  } finally {
    store.close();
  }
}

/** Calls run_twin, cancels it after `ms`, sees that the server recorded so, and returns how far it had come by its own report. */
async function cancelAfter(ms: number, from = twin): Promise<number> {
  const controller = new AbortController();
  let done = 0;
  const onprogress = ({ progress }: { progress: number }) => {
    done = progress;
  };
  const working = from.client
    .callTool({ name: 'run_twin', arguments: long() }, { signal: controller.signal, onprogress })
    .then(() => 'answered')
    .catch(() => 'cancelled');
  await pause(ms);
  const at = Date.now();
  controller.abort();
  expect(await working).toBe('cancelled');
  for (let waited = 0; waited < 5000; waited += 20) {
    const run = lastRun();
    if (run && Date.parse(run.end) >= at) {
      expect([run.status, run.outputs]).toEqual(['cancelled', []]);
      return done;
    }
    await pause(20);
  }
  throw new Error(`A run that was cancelled after ${ms} ms had not ended 5 s later.`);
}

describe('a long what-if', () => {
  test('reports progress at least once a second, and it only grows', async () => {
    const at: number[] = [performance.now()];
    const steps: number[] = [];
    const totals: number[] = [];
    const controller = new AbortController();
    const working = twin.client
      .callTool(
        { name: 'run_twin', arguments: long() },
        {
          signal: controller.signal,
          timeout: 290_000,
          onprogress: ({ progress, total }) => {
            at.push(performance.now());
            steps.push(progress);
            if (total !== undefined) totals.push(total);
          },
        },
      )
      .catch(() => undefined);
    await Promise.race([working, pause(6000)]);
    controller.abort();
    await working;
    expect(steps.length).toBeGreaterThan(5);
    expect(Math.max(...at.slice(1).map((time, i) => time - at[i]))).toBeLessThan(1900);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    // One step for reading, 30 trials, 2 × 10 controls of 3 trials, and the making of each.
    expect(new Set(totals)).toEqual(new Set([1 + 30 + 60 + 20]));
  });

  test('is cancelled at once, whatever it was doing: reading, packing, simulating, rewiring', async () => {
    // test/bench/cancel.ts says how long each takes.
    for (const ms of [30, 100, 200, 300, 500, 800, 1100, 1500, 2000]) await cancelAfter(ms);
  });

  test.each([0, 5, 20])(
    'is cancelled %i ms after the first call of a server, before anything was simulated',
    async (ms) => {
      const fresh = await connect('twin', space.folder);
      try {
        await fresh.client.listTools();
        expect(await cancelAfter(ms, fresh)).toBeLessThanOrEqual(1);
        expect((await fresh.call('find_twins')).value.twins.length).toBeGreaterThan(0);
      } finally {
        await fresh.close();
      }
    },
  );
});

describe('a thousand cancels', () => {
  /** Memory of the server, MB; not measured where there is no /proc. */
  const resident = () => {
    const status = `/proc/${pid}/status`;
    return existsSync(status) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1]) / 1024 : undefined;
  };

  test('leave the server as it was: same answer, no more memory', async () => {
    const short = { twin: ids.small, perturb, trials: 20, controls: 2, duration_ms: 200 };
    const before = await twin.call('run_twin', short);
    const cancel = async (ms: number) => {
      const controller = new AbortController();
      const working = twin.client
        .callTool(
          { name: 'run_twin', arguments: { ...short, trials: 1000, duration_ms: 5000 } },
          { signal: controller.signal },
        )
        .catch(() => undefined);
      await pause(ms);
      controller.abort();
      await working;
    };
    // Memory grows for some hundreds of cancels, to what it then stays at for thousands.
    for (let k = 0; k < 800; k++) await cancel(k % 25);
    const early = resident();
    for (let k = 800; k < 1800; k++) await cancel(k % 25);
    await pause(300);
    const late = resident();
    const after = await twin.call('run_twin', short);
    expect(after.value).toEqual(before.value);
    // 1,000 leaks of one small network (8,000 connections, 4 B each) alone would be 32 MB, of its state and workers far more.
    if (early !== undefined && late !== undefined) expect(late - early).toBeLessThan(60);
    const store = openWorkspace(space.folder);
    const runs = store.ledger.list('activity', 'run_twin').map(({ body }) => body.status);
    store.close();
    expect(runs.filter((status) => status === 'failed')).toEqual([]);
    expect(runs.filter((status) => status === 'cancelled').length).toBeGreaterThan(1700);
  });
});
