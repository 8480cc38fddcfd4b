import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { literal } from '@bregma/readers/sql-text';
import { DuckDBInstance } from '@duckdb/node-api';
import { File, ready } from 'h5wasm/node';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { addressOf } from '../../mcp-servers/atlas/src/remote/address.ts';
import { isPrivateAddress } from '../../mcp-servers/atlas/src/remote/private-address.ts';
import { openRemote } from '../../mcp-servers/atlas/src/remote/remote-input.ts';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';

const space = temporaryWorkspace();
const settings = temporaryWorkspace();
const table = Buffer.from(`neuron,rate\n${Array.from({ length: 5000 }, (_, i) => `n${i},${i / 7}`).join('\n')}\n`);
let large: Buffer;
/** 16 columns of 100,000 random doubles in 2 row groups, and a short one. */
let wide: Buffer;
let asked: string[] = [];
let bytesSent = 0;
let fails = 0;
let origin = '';
let other = '';
let atlas: Connection;

/** What a server does with a request for a file; the first part of the path says which. */
const manners: Record<string, (request: IncomingMessage, response: ServerResponse, file: Buffer) => void> = {
  good: answer,
  slow: (request, response, file) => void setTimeout(() => answer(request, response, file), 30),
  failing: (request, response, file) => (fails++ < 2 ? response.writeHead(503).end() : answer(request, response, file)),
  resetting: (request, response, file) => (fails++ < 2 ? request.socket.destroy() : answer(request, response, file)),
  // Half of what was asked for, then the connection ends.
  truncating: (request, response, file) => answer(request, response, file, { cut: fails++ < 3 }),
  'without-ranges': (_request, response, file) =>
    void response.writeHead(200, { 'content-length': file.length, etag: '"a"' }).end(file),
  'of-two-lengths': (request, response, file) =>
    answer(request, response, file, { total: file.length + (fails++ > 0 ? 100 : 0) }),
  changing: (request, response, file) => answer(request, response, file, { etag: `"${fails++ > 0 ? 'b' : 'a'}"` }),
  unmarked: (request, response, file) => answer(request, response, file, { etag: undefined }),
  closed: (_request, response) => void response.writeHead(403).end(),
  leading: (request, response) =>
    void response.writeHead(302, { location: `/good/${request.url?.split('/').at(-1)}` }).end(),
  'leading-inside': (_request, response) =>
    void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
  'leading-elsewhere': (_request, response) =>
    void response.writeHead(302, { location: `${other}/good/table.csv` }).end(),
};

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  file: Buffer,
  { cut = false, total = file.length, etag = '"a"' }: { cut?: boolean; total?: number; etag?: string | undefined } = {},
): void {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const first = Number(from ?? 0);
  const last = Math.min(file.length - 1, to ? Number(to) : file.length - 1);
  const part = file.subarray(first, last + 1);
  const mark: Record<string, string> = etag ? { etag } : {};
  const sent = cut ? part.subarray(0, Math.floor(part.length / 2)) : part;
  bytesSent += sent.length;
  if (from === undefined) response.writeHead(200, { 'content-length': part.length, ...mark });
  else
    response.writeHead(206, {
      'content-length': part.length,
      'content-range': `bytes ${first}-${last}/${total}`,
      ...mark,
    });
  if (cut) response.write(sent, () => request.socket.destroy());
  else response.end(sent);
}

const server = createServer((request, response) => {
  asked.push(`${request.url} ${request.headers.range ?? ''}`);
  const [, manner, file] = (request.url ?? '').replace(/\?.*/, '').split('/');
  const bodies: Record<string, Buffer> = {
    'table.csv': table,
    'large.nwb': large,
    'large.h5': large,
    'wide.parquet': wide,
  };
  const body = bodies[file];
  if (!body || !manners[manner]) return void response.writeHead(404).end();
  manners[manner](request, response, body);
});

