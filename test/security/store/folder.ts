import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sha256 } from '@bregma/core/canonical';
import { journaledTrials } from '@bregma/core/experiment/journal';
import { stopEverything, stopReason } from '@bregma/core/experiment/stopping';
import { sealCache } from '@bregma/core/ledger/cache-seals';
import { Ledger } from '@bregma/core/ledger/ledger';
import { genesis, recordHash } from '@bregma/core/ledger/records';
import { verifyStore } from '@bregma/core/ledger/verify';
import { ObjectStore } from '@bregma/core/objects/objects';
import { openWorkspace } from '@bregma/core/workspace';
import { withheldFile } from '@bregma/readers/withheld';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../../fixtures/client.ts';
import { anyRecord, wholeBody } from '../../fixtures/records.ts';
import { mountSmall } from '../../fixtures/small-disk.ts';

/** The store in a folder that is hostile or unlucky. */
let outside: string;
let folder: string;
let bregma: string;
beforeEach(() => {
  outside = mkdtempSync(path.join(tmpdir(), 'bregma-outside-'));
  folder = mkdtempSync(path.join(tmpdir(), 'bregma-store-'));
  bregma = path.join(folder, '.bregma');
});
afterEach(() => {
  for (const made of [outside, folder]) rmSync(made, { recursive: true, force: true });
});

const record = (i = 0) => anyRecord('activity', 'query_data', { i });
const write = (count: number) => {
  const { ledger, close } = openWorkspace(folder);
  for (let i = 0; i < count; i++) ledger.append([record(i)]);
  close();
};
const faults = () => verifyStore(bregma).faults.map(({ what, problem }) => `${what} ${problem}`);
const hourOld = () => {
  const old = Date.now() / 1000 - 7200;
  for (const mark of readdirSync(path.join(bregma, 'heads'))) utimesSync(path.join(bregma, 'heads', mark), old, old);
};

describe('links', () => {
  test.each(['.gitignore', 'ledger.sqlite'])('in the place of %s are refused, and what they lead to stays', (name) => {
    const kept = path.join(outside, 'kept');
    writeFileSync(kept, 'a key');
    mkdirSync(bregma);
    symlinkSync(kept, path.join(bregma, name));
    expect(() => openWorkspace(folder)).toThrow(/is a link: nothing was written/);
    expect(readFileSync(kept, 'utf8')).toBe('a key');
  });

  test.each(['heads', 'objects', 'cache', 'experiments', 'keys', 'withheld', 'downloads'])(
    'in the place of %s/ are refused, and their folder stays empty',
    (name) => {
      mkdirSync(bregma);
      symlinkSync(outside, path.join(bregma, name));
      expect(() => openWorkspace(folder)).toThrow(/is a link: nothing was written/);
      expect(readdirSync(outside)).toEqual([]);
    },
  );

  test('in the place of .bregma itself are refused', () => {
    symlinkSync(outside, bregma);
    expect(() => openWorkspace(folder)).toThrow(/is a link/);
    expect(readdirSync(outside)).toEqual([]);
  });

  test('below objects/ are refused when an object would go through them', () => {
    write(1);
    const objects = new ObjectStore(path.join(bregma, 'objects'));
    const { object } = objects.put('once', 'text/plain');
    rmSync(path.join(bregma, 'objects', object.slice(0, 2)), { recursive: true });
    symlinkSync(outside, path.join(bregma, 'objects', object.slice(0, 2)));
    expect(() => objects.put('once', 'text/plain')).toThrow(/is a link/);
    expect(readdirSync(outside)).toEqual([]);
  });
});

