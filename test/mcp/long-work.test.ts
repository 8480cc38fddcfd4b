import { spawn } from 'node:child_process';
import path from 'node:path';
import { Activity } from '@bregma/core/contracts/activity';
import { environment } from '@bregma/core/environment';
import { ServerProcess } from '@bregma/core/mcp/client-sdk';
import { openWorkspace } from '@bregma/core/workspace';
import { Client } from '@modelcontextprotocol/client';

import { afterAll, describe, expect, test } from 'vitest';
import { root, temporaryWorkspace } from '../fixtures/client.ts';

const space = temporaryWorkspace();
afterAll(() => space.remove());

interface Structured {
  // biome-ignore lint/suspicious/noExplicitAny: values of fixture tools
  value: any;
  activity: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  [key: string]: any;
}

async function fixture(env: Record<string, string> = {}) {
  const transport = new ServerProcess({
    command: process.execPath,
    args: [path.join(root, 'test/fixtures/mcp-fixture-server.ts'), '--workspace', space.folder],
    env: { ...(process.env as Record<string, string>), ...env },
    stderr: 'inherit',
  });
  const client = new Client({ name: 'bregma-test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(transport);
  const call = async (name: string, args: Record<string, unknown> = {}, options = {}) => {
    const result = await client.callTool({ name, arguments: args }, options);
    const answer: Structured = {
      isError: result.isError === true,
      ...(result.structuredContent as unknown as Structured),
    };
    return answer;
  };
  return { client, call, pid: transport.pid, close: () => client.close() };
}

function activityOf(id: string): Activity {
  const store = openWorkspace(space.folder);
  try {
    return Activity.parse(store.ledger.byId(id)?.body);
  } finally {
    store.close();
  }
}

describe('long work', () => {
  test('reports progress while the tool itself is silent', async () => {
    const { call, close } = await fixture();
    let reports = 0;
    await call('test_slow_work', { steps: 5, step_ms: 1000, silent: true }, { onprogress: () => reports++ });
    await close();
    expect(reports).toBeGreaterThanOrEqual(3);
  });

  test('is cancelled by its client, and that is on record', async () => {
    const { call, close } = await fixture();
    const controller = new AbortController();
    const statuses = () => {
      const store = openWorkspace(space.folder);
      const activities = store.ledger.list('activity', 'test_slow_work');
      store.close();
      return activities.map(({ body }) => body.status);
    };
    const before = statuses().length;
    await new Promise<void>((begun, failed) => {
      const options = { signal: controller.signal, onprogress: () => begun() };
      const working = call('test_slow_work', { steps: 1000, step_ms: 100 }, options);
      working.then(() => failed(new Error('it ended by itself')), failed);
    });
    controller.abort();
    await expect.poll(() => statuses().slice(before), { timeout: 60_000 }).toEqual(['cancelled']);
    await close();
  });

  test('longer than the limit is answered with a run id; get_run shows its progress and then its answer', async () => {
    const { call, close } = await fixture({ BREGMA_HANDOVER_MS: '200' });
    // Long enough to be asked after on a busy machine.
    const first = await call('test_slow_work', { steps: 100, step_ms: 50 });
    expect(first.value).toMatchObject({ state: 'running', tool: 'test_slow_work' });
    const { run_id } = first.value;
    const during = async () => (await call('get_run', { run_id, wait_s: 0 })).value;
    await expect.poll(during, { timeout: 60_000 }).toMatchObject({ state: 'running', progress: { total: 100 } });
    const ended = { state: 'finished', answer: { value: { steps: 100 } } };
    await expect
      .poll(async () => (await call('get_run', { run_id, wait_s: 10 })).value, { timeout: 60_000 })
      .toMatchObject(ended);
    const after = await call('get_run', { run_id, wait_s: 0 });
    expect(activityOf(after.value.activity)).toMatchObject({ run: run_id, environment });
    await close();
    const other = await fixture();
    expect((await other.call('get_run', { run_id, wait_s: 0 })).value.state).toBe('finished');
    await other.close();
  });

  test('is cancelled by run id', async () => {
    const { call, close } = await fixture({ BREGMA_HANDOVER_MS: '100' });
    const { run_id } = (await call('test_slow_work', { steps: 200, step_ms: 50 })).value;
    const stopped = await call('get_run', { run_id, wait_s: 5, cancel: true });
    expect(stopped.value.state).toBe('cancelled');
    await close();
  });

  test('of a server that was killed is reported as lost', async () => {
    const { call, pid } = await fixture({ BREGMA_HANDOVER_MS: '100' });
    const { run_id } = (await call('test_slow_work', { steps: 200, step_ms: 50 })).value;
    process.kill(pid ?? 0, 'SIGKILL');
    const other = await fixture();
    const state = async () => (await other.call('get_run', { run_id, wait_s: 0 })).value.state;
    await expect.poll(state, { timeout: 60_000 }).toBe('lost');
    await other.close();
  });
});

describe('the call path', () => {
  test('cuts an answer that is too large, says what was cut, and keeps the whole', async () => {
    const { call, close } = await fixture();
    const answer = await call('test_big_answer', { rows: 100_000 });
    await close();
    expect(JSON.stringify(answer).length).toBeLessThan(32_000);
    expect(answer.cut).toEqual({ 'value.rows': 100_000 });
    const store = openWorkspace(space.folder);
    const whole = JSON.parse(store.objects.get(answer.whole.object).toString()) as { value: { rows: number[] } };
    store.close();
    expect(whole.value.rows).toHaveLength(100_000);
  });

  test("refuses a tool's value that is not of its own output form", async () => {
    const { call, close } = await fixture();
    const answer = await call('test_wrong_output');
    await close();
    expect(answer.isError).toBe(true);
    expect(answer.error.message).toContain('not of its own output form');
  });

  test('refuses a tool above the autonomy of the server, and a start with a class that does not exist', async () => {
    const { call, close } = await fixture({ BREGMA_AUTONOMY: 'A0' });
    const refused = await call('test_slow_work', { steps: 1, step_ms: 1 });
    expect(refused.error.code).toBe('not-allowed');
    expect((await call('test_simple_text')).isError).toBe(false);
    await close();
    const child = spawn(
      process.execPath,
      [path.join(root, 'test/fixtures/mcp-fixture-server.ts'), '--workspace', space.folder],
      { env: { ...process.env, BREGMA_AUTONOMY: 'A9' }, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    let text = '';
    child.stderr.on('data', (data) => (text += data));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(1);
    expect(text).toContain('A0, A1, A2, A3');
  });
});