beforeAll(async () => {
  await ready;
  const file = path.join(settings.folder, 'large.h5');
  const made = new File(file, 'w');
  const raw = Float64Array.from({ length: 2.25e6 }, (_, i) => i);
  made.create_dataset({ name: 'raw', data: raw, shape: [1500, 1500] });
  made.create_dataset({ name: 'small', data: Float64Array.from([1, 2, 3, 4]), shape: [2, 2] });
  made.create_group('trials').create_dataset({ name: 'onset', data: Float64Array.from([0.5, 1.5, 2.5]), shape: [3] });
  made.close();
  large = readFileSync(file);
  wide = await wideParquet();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  other = `http://localhost:${port}`;
  atlas = await connect('atlas', space.folder, { env: { BREGMA_ALLOW_HOSTS: origin, BREGMA_CONFIG: settings.folder } });
});
beforeEach(() => {
  asked = [];
  bytesSent = fails = 0;
});
afterAll(async () => {
  await atlas.close();
  server.closeAllConnections();
  server.close();
  space.remove();
  settings.remove();
});

async function wideParquet(): Promise<Buffer> {
  const file = path.join(settings.folder, 'wide.parquet');
  const connection = await (await DuckDBInstance.create()).connect();
  const columns = Array.from({ length: 16 }, (_, i) => `random() + ${i} AS c${i}`);
  await connection.run(
    `COPY (SELECT ${columns.join(', ')}, range % 7 AS seven FROM range(100000)) TO ${literal(file)} (FORMAT parquet, ROW_GROUP_SIZE 61440)`,
  );
  connection.closeSync();
  return readFileSync(file);
}

let added = 0;
const add = (address: string, options = {}) => atlas.call('add_data', { source: address, id: `d${added++}`, options });

describe('a table in the network', () => {
  test.each(['good', 'slow', 'failing', 'resetting', 'truncating', 'without-ranges', 'unmarked', 'leading'])(
    'of a server that is %s is read whole',
    async (manner) => {
      const { value } = await add(`${origin}/${manner}/table.csv`);
      expect(value.tables[0].rows).toBe(5000);
      expect(value.remote).toEqual({ bytes: table.length, read: table.length });
    },
  );

  test('is not fetched again while it is the same', async () => {
    await add(`${origin}/good/table.csv?again`);
    const first = bytesSent;
    await add(`${origin}/good/table.csv?again`);
    // The begin alone is looked at.
    expect(bytesSent - first).toBeLessThan(2 ** 16 + 1);
  });

  test.each<[string, string, RegExp]>([
    ['closed', 'missing', /answered 403/],
    ['changing', 'conflict', /changed on its server/],
    ['leading-inside', 'not-allowed', /169\.254\.169\.254 is no host that may be read from/],
    ['leading-elsewhere', 'not-allowed', /localhost:\d+ is no host that may be read from/],
  ])('of a server that is %s is refused', async (manner, code, message) => {
    const error = await atlas.fail('add_data', { source: `${origin}/${manner}/table.csv`, id: 'refused' });
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error.next).toBeTruthy();
  });

  test('cannot be withheld from: anybody may have seen it', async () => {
    const withhold = { by: 'row', share: 0.2, seed: 0 };
    const error = await atlas.fail('add_data', { source: `${origin}/good/table.csv`, id: 'w', withhold });
    expect(error.message).toContain('is public');
  });
});