describe('what is no file in the place of one', () => {
  const pipe = (file: string) => {
    mkdirSync(path.dirname(file), { recursive: true });
    spawnSync('mkfifo', [file]);
  };

  test('of an object is not waited for: the server says so and answers the next call', async () => {
    write(1);
    const [piped, linked] = ['a'.repeat(64), sha256('a key')];
    const at = (digest: string) => path.join(bregma, 'objects', digest.slice(0, 2), digest.slice(2));
    pipe(at(piped));
    writeFileSync(path.join(outside, 'kept'), 'a key');
    mkdirSync(path.dirname(at(linked)), { recursive: true });
    symlinkSync(path.join(outside, 'kept'), at(linked));
    const server = await connect('lab', folder);
    for (const digest of [piped, linked])
      await expect(server.client.readResource({ uri: `bregma://object/${digest}` })).rejects.toThrow(/no regular file/);
    expect((await server.call('find_records', {})).activity).toMatch(/^act-/);
    await server.close();
    expect(faults()).toHaveLength(2);
  });

  test('of a withheld part or of a journal is not waited for', () => {
    const part = 'b'.repeat(64);
    pipe(path.join(bregma, 'withheld', part));
    pipe(path.join(bregma, 'experiments', 'exp-0123456789abcdef.jsonl'));
    expect(() => withheldFile(bregma, part)).toThrow(/no regular file/);
    expect(() => journaledTrials(bregma, 'exp-0123456789abcdef')).toThrow(/no regular file/);
  });

  test('a ledger of two names is not written into: the records of two folders would mix', () => {
    write(1);
    const before = readFileSync(path.join(bregma, 'ledger.sqlite'));
    mkdirSync(path.join(outside, '.bregma'));
    linkSync(path.join(bregma, 'ledger.sqlite'), path.join(outside, '.bregma', 'ledger.sqlite'));
    for (const one of [folder, outside]) expect(() => openWorkspace(one)).toThrow(/has 2 names/);
    expect(readFileSync(path.join(bregma, 'ledger.sqlite'))).toEqual(before);
  });

  test('everything is stopped without following a link', () => {
    mkdirSync(bregma);
    symlinkSync(path.join(outside, 'profile'), path.join(bregma, 'STOP'));
    stopEverything(bregma, 'a person');
    expect(readdirSync(outside)).toEqual([]);
    expect(stopReason(path.join(bregma, 'STOP'))).toBe('STOP exists');
  });
});

