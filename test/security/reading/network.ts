import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { networkWall } from '@bregma/core/network-wall';
import { ObjectStore } from '@bregma/core/objects/objects';
import { Duck } from '@bregma/readers/duck';
import { forkProgram } from '@bregma/readers/fork-program';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../fixtures/client.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-network-'));
let port = 0;
const server = createServer((socket) => socket.end('reached'));
const abstract = `\0bregma-${process.pid}`;
const hidden = createServer((socket) => socket.end('reached'));
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  if (process.platform === 'linux') await new Promise<void>((resolve) => hidden.listen(abstract, resolve));
});
afterAll(() => {
  for (const one of [server, hidden]) one.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Ways out, each as JavaScript that throws, or settles with an error, where it is closed. */
const throughNode = () => ({
  tcp: `await new Promise((ok, no) => connect(${port}, '127.0.0.1').once('connect', ok).once('error', no))`,
  fetch: `await fetch('http://127.0.0.1:${port}/').catch((error) => { if (!/Parse|expected/i.test(String(error.cause))) throw error; })`,
  listen: `await new Promise((ok, no) => createServer().listen(0, ok).once('error', no))`,
  udp: `await new Promise((ok, no) => createSocket('udp4').send('x', ${port}, '127.0.0.1', (error) => (error ? no(error) : ok())))`,
  names: `await dns.lookup('127.0.0.1')`,
  program: `if (spawnSync(process.execPath, ['-e', '']).status !== 0) throw new Error('closed')`,
});
/** Below Node's modules, where native code is. */
const native = () => ({
  'native tcp': `await new Promise((ok, no) => {
    const { TCP, TCPConnectWrap, constants } = process.binding('tcp_wrap');
    const asked = new TCPConnectWrap();
    asked.oncomplete = (status) => (status === 0 ? ok() : no(new Error(status)));
    const status = new TCP(constants.SOCKET).connect(asked, '127.0.0.1', ${port});
    if (status !== 0) no(new Error(status));
  })`,
  'native udp': `{
    const { UDP, SendWrap } = process.binding('udp_wrap');
    const status = new UDP().send(new SendWrap(), [Buffer.from('x')], 1, ${port}, '127.0.0.1', false);
    if (status < 0) throw new Error(status);
  }`,
  'native abstract socket': `await new Promise((ok, no) => {
    const { Pipe, PipeConnectWrap, constants } = process.binding('pipe_wrap');
    const asked = new PipeConnectWrap();
    asked.oncomplete = (status) => (status === 0 ? ok() : no(new Error(status)));
    new Pipe(constants.SOCKET).connect(asked, ${JSON.stringify(abstract)});
  })`,
});

/** Which ways are open in a process that is started as imports are. closed: whether it closes Node's modules, as imports do. */
async function openWays(ways: Record<string, string>, closed: boolean): Promise<string[]> {
  const program = path.join(mkdtempSync(path.join(folder, 'program-')), 'program.mjs');
  writeFileSync(
    program,
    `import { connect, createServer } from 'node:net';
     import { createSocket } from 'node:dgram';
     import { spawnSync } from 'node:child_process';
     import { promises as dns } from 'node:dns';
     import { closeNetwork } from ${JSON.stringify(pathToFileURL(path.join(root, 'readers/src/offline.ts')).href)};
     ${closed ? 'closeNetwork();' : ''}
     const open = [];
     ${Object.entries(ways)
       .map(([name, way]) => `try { ${way}; open.push(${JSON.stringify(name)}); } catch {}`)
       .join('\n')}
     process.send(open, () => process.exit());`,
  );
  const child = forkProgram(program, folder);
  child.ref();
  child.channel?.ref();
  return said(child);
}

const said = (child: ChildProcess) =>
  new Promise<string[]>((resolve, reject) => {
    child.once('message', (open: string[]) => resolve(open));
    child.once('exit', (code) => reject(new Error(`It ended with code ${code}.`)));
  });

describe('a process that reads what strangers wrote', () => {
  test('reaches nothing through Node’s own modules, on any system', async () => {
    expect(await openWays(throughNode(), true)).toEqual([]);
  });

  test('reaches no address and no abstract socket from native code either, where the system has a wall', async () => {
    const ways = native();
    expect(await openWays(ways, true)).toEqual(networkWall() ? [] : Object.keys(ways));
    // Without the program's own closing, the wall alone holds all that leads to an address.
    if (networkWall()) expect(await openWays(throughNode(), false)).not.toContain('tcp');
  });

  test.runIf(networkWall()?.by === 'namespace')('is in a network of its own in which nothing is up', async () => {
    const way = `const { readlinkSync, readFileSync } = await import('node:fs');
      const own = readlinkSync('/proc/self/ns/net');
      const addresses = readFileSync('/proc/net/fib_trie', 'utf8').match(/\\d+\\.\\d+\\.\\d+\\.\\d+/g) ?? [];
      if (own === ${JSON.stringify(spawnSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' }).stdout.trim())} || addresses.some((one) => one !== '0.0.0.0')) throw new Error('shared')`;
    expect(await openWays({ 'a network of its own': way }, true)).toEqual(['a network of its own']);
  });
});

describe('DuckDB over what was added', () => {
  const store = path.join(folder, 'store');
  const outside = path.join(folder, 'outside.csv');
  let duck: Duck;
  beforeAll(async () => {
    mkdirSync(store);
    writeFileSync(outside, 'a\n1\n');
    writeFileSync(path.join(store, 'inside.csv'), 'a\n1\n');
    symlinkSync(outside, path.join(store, 'link.csv'));
    duck = await Duck.open({ objects: new ObjectStore(store), signal: new AbortController().signal });
  });
  afterAll(() => duck.close());

  test('reads what lies among its objects', async () => {
    expect(await duck.rows(`FROM read_csv('${store}/inside.csv')`)).toEqual([{ a: '1' }]);
  });

  test.each([
    ['a file elsewhere', () => `FROM read_csv('${outside}')`],
    ['a file elsewhere by dots', () => `FROM read_csv('${store}/../outside.csv')`],
    ['a file elsewhere by a link', () => `FROM read_csv('${store}/link.csv')`],
    ['a file elsewhere as text', () => `FROM read_text('${outside}')`],
    ['a file elsewhere as a blob', () => `FROM read_blob('/etc/hostname')`],
    ['a list of files', () => `FROM glob('${folder}/*')`],
    ['writing elsewhere', () => `COPY (SELECT 1) TO '${folder}/made.csv'`],
    ['a database elsewhere', () => `ATTACH '${folder}/made.db'`],
    ['exporting elsewhere', () => `EXPORT DATABASE '${folder}/made'`],
    ['an address', () => `FROM read_csv('http://127.0.0.1:${port}/a.csv')`],
    ['an address of a store', () => `FROM read_parquet('s3://bucket/a.parquet')`],
    ['an extension from the network', () => 'INSTALL httpfs'],
    ['an extension from a file', () => `LOAD '${outside}'`],
    ['an extension of others', () => 'INSTALL shellfs FROM community'],
    ['a secret', () => `CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')`],
    ['opening it again', () => 'SET enable_external_access = true'],
    ['further folders', () => `SET allowed_directories = ['/']`],
    ['unlocking', () => 'SET lock_configuration = false'],
  ])('refuses %s', async (_, sql) => {
    await expect(duck.run(sql())).rejects.toThrow();
    for (const made of ['made.csv', 'made.db', 'made']) expect(existsSync(path.join(folder, made))).toBe(false);
    expect(readFileSync(outside, 'utf8')).toBe('a\n1\n');
  });
});
