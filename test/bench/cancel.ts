import { openWorkspace } from '@bregma/core/workspace';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';
import { middle } from './report.ts';

const rounds = Number(process.argv[2] ?? 5);
const edges = Number(process.env.BREGMA_BENCH_EDGES ?? 15_000_000);
const delays = [0, 5, 20, 50, 100, 300, 1000];
const space = temporaryWorkspace();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function build(): Promise<string> {
  const atlas = await connect('atlas', space.folder);
  const made = await atlas.call('add_data', { source: 'synthetic-connectome', id: 'fly', options: { edges } });
  for (let state = made.value.state; state === 'running'; )
    ({ state } = (await atlas.call('get_run', { run_id: made.value.run_id, wait_s: 30 })).value);
  await atlas.close();
  const twin = await connect('twin', space.folder);
  const { value } = await twin.call('build_twin', { kind: 'lif-connectome', data: 'fly' });
  await twin.close();
  return value.twin;
}

const store = openWorkspace(space.folder);
const runs = () => store.ledger.list('activity', 'run_twin');
const id = await build();
const request = (more: Record<string, unknown> = {}) => ({
  twin: id,
  perturb: { activate: [{ cell_type: 'type 7', rate_hz: 150 }] },
  trials: 100,
  controls: 2,
  ...more,
});

/** Resolves with the time, ms since 1970, at which the client sends a message of this method. */
function sent({ client }: Connection, method: string): Promise<number> {
  const { transport } = client;
  if (!transport) throw new Error('There is no connection.');
  const send = transport.send.bind(transport);
  return new Promise((resolve) => {
    transport.send = (message, options) => {
      if ('method' in message && message.method === method) {
        transport.send = send;
        resolve(performance.timeOrigin + performance.now());
      }
      return send(message, options);
    };
  });
}

/** Cancels a call so many ms after it was sent. From the cancel to the recorded end, ms. */
async function cancelAfter(ms: number, twin: Connection): Promise<number> {
  const before = runs().length;
  const controller = new AbortController();
  const called = sent(twin, 'tools/call');
  const working = twin.client
    .callTool({ name: 'run_twin', arguments: request() }, { signal: controller.signal, timeout: 110_000 })
    .catch(() => undefined);
  await called;
  if (ms > 0) await pause(ms);
  const cancelled = sent(twin, 'notifications/cancelled');
  controller.abort();
  const at = await cancelled;
  await working;
  for (;;) {
    await pause(20);
    const [ended] = runs().slice(before);
    if (!ended) continue;
    if (ended.body.status !== 'cancelled') throw new Error(`${ms} ms: ${ended.body.status}`);
    return Math.max(0, Date.parse(ended.body.end) - at);
  }
}

const starts: number[] = [];
async function start(): Promise<Connection> {
  const from = performance.now();
  const twin = await connect('twin', space.folder);
  await twin.client.listTools(); // as every client does first
  starts.push(performance.now() - from);
  return twin;
}

const found = Object.fromEntries(
  ['first', 'later', 'warm'].map((name) => [name, new Map(delays.map((ms) => [ms, [] as number[]]))]),
);
for (let round = 0; round < rounds; round++) {
  for (const ms of delays) {
    const twin = await start();
    found.first.get(ms)?.push(await cancelAfter(ms, twin));
    found.later.get(ms)?.push(await cancelAfter(ms, twin));
    await twin.close();
  }
  const twin = await start();
  await twin.call('run_twin', request({ trials: 1, controls: 0, duration_ms: 10 }));
  for (const ms of delays) found.warm.get(ms)?.push(await cancelAfter(ms, twin));
  await twin.close();
}
const cell = (values: number[] = []) =>
  `${middle(values).toFixed(0).padStart(5)} / ${Math.max(...values)
    .toFixed(0)
    .padEnd(4)}`;
console.log(`median / largest of ${rounds}, ms; a server starts in ${middle(starts).toFixed(0)} ms`);
console.log(['cancel after', ...Object.keys(found).map((name) => name.padStart(10))].join('  '));
for (const ms of delays)
  console.log([`${ms} ms`.padStart(12), ...Object.values(found).map((values) => cell(values.get(ms)))].join('  '));
store.close();
space.remove();
