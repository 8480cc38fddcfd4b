import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readable, readingPolicy } from '@bregma/core/reading-policy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, serverCommand } from '../../fixtures/client.ts';

const base = mkdtempSync(path.join(tmpdir(), 'bregma-reading-'));
const [workspace, outside, allowed, config] = ['work', 'outside', 'allowed', 'config'].map((name) =>
  path.join(base, name),
);
const csv = 'a,b\n1,2\n';
let atlas: Connection;
const sockets = ['socket.csv', 'socket.npy', 'socket.h5', 'of-sockets/socket.npy'];
const listeners = sockets.map(() => createServer((client) => client.end('a,b\n1,2\n')));
beforeAll(async () => {
  for (const folder of [workspace, outside, allowed]) {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'data.csv'), csv);
  }
  mkdirSync(path.join(base, 'work-beside'));
  writeFileSync(path.join(base, 'work-beside/data.csv'), csv);
  symlinkSync(path.join(outside, 'data.csv'), path.join(workspace, 'link.csv'));
  symlinkSync(path.join(allowed, 'data.csv'), path.join(workspace, 'good-link.csv'));
  symlinkSync(outside, path.join(workspace, 'linked'));
  symlinkSync('round.csv', path.join(workspace, 'round.csv'));
  for (const name of ['pipe.csv', 'pipe.npy', 'pipe.xlsx', 'pipe.parquet'])
    execFileSync('mkfifo', [path.join(workspace, name)]);
  mkdirSync(path.join(workspace, 'of-sockets'));
  for (const [i, name] of sockets.entries())
    await new Promise<void>((listening) => listeners[i].listen(path.join(workspace, name), listening));
  symlinkSync('socket.npy', path.join(workspace, 'to-socket.npy'));
  atlas = await connect('atlas', workspace, { env: { BREGMA_ALLOW: allowed, BREGMA_CONFIG: config } });
});
afterAll(async () => {
  for (const listener of listeners) listener.close();
  await atlas.close();
  rmSync(base, { recursive: true, force: true });
});

describe('a server reads', () => {
  test.each([['data.csv'], [path.join(allowed, 'data.csv')], ['good-link.csv']])('%s', async (source) => {
    expect((await atlas.call('add_data', { source })).value.tables[0].rows).toBe(1);
  });
});

describe('a server reads the data that come with it', () => {
  test('where nothing is allowed besides the workspace', async () => {
    const bare = await connect('atlas', workspace, {
      env: { BREGMA_ALLOW: '', BREGMA_MIRROR: '', BREGMA_CONFIG: config },
    });
    expect((await bare.call('add_data', { source: 'macaque-v4-210325' })).value.tables).toBeDefined();
    await bare.close();
  });
});

describe('a server refuses to read', () => {
  test.each([
    ['another folder', path.join(outside, 'data.csv')],
    ['a folder whose name begins like the workspace', path.join(base, 'work-beside/data.csv')],
    ['a way out', '../outside/data.csv'],
    ['a link out', 'link.csv'],
    ['a file below a link out', 'linked/data.csv'],
    ['the passwords', '/etc/passwd'],
  ])('%s, and names the command that allows it', async (_, source) => {
    const { code, next } = await atlas.fail('add_data', { source, format: 'csv' });
    expect(code).toBe('not-allowed');
    expect(next).toMatch(/bregma allow /);
  });

  test.each([
    ['its own records', '.bregma/ledger.sqlite', 'csv'],
    ['a process', '/proc/self/environ', 'csv'],
    ['its own input', '/dev/stdin', 'csv'],
    ['a device without end', '/dev/zero', 'npy'],
    ['a pipe as CSV', 'pipe.csv', undefined],
    ['a pipe as NPY', 'pipe.npy', undefined],
    ['a pipe as a workbook', 'pipe.xlsx', undefined],
    ['a pipe as Parquet', 'pipe.parquet', undefined],
    ['a socket as CSV', 'socket.csv', undefined],
    ['a socket as NPY', 'socket.npy', undefined],
    ['a socket as HDF5', 'socket.h5', undefined],
    ['a link to a socket', 'to-socket.npy', undefined],
    ['a folder with a socket', 'of-sockets', 'npz'],
  ])('%s, and answers the next call', async (_, source, format) => {
    expect((await atlas.fail('add_data', { source, format })).code).toBe('not-allowed');
    expect((await atlas.call('find_data', {})).value).toBeDefined();
  });

  test('an option that names such a file', async () => {
    const options = { edges: path.join(outside, 'data.csv') };
    expect((await atlas.fail('add_data', { source: 'e', format: 'connectome', options })).code).toBe('not-allowed');
  });
});

