import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import path from 'node:path';
import { bearerToken, isAuthorised } from '@bregma/core/mcp/bearer';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { temporaryWorkspace } from '../../fixtures/client.ts';
import { httpRequests } from '../../fuzz/http-requests.ts';
import { answersHttp, startHttp } from '../../fuzz/server.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function workspace(): string {
  const space = temporaryWorkspace();
  ends.push(() => space.remove());
  return space.folder;
}
/** Everything that comes back for these bytes until the server closes the connection. */
const untilClosed = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => bytes && socket.write(bytes));
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', () => {}).on('close', () => resolve(answer));
  });

describe('a request', () => {
  let running: Awaited<ReturnType<typeof startHttp>> & { folder: string };
  beforeAll(async () => {
    const { folder } = temporaryWorkspace();
    running = { ...(await startHttp(folder)), folder };
  });
  afterAll(() => {
    running.child.kill();
    rmSync(running.folder, { recursive: true, force: true });
  });

  test.each([
    '//',
    '///',
    'http://',
    '/%',
    '*',
    'http://[',
    'http://evil.example/mcp',
    '//evil.example/mcp',
    '/x/../mcp',
  ])('for %s neither ends the server nor learns anything', async (target) => {
    const { port, token, child, folder } = running;
    for (const authorization of ['', `authorization: Bearer ${token}\r\n`]) {
      const answer = await untilClosed(
        port,
        `GET ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n${authorization}\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d/);
      if (authorization === '') expect(answer).toMatch(/^HTTP\/1\.1 40[01]/);
      expect(answer).not.toContain(folder);
      expect(answer).not.toContain(hostname());
    }
    expect(child.exitCode).toBeNull();
    expect(await answersHttp(port, token)).toBe(true);
  });

  test.each([
    ['another Host', 'host: evil.example'],
    ['another Origin', 'origin: http://localhost\r\norigin: https://evil.example'],
    ['another token', 'authorization: Bearer other'],
  ])('with %s beside the right one is refused', async (_, head) => {
    const { port, token } = running;
    const right = `host: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n`;
    const answer = await untilClosed(port, `POST /mcp HTTP/1.1\r\n${right}${head}\r\ncontent-length: 0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect(await answersHttp(port, token)).toBe(true);
  });

  test.each([
    ['a host with a user before it', 'POST', 'x@127.0.0.1', 400],
    ['a host with a path behind it', 'POST', '127.0.0.1/mcp', 400],
    ['a method that none of it has', 'TRACE', '127.0.0.1', 405],
    ['another one', 'PATCH', '127.0.0.1', 405],
  ])('with %s is refused as what it is', async (_, method, host, status) => {
    const { port, token } = running;
    const head = `${method} /mcp HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\nauthorization: Bearer ${token}\r\ncontent-length: 0\r\n\r\n`;
    expect(await untilClosed(port, head)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test('that is slow, or never begins, is closed', async () => {
    const { port, token } = running;
    const head = 'POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\n';
    const full = `${head}authorization: Bearer ${token}\r\ncontent-type: application/json\r\naccept: application/json, text/event-stream\r\n`;
    // Each would be open for ever, or for Node's own minutes, and this test would time out.
    await Promise.all([
      untilClosed(port, head),
      untilClosed(port, `${full}content-length: 50\r\n\r\n{"jso`),
      untilClosed(port, ''),
    ]);
    expect(await answersHttp(port, token)).toBe(true);
  }, 30_000);

  test('of any kind leaves the server there: 5,000 drawn ones, half without the token', async ({ task }) => {
    const seed = Number(process.env.BREGMA_SEED ?? Date.now() % 1e9);
    console.log(`BREGMA_SEED=${seed}`);
    const { tried, failures } = await httpRequests.run(seed, { count: 5000 });
    task.meta.fuzzed = { tried, failures };
    expect(failures).toEqual([]);
    expect(tried).toBe(5000);
  });
});

describe('the token', () => {
  const folderWith = (content: string, mode = 0o600) => {
    const folder = path.join(workspace(), '.bregma');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'http-token'), content);
    chmodSync(path.join(folder, 'http-token'), mode);
    return folder;
  };

  test.each(['', ' ', '\n\n', 'short', 'a b c d e f g h i j k'])('%j in its file is refused', (content) => {
    expect(() => bearerToken(folderWith(content))).toThrow(/http-token of this workspace is (empty|too short)/);
  });

  test('is made whole, for its owner alone, and is the same for every server', () => {
    const folder = path.join(workspace(), '.bregma');
    mkdirSync(folder, { recursive: true });
    const token = bearerToken(folder);
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(bearerToken(folder)).toBe(token);
    if (process.platform !== 'win32') expect(statSync(path.join(folder, 'http-token')).mode & 0o777).toBe(0o600);
  });

  test.skipIf(process.platform === 'win32')(
    'in a file that others can read, or that is a link or a pipe, is refused',
    () => {
      expect(() => bearerToken(folderWith('a'.repeat(32), 0o644))).toThrow('can be read or written by other users');
      const folder = path.join(workspace(), '.bregma');
      mkdirSync(folder, { recursive: true });
      symlinkSync('/etc/hostname', path.join(folder, 'http-token'));
      expect(() => bearerToken(folder)).toThrow('cannot be read');
      const piped = path.join(workspace(), '.bregma');
      mkdirSync(piped, { recursive: true });
      spawnSync('mkfifo', ['-m', '600', path.join(piped, 'http-token')]);
      expect(() => bearerToken(piped)).toThrow('is no file of one token');
    },
  );

  test('of the environment is refused when it is short, and no empty one lets anybody in', async () => {
    await expect(startHttp(workspace(), { BREGMA_TOKEN: 'a' })).rejects.toThrow('BREGMA_TOKEN is too short');
    expect(isAuthorised(undefined, '')).toBe(false);
    expect(isAuthorised('Bearer ', '')).toBe(false);
  });
});
