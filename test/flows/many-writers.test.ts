import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { verifyStore } from '@bregma/core/ledger/verify';
import { makeRandom } from '@bregma/core/statistics/random';
import { openWorkspace } from '@bregma/core/workspace';
import { afterEach, expect, test } from 'vitest';
import { serverCommand, temporaryWorkspace } from '../fixtures/client.ts';

const workspace = temporaryWorkspace();
afterEach(() => workspace.remove());

/** One real server process; its acknowledged activities are those whose answers reached this side of the pipe. */
class Writer {
  readonly acknowledged: string[] = [];
  answered = 0;
  private process!: ChildProcess;
  private nextId = 1;

  start(): void {
    const [command, ...args] = serverCommand('atlas');
    const child = spawn(command, [...args, '--workspace', workspace.folder], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.process = child;
    createInterface({ input: child.stdout! }).on('line', (line) => this.read(child, line));
    child.stdin!.on('error', () => {}); // the process may be killed while we write to it
    this.send({
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'many-writers', version: '1' } },
    });
  }

  private read(child: ChildProcess, line: string): void {
    if (child !== this.process) return;
    const message = JSON.parse(line) as { id?: number; result?: { structuredContent?: { activity?: string } } };
    if (message.id === 0) {
      this.send({ method: 'notifications/initialized' });
      return;
    }
    const activity = message.result?.structuredContent?.activity;
    if (activity) this.acknowledged.push(activity);
    this.answered++;
  }

  private send(message: object): void {
    this.process.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  /** Sends calls without waiting for their answers. */
  burst(count: number): void {
    for (let i = 0; i < count; i++)
      this.send({
        id: this.nextId++,
        method: 'tools/call',
        params: { name: 'find_data', arguments: { query: `worm ${this.nextId}` } },
      });
  }

  async killAndRestart(): Promise<void> {
    const dead = this.process;
    const gone = new Promise((resolve) => dead.once('exit', resolve));
    dead.kill('SIGKILL');
    await gone;
    this.start();
  }

  async end(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.stdin!.end();
    await gone;
  }
}

/** Calls that a server is given at once: it is killed in the middle of them. */
const calls = 200;

test('eight servers writing at once, one killed every second, lose no acknowledged activity', async () => {
  const random = makeRandom(20261124);
  const writers = Array.from({ length: 8 }, () => new Writer());
  for (const writer of writers) writer.start();
  for (const writer of writers) writer.burst(calls);
  for (let second = 0; second < 6; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const victim = writers[random.integer(writers.length)];
    await victim.killAndRestart();
    victim.burst(calls);
  }
  const deadline = Date.now() + 90_000;
  while (Date.now() < deadline && writers.some((writer) => writer.answered < calls))
    await new Promise((resolve) => setTimeout(resolve, 100));
  for (const writer of writers) await writer.end();

  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  expect(acknowledged.length).toBeGreaterThanOrEqual(8 * calls);
  const store = openWorkspace(workspace.folder);
  try {
    expect(acknowledged.filter((id) => store.ledger.byId(id) === undefined)).toEqual([]);
  } finally {
    store.close();
  }
  const verification = verifyStore(path.join(workspace.folder, '.bregma'));
  expect(verification.faults).toEqual([]);
  expect(verification.records).toBeGreaterThanOrEqual(acknowledged.length);
});