test('what a person allows with bregma allow is read from then on', () => {
  const environment = { BREGMA_CONFIG: path.join(base, 'other-config') };
  const file = path.join(outside, 'data.csv');
  expect(() => readable(file, readingPolicy(workspace, environment))).toThrow(/outside the folders/);
  execFileSync(process.execPath, ['cli/src/main.ts', 'allow', outside], {
    env: { ...process.env, ...environment },
  });
  expect(readable(file, readingPolicy(workspace, environment)).file).toBe(file);
});

test.each(['main', 'temp', 'system', 'information_schema', 'pg_catalog'])(
  'an own id that stands for something else where data are named is refused, and what has such a file name can be read: %s',
  async (id) => {
    const refused = await atlas.fail('add_data', { source: 'data.csv', id });
    expect(refused).toMatchObject({ code: 'bad-input', next: expect.stringContaining(`${id}-data`) });
    writeFileSync(path.join(workspace, `${id}.csv`), csv);
    const { value } = await atlas.call('add_data', { source: `${id}.csv` });
    const { rows } = (
      await atlas.call('query_data', { sql: `SELECT count(*) FROM "${value.dataset}"."${value.tables[0].name}"` })
    ).value;
    expect(rows).toEqual([[1]]);
  },
);

test('an own id of the form of a record is refused', async () => {
  const refused = await atlas.fail('add_data', { source: 'data.csv', id: 'act-0011223344556677' });
  expect(refused.code).toBe('bad-input');
});

test.each(['celegans-cook2019', 'celegans_cook2019', 'celegans.cook2019'])(
  'an own id that looks like a registered one, in SQL too, is refused: %s',
  async (id) => {
    const refused = await atlas.fail('add_data', { source: 'data.csv', id });
    expect([id, refused.code]).toEqual([id, 'conflict']);
  },
);

test.each([
  ['too long', 'x'.repeat(5000), 'bad-input'],
  ['a link that leads round', 'round.csv', 'bad-input'],
])('a name that is %s is told as what it is', async (_, source, code) => {
  expect((await atlas.fail('add_data', { source, format: 'csv' })).code).toBe(code);
});

test('the policy is stated in the README, and by every --help that is about reading', () => {
  const program = path.join(root, process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts');
  const help = (...args: string[]) =>
    execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args]).toString();
  const [, server] = serverCommand('atlas');
  for (const text of [
    readFileSync(path.join(root, 'README.md'), 'utf8'),
    help(program, 'serve', '--help'),
    help(program, 'allow', '--help'),
    help(server, '--help'),
  ])
    for (const word of ['bregma allow', 'BREGMA_ALLOW', '.bregma', 'pipes', '/proc']) expect(text).toContain(word);
});

test('kind, licence and title are part of what a release is', async () => {
  const releases = new Set<string>();
  for (const options of [{}, { kind: 'simulated' }, { licence: 'CC0-1.0' }, { title: 'Another' }])
    releases.add((await atlas.call('add_data', { source: 'data.csv', id: 'relabel', options })).value.dataset);
  expect(releases.size).toBe(4);
});