describe('what verify sees', () => {
  test('a tail that was lost is not forgotten when its marks grow old', () => {
    write(2);
    cpSync(path.join(bregma, 'ledger.sqlite'), path.join(outside, 'copy'));
    write(6);
    hourOld();
    for (const end of ['', '-wal', '-shm']) rmSync(path.join(bregma, `ledger.sqlite${end}`), { force: true });
    cpSync(path.join(outside, 'copy'), path.join(bregma, 'ledger.sqlite'));
    write(12);
    hourOld();
    write(1);
    expect(faults()).toEqual([expect.stringContaining('is not the one that was acknowledged')]);
  });

  test('bytes behind a NUL, which nothing that reads a text sees', () => {
    write(2);
    const ledger = new Ledger(bregma);
    ledger.database.exec('DROP TRIGGER records_never_change');
    ledger.database.exec("UPDATE records SET body = body || char(0) || 'hidden' WHERE seq = 2");
    ledger.close();
    expect(faults()).toContainEqual(expect.stringContaining('record number 2 holds a NUL'));
  });

  test('a trigger that is gone, and one that swallows records, which is acknowledged as nothing', () => {
    write(1);
    const ledger = new Ledger(bregma);
    ledger.database.exec('DROP TRIGGER records_never_go');
    ledger.database.exec('CREATE TRIGGER swallow BEFORE INSERT ON records BEGIN SELECT RAISE(IGNORE); END');
    expect(() => ledger.append([record()])).toThrow(/did not take record number 2/);
    ledger.close();
    expect(faults()).toEqual([
      expect.stringContaining('records_never_go is missing from the schema'),
      expect.stringContaining('swallow is missing from the schema, was changed, or does not belong there'),
    ]);
  });

  test('times that run backwards', () => {
    write(1);
    const ledger = new Ledger(bregma);
    const { hash: previous } = ledger.head();
    const row = {
      seq: 2,
      kind: 'activity',
      subject: 'x',
      at: '2016-01-01T00:00:00.000Z',
      body: '{}',
      previous: previous || genesis,
    };
    ledger.database
      .prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(row.seq, row.kind, row.subject, row.at, row.body, row.previous, recordHash(row));
    ledger.close();
    expect(faults()).toEqual([expect.stringContaining('a clock went back')]);
  });

  test('a copy in the cache that was changed, whatever lies beside it, and no copy that is gone', async () => {
    const { ledger, close } = openWorkspace(folder);
    const [kept, gone] = ['kept.duckdb', 'features-1/gone.f32'];
    mkdirSync(path.join(bregma, 'cache'));
    writeFileSync(path.join(bregma, 'cache', kept), 'made');
    for (const name of [kept, gone]) await sealCache(ledger, name, sha256('made'));
    close();
    expect(faults()).toEqual([]);
    writeFileSync(path.join(bregma, 'cache', kept), 'forged');
    writeFileSync(path.join(bregma, 'cache', `${kept}.sha256`), sha256('forged'));
    expect(faults()).toEqual([expect.stringMatching(/^copy cache\/kept.duckdb does not have the bytes/)]);
  });

  test('a folder that cannot be written is read as it is, with what lies in its log', (context) => {
    const { ledger, close } = openWorkspace(outside);
    for (let i = 0; i < 3; i++) ledger.append([record(i)]);
    if (!mountSmall(folder)) return context.skip('a small tmpfs cannot be mounted here');
    try {
      cpSync(path.join(outside, '.bregma'), bregma, { recursive: true, filter: (name) => !name.endsWith('-shm') });
      close();
      spawnSync('mount', ['-o', 'remount,ro', folder]);
      expect(() => writeFileSync(path.join(folder, 'x'), '')).toThrow(/read-only/);
      expect(verifyStore(bregma)).toMatchObject({ records: 3, marks: 1, faults: [] });
      expect(() => openWorkspace(folder)).toThrow(/read-only/);
      expect(() => new Ledger(bregma, { readOnly: true }).append([record()])).toThrow(/read-only/);
    } finally {
      spawnSync('umount', ['-l', folder]);
    }
  });

  test('of a ledger of a newer Bregma: that, and not that its tail is missing', () => {
    write(2);
    const ledger = new Ledger(bregma);
    ledger.database.exec('PRAGMA user_version = 99');
    ledger.close();
    expect(faults()).toEqual([expect.stringContaining('was written by a newer Bregma')]);
  });
});