describe('HDF5 in the network', () => {
  test.each(['good', 'failing', 'truncating', 'unmarked'])(
    'of a server that is %s is read in the parts that are needed',
    async (manner) => {
      const { value } = await add(`${origin}/${manner}/large.h5?${manner}`);
      expect(value.arrays.map(({ name, shape }: { name: string; shape: number[] }) => [name, shape])).toEqual([
        ['small', [2, 2]],
      ]);
      expect(value.tables[0]).toMatchObject({ name: 'trials_onset', rows: 3 });
      expect(value.warnings.join()).toContain(
        '/raw has 18000000 bytes, which were not read over the network. Option: take: ["/raw"].',
      );
      expect(value.remote.bytes).toBe(large.length);
      expect(value.remote.read).toBeLessThan(1e6);
      expect(bytesSent).toBeLessThan(2e6);
    },
  );

  test('gives the same answer when its parts lie here already, and fetches none again', async () => {
    const first = (await add(`${origin}/good/large.h5?twice`)).value;
    asked = [];
    const second = (await add(`${origin}/good/large.h5?twice`)).value;
    expect(asked).toHaveLength(1);
    expect(second.remote).toEqual(first.remote);
  });

  test('gives an array that is named', async () => {
    const { value } = await add(`${origin}/good/large.h5`, { take: ['/raw'] });
    expect(value.arrays.map(({ name }: { name: string }) => name)).toContain('raw');
    expect(value.remote.read).toBeGreaterThan(1.8e7);
  });

  test.each<[string, string, RegExp]>([
    ['of-two-lengths', 'corrupt', /not sure of its length/],
    ['changing', 'conflict', /changed on its server/],
  ])('of a server that is %s is refused', async (manner, code, message) => {
    const error = await atlas.fail('add_data', { source: `${origin}/${manner}/large.h5?${manner}`, id: 'refused' });
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('of a server without parts is downloaded whole', async () => {
    const { value } = await add(`${origin}/without-ranges/large.h5`);
    expect(value.remote).toEqual({ bytes: large.length, read: large.length });
  });
});

describe('Parquet in the network', () => {
  const take = ['seven', 'c3'];
  test.each(['good', 'slow', 'failing', 'resetting', 'truncating', 'unmarked'])(
    'of a server that is %s is read by its footer and the columns that are named',
    async (manner) => {
      const { value } = await add(`${origin}/${manner}/wide.parquet?${manner}`, { take });
      expect(value.tables[0]).toMatchObject({ rows: 100_000, columns: ['seven BIGINT', 'c3 DOUBLE'] });
      expect(value.remote.bytes).toBe(wide.length);
      // A column of doubles has 0.8 MB of 13; blocks have 64 kB.
      expect(value.remote.read).toBeLessThan(1.6e6);
      expect(bytesSent).toBeLessThan(3e6);
      const sql = `SELECT count(*), sum(seven), min(c3) >= 3 AND max(c3) < 4 FROM ${value.dataset.split('@')[0]}.wide`;
      expect((await atlas.call('query_data', { sql })).value.rows).toEqual([[100_000, 299_995, true]]);
    },
  );

  test('of which no columns are named is downloaded whole', async () => {
    const { value } = await add(`${origin}/good/wide.parquet?whole`);
    expect([value.tables[0].columns.length, value.remote.read]).toEqual([17, wide.length]);
  });

  test.each<[string, string, object, RegExp]>([
    ['a column that is not there', 'good', { take: ['c33'] }, /no column 'c33'|column 'c33'/],
    ['no column', 'good', { take: [] }, /options\.take is \[\]/],
    ['a server that changes the file', 'changing', { take }, /changed on its server/],
    ['a server that is not sure of its length', 'of-two-lengths', { take }, /not sure of its length/],
  ])('with %s is refused', async (what, manner, options, message) => {
    const source = `${origin}/${manner}/wide.parquet?${encodeURIComponent(what)}`;
    expect((await atlas.fail('add_data', { source, id: 'refused', options })).message).toMatch(message);
  });
});

describe('what lies in the place of downloads in a folder of somebody else', () => {
  test.each([
    ['table.csv', 'good'],
    ['large.h5', 'good'],
  ])('is not written through, where %s would lie', async (name, manner) => {
    const [hostile, outside] = [temporaryWorkspace(), temporaryWorkspace()];
    mkdirSync(path.join(hostile.folder, '.bregma/downloads'), { recursive: true });
    symlinkSync(outside.folder, path.join(hostile.folder, '.bregma/downloads/remote'));
    const other = await connect('atlas', hostile.folder, {
      env: { BREGMA_ALLOW_HOSTS: origin, BREGMA_CONFIG: settings.folder },
    });
    const { code, message } = await other.fail('add_data', { source: `${origin}/${manner}/${name}` });
    await other.close();
    expect({ code, message }).toEqual({ code: 'not-allowed', message: expect.stringContaining('is a link') });
    expect(readdirSync(outside.folder)).toEqual([]);
    for (const one of [hostile, outside]) one.remove();
  });
});

test('a copy that changes after it came is refused, also where it keeps its length', async () => {
  vi.stubEnv('BREGMA_ALLOW_HOSTS', origin);
  const own = temporaryWorkspace();
  const { signal } = new AbortController();
  const places = { folder: path.join(own.folder, 'remote'), statesPath: path.join(own.folder, 'states') };
  const open = () => openRemote(`${origin}/good/table.csv?kept`, { ...places, signal, progress() {} });
  const still = await open();
  expect(await still.finish()).toMatchObject({ counted: { bytes: table.length, read: table.length } });
  for (const change of [
    (bytes: Buffer) => bytes.fill('x', 100, 105),
    (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('n,1\n')]),
  ]) {
    const input = await open();
    writeFileSync(input.path, change(readFileSync(input.path)));
    await expect(input.finish()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('changed while it was read: nothing was added'),
    });
    rmSync(input.path);
    input.close();
  }
  still.close();
  own.remove();
  vi.unstubAllEnvs();
});

