// Start of a server, its processor time and memory at rest, and trivial calls over stdio, with the reference server of the protocol
// beside it. BREGMA_BENCH_BESIDE names the `dist/servers` of another checkout, whose servers then take turns with these.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../fixtures/client.ts';
import { inTurns, line } from './report.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-bench-'));
const beside = process.env.BREGMA_BENCH_BESIDE;
const serverIn = (place: string, server: string) => [path.join(place, `${server}.mjs`), '--workspace', folder];
const everything = path.join(root, 'test/clients/node_modules/@modelcontextprotocol/server-everything/dist/index.js');
const fixture = [path.join(root, 'test/fixtures/mcp-fixture-server.ts'), '--workspace', folder];

class Peer {
  readonly child: ChildProcess;
  readonly started = performance.now();
  private readonly waiting = new Map<number, (message: { result?: unknown }) => void>();
  private nextId = 1;

  constructor(args: string[]) {
    this.child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    createInterface({ input: this.child.stdout! }).on('line', (text) => {
      const message = JSON.parse(text) as { id?: number; result?: unknown };
      this.waiting.get(message.id ?? 0)?.(message);
    });
  }

  request(method: string, params: object = {}): Promise<{ result?: unknown }> {
    const id = this.nextId++;
    const answered = new Promise<{ result?: unknown }>((resolve) => this.waiting.set(id, resolve));
    this.child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return answered;
  }

  async open(): Promise<number> {
    await this.request('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'bench', version: '1' },
    });
    this.child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
    await this.request('tools/list');
    return performance.now() - this.started;
  }

  /** Resident memory in MB; Linux only. */
  memory(): number {
    const text = existsSync(`/proc/${this.child.pid}/status`)
      ? readFileSync(`/proc/${this.child.pid}/status`, 'utf8')
      : '';
    return Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? Number.NaN) / 1024;
  }

  /** Processor time so far, user and system, of all threads, in ms; Linux only, in steps of 10 ms. */
  processorMs(): number {
    const file = `/proc/${this.child.pid}/stat`;
    const fields = existsSync(file)
      ? readFileSync(file, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')
      : [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  close(): Promise<number> {
    const from = performance.now();
    const gone = new Promise<number>((resolve) => this.child.once('exit', () => resolve(performance.now() - from)));
    this.child.stdin?.end();
    return gone;
  }
}

const memory: Record<string, number[]> = {};
const processor: Record<string, number[]> = {};
const exits: Record<string, number[]> = {};
const keep = (found: Record<string, number[]>, name: string, value: number) => {
  found[name] = [...(found[name] ?? []), value];
};
const opening = (name: string, args: string[]) => async () => {
  const peer = new Peer(args);
  const ms = await peer.open();
  keep(processor, name, peer.processorMs());
  await new Promise((resolve) => setTimeout(resolve, 300));
  keep(memory, name, peer.memory());
  const ended = peer.close();
  keep(
    exits,
    name,
    await Promise.race([ended, new Promise<number>((resolve) => setTimeout(() => resolve(Number.NaN), 2000))]),
  );
  peer.child.kill('SIGKILL');
  return ms;
};

const servers = ['atlas', 'twin', 'lab'];
const contenders: Record<string, () => Promise<number>> = Object.fromEntries(
  servers.flatMap((name) => [
    [name, opening(name, serverIn(path.join(root, 'dist/servers'), name))],
    ...(beside ? [[`${name} beside`, opening(`${name} beside`, serverIn(beside, name))]] : []),
  ]),
);
if (existsSync(everything)) contenders.everything = opening('everything', [everything, 'stdio']);
const times = await inTurns(contenders, 9);
const told: [string, Record<string, number[]>, string][] = [
  ['spawn → tools/list', times, 'ms'],
  ['processor time until tools/list', processor, 'ms'],
  ['resident memory at rest', memory, 'MB'],
];
for (const [what, values, unit] of told)
  for (const name of servers) {
    const other = beside ? `${name} beside` : 'everything';
    line(`${name}: ${what}`, values[name], unit, values[other] && { name: other, values: values[other] });
  }
for (const name of servers) line(`${name}: exit after stdin closes`, exits[name], 'ms');

/** Calls a second with 64 in flight. */
const rate = (args: string[], tool: string, toolArguments: object) => async () => {
  const peer = new Peer(args);
  await peer.open();
  const total = 4000;
  const from = performance.now();
  let sent = 0;
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      while (sent++ < total) await peer.request('tools/call', { name: tool, arguments: toolArguments });
    }),
  );
  const perSecond = total / ((performance.now() - from) / 1000);
  peer.child.kill('SIGKILL');
  return perSecond;
};
const calls: Record<string, () => Promise<number>> = { recorded: rate(fixture, 'test_simple_text', {}) };
if (existsSync(everything)) calls.everything = rate([everything, 'stdio'], 'echo', { message: 'x' });
const rates = await inTurns(calls, 5);
line(
  'trivial calls a second, each one recorded',
  rates.recorded,
  '/s',
  rates.everything && { name: 'server-everything', values: rates.everything },
);
rmSync(folder, { recursive: true, force: true });