describe('a server', () => {
  test('acknowledges nothing when its ledger was removed or replaced', () => {
    const { ledger, close } = openWorkspace(folder);
    ledger.append([record()]);
    renameSync(path.join(bregma, 'ledger.sqlite'), path.join(outside, 'away'));
    expect(() => ledger.append([record()])).toThrow(/was removed or replaced while it was open/);
    cpSync(path.join(outside, 'away'), path.join(bregma, 'ledger.sqlite'));
    expect(() => ledger.append([record()])).toThrow(/was removed or replaced while it was open/);
    close();
  });

  test('starts beside two others over a thousand old marks, and a folder among them', async () => {
    write(3);
    const { hash } = new Ledger(bregma, { readOnly: true }).head();
    for (let i = 0; i < 1000; i++)
      writeFileSync(path.join(bregma, 'heads', `1-${String(i).padStart(12, '0')}`), `${'2'.padStart(16)} ${hash}\n`);
    mkdirSync(path.join(bregma, 'heads', 'a folder'));
    hourOld();
    const servers = await Promise.all((['lab', 'lab', 'lab'] as const).map((name) => connect(name, folder)));
    for (const server of servers) expect((await server.call('find_records', {})).activity).toMatch(/^act-/);
    await Promise.all(servers.map((server) => server.close()));
  });

  test('answers pings and cancels while another program holds the ledger, and the calls once it is free', async () => {
    write(1);
    const server = await connect('lab', folder, { era: 'legacy' }); // whose protocol has pings
    const release = await hold(path.join(bregma, 'ledger.sqlite'));
    const waiting = server.call('find_records', {});
    const cancelled = new AbortController();
    const given = server.client.callTool({ name: 'find_records', arguments: {} }, { signal: cancelled.signal });
    await server.client.ping();
    cancelled.abort();
    await expect(given).rejects.toThrow();
    await server.client.ping();
    release();
    expect((await waiting).activity).toMatch(/^act-/);
    expect((await server.call('find_records', {})).activity).toMatch(/^act-/);
    await server.close();
    expect(faults()).toEqual([]);
  });

  test('that starts while another program holds the whole ledger answers all but calls, and those once it is free', async () => {
    write(1);
    const release = await hold(path.join(bregma, 'ledger.sqlite'), 'EXCLUSIVE');
    const server = await connect('lab', folder, { era: 'legacy' });
    await server.client.ping();
    expect((await server.client.listTools()).tools.length).toBeGreaterThan(3);
    const refused = server.client.callTool({ name: 'no_tool', arguments: {} }).catch((error: Error) => error.message);
    const cancelled = new AbortController();
    const given = server.client.callTool({ name: 'find_records', arguments: {} }, { signal: cancelled.signal });
    const waiting = server.call('find_records', {});
    await server.client.ping();
    cancelled.abort();
    await expect(given).rejects.toThrow();
    release();
    expect((await waiting).activity).toMatch(/^act-/);
    expect(await refused).toContain('not found');
    await server.close();
    const { ledger, close } = openWorkspace(folder);
    expect(ledger.list('activity', 'no_tool')).toHaveLength(1);
    close();
  });

  test('removes what killed processes left in objects/tmp, and nothing of one that lives', () => {
    write(1);
    const tmp = path.join(bregma, 'objects', 'tmp');
    mkdirSync(tmp, { recursive: true });
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(path.join(tmp, `${gone}-${'a'.repeat(18)}`), 'left');
    writeFileSync(path.join(tmp, `${process.pid}-${'b'.repeat(18)}`), 'mine');
    write(1);
    expect(readdirSync(tmp)).toEqual([`${process.pid}-${'b'.repeat(18)}`]);
  });
});

/** Another program that takes the write lock of the ledger, or the whole file in the mode EXCLUSIVE, and keeps it until it is told to let go. */
async function hold(file: string, mode = 'NORMAL'): Promise<() => void> {
  const program = `const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(${JSON.stringify(file)});
    database.exec('PRAGMA busy_timeout = 60000; PRAGMA locking_mode = ${mode}; BEGIN EXCLUSIVE; DROP TABLE IF EXISTS none_such');
    console.log('held');
    process.stdin.on('data', () => process.exit());`;
  const other = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(other.stdout, 'data');
  return () => other.stdin.end('let go');
}

test('a stop that leads nowhere stops', () => {
  symlinkSync(path.join(outside, 'nowhere'), path.join(folder, 'STOP'));
  expect(stopReason(path.join(folder, 'STOP'))).toBe('STOP exists');
  symlinkSync(path.join(folder, 'round'), path.join(folder, 'round'));
  expect(stopReason(path.join(folder, 'round'))).toBe('round exists');
});

test('a replay goes by what the tool is, whatever the record says of it', () => {
  const { ledger, close } = openWorkspace(folder);
  const claimed = wholeBody('activity', {
    server: 'bregma-lab',
    tool: 'run_experiment',
    effect: 'read',
    arguments: { plan: 'plan-0000000000000000' },
  });
  const [{ id }] = ledger.append([anyRecord('activity', 'run_experiment', claimed)]);
  close();
  const root = path.join(import.meta.dirname, '../../..');
  const program = process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts';
  const entry = existsSync(path.join(root, program)) ? program : 'cli/src/main.ts';
  const ran = spawnSync(process.execPath, [path.join(root, entry), 'replay', id, '--workspace', folder], {
    encoding: 'utf8',
  });
  expect(ran.status).not.toBe(0);
  expect(`${ran.stdout}${ran.stderr}`).toContain('run_experiment acts');
});