test('callers at the same time share one download', async () => {
  await Promise.all([1, 2].map(() => add(`${origin}/slow/table.csv?shared`)));
  // Each looks at the begin; one fetches the rest.
  expect(asked.filter((one) => one.endsWith('table.csv?shared '))).toHaveLength(1);
});

describe('a host', () => {
  test('that nobody allowed is refused with the command that allows it', async () => {
    const error = await atlas.fail('add_data', { source: 'https://data.example.org/x.csv', id: 'x' });
    expect(error).toMatchObject({
      code: 'not-allowed',
      message: 'https://data.example.org is no host that may be read from.',
      next: 'A person can allow it: bregma allow https://data.example.org (or BREGMA_ALLOW_HOSTS).',
    });
  });

  test.each([
    ['http://user:secret@127.0.0.1/x.csv', 'name and password'],
    ['s3://', 'dandi://000006'],
    ['dandi://6/draft/x.nwb', 'dandi://000006'],
  ])('in %s is no address', async (source, next) => {
    expect(await atlas.fail('add_data', { source, id: 'x' })).toMatchObject({
      code: 'bad-input',
      next: expect.stringContaining(next),
    });
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '100.64.0.1',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '0.0.0.0',
    '64:ff9b::a00:1',
  ])('%s is of a network of one’s own', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each(['8.8.8.8', '52.216.1.1', '2606:4700::1111'])('%s is public', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe('addresses of stores', () => {
  test('of S3 are those of their endpoint', () => {
    expect(addressOf('s3://dandiarchive/blobs/a b/c#1.nwb')).toEqual({
      url: new URL('https://dandiarchive.s3.amazonaws.com/blobs/a%20b/c%231.nwb'),
    });
    expect(addressOf('s3://data.of.lab/x.csv')).toEqual({ url: new URL('https://s3.amazonaws.com/data.of.lab/x.csv') });
  });

  test('of DANDI are looked up by their path in a version', () => {
    const address = addressOf('dandi://000006/0.220126.1855/sub-1/sub-1_ses-2.nwb');
    expect('lookUp' in address && address.lookUp.href).toBe(
      'https://api.dandiarchive.org/api/dandisets/000006/versions/0.220126.1855/assets/?path=sub-1%2Fsub-1_ses-2.nwb&metadata=true',
    );
  });
});
