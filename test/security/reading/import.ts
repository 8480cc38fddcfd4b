import { spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import { sha256 } from '@bregma/core/canonical';
import { writeNpy } from '@bregma/core/npy';
import { ObjectStore } from '@bregma/core/objects/objects';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Inputs } from '../../../mcp-servers/atlas/src/import/inputs.ts';
import { importLimits } from '../../../mcp-servers/atlas/src/import/limits.ts';
import { takeIn } from '../../../mcp-servers/atlas/src/import/take.ts';
import { readUnchanged } from '../../../mcp-servers/atlas/src/sources/read-unchanged.ts';
import { type Connection, connect, serverCommand } from '../../fixtures/client.ts';
import { image } from '../../fixtures/image.ts';
import { childrenOf, peakOf, pidOf } from '../../fixtures/processes.ts';
import { workbook } from '../../fixtures/workbook.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-import-'));
const at = (name: string) => path.join(folder, name);
let atlas: Connection;
beforeAll(async () => {
  writeFileSync(at('good.csv'), 'a,b\n1,2\n');
  atlas = await connect('atlas', folder);
});
afterAll(async () => {
  await atlas.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A gzip of gigabytes: members of 32 MB each, one behind the other, as gzip allows. */
function bomb(text: string, members = 40): Buffer {
  const member = gzipSync(Buffer.alloc(1 << 25, text), { level: 9 });
  return Buffer.concat(Array.from({ length: members }, () => member));
}

/** A workbook of a kilobyte whose one cell is the last that Excel has. */
function farCell(): Uint8Array {
  const inside = unzipSync(workbook({ far: [[1]] }));
  const sheet = 'xl/worksheets/sheet1.xml';
  inside[sheet] = strToU8(
    strFromU8(inside[sheet]).replace('<row r="1">', '<row r="1048576">').replace('r="A1"', 'r="XFD1048576"'),
  );
  return zipSync(inside);
}

/** A PNG of 8 × 8 whose header claims a height of 120,000 and a width of 4,096. */
function lyingPng(): Uint8Array {
  const png = Buffer.from(image('png', 9));
  png.writeUInt32BE(4096, 16);
  png.writeUInt32BE(120_000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

const running = () => childrenOf(pidOf(atlas));

describe('what unpacks to more than memory holds is stopped below a gigabyte, and the next import works', () => {
  test.each([
    ['one long line', 'line.csv.gz', () => bomb('x'), 'csv'],
    ['rows without end', 'rows.csv.gz', () => bomb('1,2,3,4,5,6,7,8\n'), 'csv'],
    ['a cell at the end of a sheet', 'far.xlsx', farCell, 'xlsx'],
    ['a PNG whose height lies', 'lie.zip', () => zipSync({ 'a.png': lyingPng() }), 'stimulus-response'],
  ] satisfies [string, string, () => Uint8Array, string][])('%s', async (_, name, make, format) => {
    writeFileSync(at(name), make());
    writeFileSync(at('one.npy'), writeNpy({ data: new Float64Array(2), shape: [2, 1] }));
    const options = format === 'stimulus-response' ? { stimuli: name, responses: 'one.npy' } : {};
    const call = atlas.client.callTool(
      { name: 'add_data', arguments: { source: name, format, options } },
      { timeout: 290_000 },
    );
    const peak = await peakOf(pidOf(atlas), call);
    const { isError, content } = await call;
    if (name !== 'far.xlsx') expect(isError, JSON.stringify(content)).toBe(true);
    expect(peak).toBeLessThan(1e9);
    expect((await atlas.call('add_data', { source: 'good.csv' })).value.tables[0].rows).toBe(1);
  });
});

describe('an import ends', () => {
  const long = { source: 'long.csv.gz', format: 'csv' };
  beforeAll(() => writeFileSync(at('long.csv.gz'), bomb('1,2,3,4,5,6,7,8\n', 600)));

  test('when its call is cancelled, and nothing of it stays', async () => {
    const stop = new AbortController();
    const call = atlas.client.callTool({ name: 'add_data', arguments: long }, { signal: stop.signal });
    const imports = () => readdirSync(at('.bregma/objects/tmp'));
    await expect.poll(imports, { timeout: 60_000 }).toHaveLength(1);
    const [child] = running();
    stop.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(running, { timeout: 60_000 }).not.toContain(child);
    await expect.poll(imports, { timeout: 60_000 }).toEqual([]);
  });

  test.each([
    ['its server is told to end', (server: ReturnType<typeof spawn>) => server.kill('SIGTERM')],
    ['the input of its server is closed', (server: ReturnType<typeof spawn>) => server.stdin?.end()],
    ['its server is killed', (server: ReturnType<typeof spawn>) => server.kill('SIGKILL')],
  ])(
    'when %s',
    async (_, stop) => {
      const [command, ...args] = serverCommand('atlas');
      const server = spawn(command, [...args, '--workspace', folder], { stdio: ['pipe', 'ignore', 'inherit'] });
      const send = (message: object) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
      const clientInfo = { name: 'raw', version: '1' };
      send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo } });
      send({ method: 'notifications/initialized' });
      send({ id: 2, method: 'tools/call', params: { name: 'add_data', arguments: long } });
      const children = () => childrenOf(server.pid ?? 0);
      await expect.poll(children, { timeout: 60_000 }).toHaveLength(1);
      const [child] = children();
      const ended = new Promise((resolve) => server.once('exit', resolve));
      stop(server);
      await ended;
      await expect.poll(() => existsSync(`/proc/${child}/cmdline`), { timeout: 60_000 }).toBe(false);
    },
    40_000,
  );
});

/** Until the clock of the file system has moved on: its ticks are coarse. */
function changeAndBack(file: string, other: string, back: string): void {
  const { ctimeMs } = statSync(file);
  do for (const text of [other, back]) writeFileSync(file, text);
  while (statSync(file).ctimeMs === ctimeMs);
}

describe('inputs', () => {
  const policy = { workspace: folder, allowed: [] };

  test('are opened once: what is read and digested is what the file held then', () => {
    writeFileSync(at('changing.csv'), 'a\n1\n');
    const inputs = new Inputs(policy, mkdtempSync(path.join(folder, 'copies-')));
    const copy = inputs.resolve('changing.csv');
    writeFileSync(at('changing.csv'), 'a\n2\n');
    expect(readFileSync(copy, 'utf8')).toBe('a\n1\n');
    expect(inputs.digests([copy])).toEqual([{ name: at('changing.csv'), bytes: 4, sha256: sha256('a\n1\n') }]);
    expect(inputs.resolve('changing.csv')).toBe(copy);
    expect(inputs.withOriginals(`line 2 of ${copy} is short`)).toBe(`line 2 of ${at('changing.csv')} is short`);
  });

  test('in a folder are too, and a link in it is what it leads to', () => {
    mkdirSync(at('images/inner'), { recursive: true });
    writeFileSync(at('images/a.png'), 'one');
    writeFileSync(at('images/inner/b.png'), 'two');
    symlinkSync(at('good.csv'), at('images/c.csv'));
    symlinkSync(at('images'), at('images/inner/back'));
    const inputs = new Inputs(policy, mkdtempSync(path.join(folder, 'copies-')));
    const images = inputs.resolve('images');
    writeFileSync(at('images/a.png'), 'another');
    rmSync(at('images/inner'), { recursive: true });
    expect(readFileSync(path.join(images, 'a.png'), 'utf8')).toBe('one');
    expect(lstatSync(path.join(images, 'c.csv')).isFile()).toBe(true);
    expect(inputs.digests([images]).map(({ name, sha256 }) => [path.relative(folder, name), sha256])).toEqual([
      ['images/a.png', sha256('one')],
      ['images/c.csv', sha256('a,b\n1,2\n')],
      ['images/inner/b.png', sha256('two')],
    ]);
    expect(inputs.resolve('images/inner/b.png')).toBe(path.join(images, 'inner/b.png'));
  });

  test('in a folder are refused when a link in it leads to a place that may not be read', () => {
    mkdirSync(at('linked/deep'), { recursive: true });
    symlinkSync(tmpdir(), at('linked/deep/away'));
    const inputs = new Inputs(policy, mkdtempSync(path.join(folder, 'copies-')));
    expect(() => inputs.resolve('linked')).toThrow(/outside the folders that may be read/);
  });

  test('are never the records or a person’s settings, however the folder around them is named', () => {
    const home = mkdtempSync(path.join(folder, 'home-'));
    const settings = path.join(home, 'inner/settings');
    mkdirSync(settings, { recursive: true });
    const before = process.env.BREGMA_CONFIG;
    process.env.BREGMA_CONFIG = settings;
    try {
      const inputs = new Inputs({ workspace: home, allowed: [] }, mkdtempSync(path.join(folder, 'copies-')));
      expect(() => inputs.resolve('.')).toThrow(/settings and keys/);
      mkdirSync(path.join(home, 'other/.bregma'), { recursive: true });
      expect(readdirSync(inputs.resolve('other'))).toEqual([]);
      mkdirSync(path.join(home, '.bregma'));
      mkdirSync(path.join(home, 'third'));
      symlinkSync(path.join(home, '.bregma'), path.join(home, 'third/records'));
      expect(() => inputs.resolve('third')).toThrow(/belongs to the records/);
    } finally {
      process.env.BREGMA_CONFIG = before;
    }
  });

  test('of a folder of very many files are copies too', () => {
    mkdirSync(at('many'));
    for (let i = 0; i < 5001; i++) writeFileSync(at(`many/${i}`), '');
    const inputs = new Inputs(policy, mkdtempSync(path.join(folder, 'copies-')));
    const copy = inputs.resolve('many');
    writeFileSync(at('many/7'), 'later');
    expect(readFileSync(path.join(copy, '7'), 'utf8')).toBe('');
    expect(inputs.notes).toEqual([]);
    const digests = inputs.digests([copy]);
    expect(digests).toHaveLength(5001);
    expect(new Set(digests.map((one) => one.sha256))).toEqual(new Set([sha256('')]));
  });

  test.each([
    ['bytes', { bytes: 500e6, files: 1e6 }, /300.*MB|0\.3 GB/],
    ['files', { bytes: 1e12, files: 2 }, /2 files and folders, of which 2 can be made/],
  ])(
    'are read where they lie when the disk has no room for so many %s, which is said, and refused when they changed',
    (_, room, why) => {
      rmSync(at('large'), { recursive: true, force: true });
      mkdirSync(at('large'));
      writeFileSync(at('large/raw.bin'), '');
      truncateSync(at('large/raw.bin'), 300e6);
      const inputs = () => new Inputs(policy, mkdtempSync(path.join(folder, 'copies-')), { room: () => room });
      const still = inputs();
      expect(still.resolve('large')).toBe(at('large'));
      expect(still.notes).toEqual([expect.stringMatching(/read where it lies.*the same before and after/)]);
      expect(still.notes[0]).toMatch(why);
      expect(still.digests([at('large')])).toEqual([
        { name: at('large/raw.bin'), bytes: 300e6, sha256: sha256(Buffer.alloc(300e6)) },
      ]);
      const grown = inputs();
      grown.resolve('large');
      writeFileSync(at('large/new.bin'), 'more');
      expect(() => grown.digests([at('large')])).toThrow(/changed while it was read/);
    },
  );

  test('that are read where they lie are refused when their bytes changed on a file system whose times do not tell', () => {
    writeFileSync(at('quiet.bin'), 'aaaa');
    const inputs = new Inputs(policy, mkdtempSync(path.join(folder, 'copies-')), {
      room: () => ({ bytes: 0, files: 0 }),
      entry: ({ size }) => String(size),
    });
    inputs.resolve('quiet.bin');
    expect(inputs.digests([at('quiet.bin')])).toEqual([{ name: at('quiet.bin'), bytes: 4, sha256: sha256('aaaa') }]);
    writeFileSync(at('quiet.bin'), 'bbbb');
    expect(() => inputs.digests([at('quiet.bin')])).toThrow(/changed while it was read/);
  });

  test('of a registered release are refused when their bytes changed, or changed back, between digest and reading', async () => {
    const { signal } = new AbortController();
    const place = at('pinned.bin');
    const read = async (meanwhile: () => void) => {
      writeFileSync(place, 'first');
      const files = [{ place, sha256: sha256('first') }];
      return readUnchanged('some-data', files, signal, async () => {
        meanwhile();
        return readFileSync(place, 'utf8');
      });
    };
    expect(await read(() => {})).toBe('first');
    const old = new Date(1e12);
    const ways = [
      () => writeFileSync(place, 'other'),
      () => renameSync(at('good.csv.copy'), place),
      () => {
        changeAndBack(place, 'other', 'first');
        utimesSync(place, old, old);
      },
    ];
    writeFileSync(at('good.csv.copy'), 'first');
    for (const way of ways) await expect(read(way)).rejects.toThrow(/some-data changed while they were read/);
  });

  test('that changed and changed back while they were read where they lie are refused too', () => {
    writeFileSync(at('back.bin'), 'aaaa');
    const inputs = new Inputs(policy, mkdtempSync(path.join(folder, 'copies-')), {
      room: () => ({ bytes: 0, files: 0 }),
    });
    inputs.resolve('back.bin');
    const { atime, mtime } = statSync(at('back.bin'));
    changeAndBack(at('back.bin'), 'bbbb', 'aaaa');
    utimesSync(at('back.bin'), atime, mtime);
    expect(() => inputs.digests([at('back.bin')])).toThrow(/changed while it was read/);
  });

  test('beside a file are found where it lies, and one that reaches further is refused', async () => {
    const inputs = new Inputs(policy, mkdtempSync(path.join(folder, 'copies-')));
    const copy = inputs.resolve('good.csv');
    writeFileSync(at('beside.bin'), 'b');
    expect(readFileSync(inputs.resolve(path.join(path.dirname(copy), 'beside.bin')), 'utf8')).toBe('b');
    expect(inputs.resolve(path.join(path.dirname(copy), 'none.bin'))).toBe(at('none.bin'));
    const made = `${at('run.meta')} ${at('run.bin')}`.split(' ');
    writeFileSync(
      made[0],
      'nSavedChans=2\nimSampRate=30000\nfileSizeBytes=8\n~snsChanMap=(2,0,2,1)(AP0;0:0)(AP1;1:1)\n',
    );
    writeFileSync(made[1], Int16Array.of(1, 2, 3, 4));
    const { value } = await atlas.call('add_data', { source: 'run.meta' });
    expect(value.arrays).toEqual([expect.objectContaining({ name: 'samples', shape: [2, 2] })]);
  });

  test('that are large or many allow much, small ones little', () => {
    const small = importLimits({ bytes: 1000, files: 1 });
    expect(small.bytes).toBeLessThan(1e9);
    expect(small.ms).toBeLessThan(20_000);
    expect(importLimits({ bytes: 100e6, files: 1 }).bytes).toBeGreaterThan(1e9);
    expect(importLimits({ bytes: 1e6, files: 20_000 }).ms).toBeGreaterThan(60_000);
  });
});

describe('what an import made is put in place only when it is what it says', () => {
  const array = (data: number[]) => writeNpy({ data: Float64Array.from(data), shape: [data.length] });
  function made(bytes: Uint8Array, claimed: Partial<{ object: string; shape: number[]; dtype: string }>) {
    const folderOf = mkdtempSync(path.join(folder, 'made-'));
    const { object } = new ObjectStore(path.join(folderOf, 'out/objects')).put(bytes, '');
    const said = { name: 'x', object, dtype: 'f8', shape: [2], axes: ['i'], ...claimed };
    mkdirSync(path.join(folderOf, 'in'));
    const objects = new ObjectStore(path.join(folderOf, 'in/objects'));
    const reply = { shape: 'tables', tables: [], arrays: [said], warnings: [], read: [], files: [] };
    return { reply, objects, out: path.join(folderOf, 'out/objects'), object };
  }

  test('as it does when it is', () => {
    const { reply, objects, out, object } = made(array([1, 2]), {});
    expect(takeIn(reply, out, objects).arrays).toHaveLength(1);
    expect(objects.get(object).length).toBe(array([1, 2]).length);
  });

  test.each([
    ['an array of another shape', array([1, 2, 3]), {}],
    ['an array of another type', array([1, 2]), { dtype: 'f4' }],
    ['an array that ends early', array([1, 2]).subarray(0, -1), {}],
    ['an object that is not there', array([1, 2]), { object: 'ab'.repeat(32) }],
    ['a path in the place of a digest', array([1, 2]), { object: '../../../etc/passwd' }],
  ])('%s', (_, bytes, claimed) => {
    const { reply, objects, out } = made(bytes, claimed);
    expect(() => takeIn(reply, out, objects)).toThrow();
    expect([...objects.list()]).toEqual([]);
  });

  test('a link in the place of an object', () => {
    const { reply, objects, out, object } = made(array([1, 2]), {});
    const file = path.join(out, object.slice(0, 2), object.slice(2));
    rmSync(file);
    writeFileSync(at('elsewhere'), array([1, 2]));
    symlinkSync(at('elsewhere'), file);
    expect(() => takeIn(reply, out, objects)).toThrow(/is not there/);
  });

  test('an answer of another form', () => {
    const { objects, out } = made(array([1, 2]), {});
    expect(() => takeIn({ tables: 'all' }, out, objects)).toThrow(/another form/);
  });
});
