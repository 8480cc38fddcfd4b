import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nodeTooOld } from '@bregma/core/node-version';
import { afterAll, describe, expect, test } from 'vitest';
import { root, serverCommand, temporaryWorkspace } from '../fixtures/client.ts';

const space = temporaryWorkspace();
afterAll(() => space.remove());

function start(args: string[] = []): ChildProcess {
  const [command, ...first] = serverCommand('atlas');
  return spawn(command, [...first, '--workspace', space.folder, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
}

const send = (child: ChildProcess, message: object) =>
  child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const initialize = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
};

async function started(): Promise<ChildProcess> {
  const child = start();
  send(child, initialize);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server did not end within 10 s')), 10_000);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal });
    });
  });
}

describe('a server ends cleanly', () => {
  test('when its client closes stdin', async () => {
    const child = await started();
    child.stdin?.end();
    expect(await ended(child)).toEqual({ code: 0, signal: null });
  });

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('on %s', async (signal) => {
    const child = await started();
    child.kill(signal);
    expect(await ended(child)).toEqual({ code: 0, signal: null });
  });

  test('when nobody reads its stdout any more', async () => {
    const child = await started();
    child.stdout?.destroy();
    for (let i = 0; i < 50; i++) send(child, { id: 10 + i, method: 'tools/list' });
    expect((await ended(child)).signal).toBeNull();
  });
});

describe('hostile input', () => {
  test.each([
    ['text that is no JSON', 'hello\n'],
    ['half a message', '{"jsonrpc":"2.0","id":7,\n'],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x80, 0x0a])],
    ['a message of another protocol', '{"foo":1}\n'],
  ])('%s leaves the server answering', async (_, bytes) => {
    const child = await started();
    child.stdin?.write(bytes);
    const answered = new Promise<string>((resolve) =>
      child.stdout?.on('data', (data) => String(data).includes('"id":9') && resolve(String(data))),
    );
    send(child, { method: 'notifications/initialized' });
    send(child, { id: 9, method: 'tools/list' });
    expect(await answered).toContain('find_data');
    child.stdin?.end();
    await ended(child);
  });

  test('a line of 20 MB ends the connection or is answered, and the process does not hang', async () => {
    const child = await started();
    child.stdin?.on('error', () => {});
    child.stdin?.write(
      `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"find_data","arguments":{"query":"${'x'.repeat(20_000_000)}"}}}\n`,
    );
    child.stdin?.end();
    expect((await ended(child)).signal).toBeNull();
  });
});

describe('HTTP', () => {
  async function http(): Promise<{ url: string; token: string; child: ChildProcess }> {
    const child = start(['--http', '0']);
    const line = await new Promise<string>((resolve) =>
      child.stderr?.on('data', (data) => String(data).includes('http://') && resolve(String(data))),
    );
    const token = readFileSync(path.join(space.folder, '.bregma/http-token'), 'utf8').trim();
    return { url: /http:\S+/.exec(line)?.[0] ?? '', token, child };
  }
  const body = JSON.stringify({ jsonrpc: '2.0', ...initialize });
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

  test('answers with the token, and refuses without it, from another origin and for another host', async () => {
    const { url, token, child } = await http();
    const post = (extra: Record<string, string>) =>
      fetch(url, { method: 'POST', body, headers: { ...headers, ...extra } });
    expect((await post({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await post({})).status).toBe(401);
    expect((await post({ authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await post({ authorization: `Bearer ${token}`, origin: 'https://evil.example' })).status).toBe(403);
    const { port } = new URL(url);
    const otherHost = spawnSync(
      'curl',
      [
        '-s',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '-H',
        'Host: evil.example',
        '-H',
        `Authorization: Bearer ${token}`,
        `http://127.0.0.1:${port}/mcp`,
      ],
      { encoding: 'utf8' },
    );
    if (otherHost.error === undefined) expect(otherHost.stdout).toBe('403');
    child.kill('SIGTERM');
    expect((await ended(child)).code).toBe(0);
  });

  test('a port that is taken is named', async () => {
    const { url, child } = await http();
    const { port } = new URL(url);
    const second = start(['--http', port]);
    let text = '';
    second.stderr?.on('data', (data) => (text += data));
    expect((await ended(second)).code).toBe(1);
    expect(text).toContain(`Port ${port} is taken`);
    child.kill('SIGTERM');
    await ended(child);
  });
});

test('an old Node is told in one line what to do', () => {
  expect(nodeTooOld('22.13.0')).toBeUndefined();
  expect(nodeTooOld('24.0.0')).toBeUndefined();
  expect(nodeTooOld('20.20.2')).toMatch(/^Bregma needs Node 22\.13 or newer; this is Node 20\.20\.2\. .*$/);
  const old = ['/usr/bin/node', '/usr/local/bin/node'].find((node) =>
    nodeTooOld(spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.trim() || '99.0.0'),
  );
  if (!old || process.env.BREGMA_TEST_DIST === undefined) return;
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stderr, status } = spawnSync(old, [path.join(root, 'dist/servers/atlas.mjs')], { encoding: 'utf8', env });
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain('Bregma needs Node 22.13');
});
