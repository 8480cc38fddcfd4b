import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { stopReason } from '@bregma/core/experiment/stopping';
import { Ledger } from '@bregma/core/ledger/ledger';
import { verifyStore } from '@bregma/core/ledger/verify';
import { openWorkspace } from '@bregma/core/workspace';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../fixtures/client.ts';
import { anyRecord } from '../../fixtures/records.ts';

let folder: string;
let bregma: string;
const at = (...names: string[]) => path.join(bregma, ...names);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bregma-damage-'));
  bregma = path.join(folder, '.bregma');
  const { ledger, objects, close } = openWorkspace(folder);
  const { object } = objects.put('kept', 'text/plain');
  for (let i = 0; i < 4; i++) ledger.append([anyRecord('activity', 'query_data', { i, outputs: [object] })]);
  close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const faults = () => verifyStore(bregma).faults.map(({ what, problem }) => `${what} ${problem}`);
const firstMark = () => at('heads', readdirSync(at('heads'))[0]);
const alone = () => {
  for (const end of ['-wal', '-shm']) rmSync(at(`ledger.sqlite${end}`), { force: true });
};
const change = (sql: string) => {
  const ledger = new Ledger(bregma);
  for (const trigger of ['records_never_change', 'records_never_go'])
    ledger.database.exec(`DROP TRIGGER IF EXISTS ${trigger}`);
  ledger.database.exec(sql);
  ledger.close();
};
const bytes = (file: string, edit: (bytes: Buffer) => Buffer) => writeFileSync(file, edit(readFileSync(file)));
/** The object that the records name. */
const object = () => {
  const [first] = readdirSync(at('objects')).filter((name) => name.length === 2);
  return at('objects', first, readdirSync(at('objects', first))[0]);
};

test('a store that nothing was done to has no faults', () => {
  expect(faults()).toEqual([]);
});

describe('verify names', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'an empty ledger',
      () => {
        alone();
        truncateSync(at('ledger.sqlite'), 0);
      },
      /tail is missing|ledger\.sqlite/,
    ],
    [
      'a ledger of garbage',
      () => {
        alone();
        writeFileSync(at('ledger.sqlite'), 'no database'.repeat(500));
      },
      /^ledger\.sqlite /,
    ],
    [
      'a ledger of zeros',
      () => {
        alone();
        writeFileSync(at('ledger.sqlite'), Buffer.alloc(20_000));
      },
      /^ledger\.sqlite /,
    ],
    [
      'a ledger that is gone',
      () => {
        alone();
        rmSync(at('ledger.sqlite'));
      },
      /was acknowledged .* and is gone/,
    ],
    [
      'a ledger whose end is cut off',
      () => {
        new Ledger(bregma).close();
        alone();
        truncateSync(at('ledger.sqlite'), 8192);
      },
      /ledger\.sqlite /,
    ],
    [
      'a ledger that is a link',
      () => {
        renameSync(at('ledger.sqlite'), path.join(folder, 'elsewhere'));
        symlinkSync(path.join(folder, 'elsewhere'), at('ledger.sqlite'));
      },
      /^ledger\.sqlite .*link/,
    ],
    [
      'a ledger that is a folder',
      () => {
        alone();
        rmSync(at('ledger.sqlite'));
        mkdirSync(at('ledger.sqlite'));
      },
      /^ledger\.sqlite /,
    ],
    [
      'a ledger that is a pipe, without waiting for it',
      () => {
        alone();
        rmSync(at('ledger.sqlite'));
        spawnSync('mkfifo', [at('ledger.sqlite')]);
      },
      /^ledger\.sqlite /,
    ],
    ['a body that was changed', () => change("UPDATE records SET body = '{}' WHERE seq = 2"), /number 2 .*its hash/],
    [
      'a subject that was changed',
      () => change("UPDATE records SET subject = 'x' WHERE seq = 2"),
      /number 2 .*its hash/,
    ],
    ['a kind that was changed', () => change("UPDATE records SET kind = 'cache' WHERE seq = 2"), /number 2 .*its hash/],
    [
      'a time that was changed',
      () => change("UPDATE records SET at = '2031-01-01T00:00:00.000Z' WHERE seq = 2"),
      /number 2 .*its hash/,
    ],
    [
      'a hash that was changed',
      () => change("UPDATE records SET hash = printf('%064d', 0) WHERE seq = 2"),
      /number 2 .*its hash/,
    ],
    [
      'a link of the chain that was changed',
      () => change("UPDATE records SET previous = printf('%064d', 0) WHERE seq = 3"),
      /number 3 .*does not follow/,
    ],
    ['a record that was taken out', () => change('DELETE FROM records WHERE seq = 2'), /follows a gap/],
    ['the first record taken out', () => change('DELETE FROM records WHERE seq = 1'), /follows a gap/],
    ['the last record taken out', () => change('DELETE FROM records WHERE seq = 4'), /tail is missing/],
    ['numbers that were moved', () => change('UPDATE records SET seq = seq + 1 WHERE seq = 4'), /follows a gap/],
    ['a body that is no JSON', () => change("UPDATE records SET body = 'x' WHERE seq = 2"), /holds no valid JSON/],
    [
      'a table more',
      () => change('CREATE TABLE more (x)'),
      /more is missing from the schema, was changed, or does not belong/,
    ],
    [
      'a view in front of the records',
      () => change('CREATE VIEW seen AS SELECT * FROM records'),
      /seen is missing|seen .*belong/,
    ],
    [
      'a trigger that acts',
      () => change('CREATE TRIGGER act AFTER INSERT ON records BEGIN SELECT 1; END'),
      /act is missing|act .*belong/,
    ],
    [
      'a mark whose hash was changed',
      () => bytes(firstMark(), (mark) => Buffer.from(mark.toString().replace(/[0-9a-f]{64}/, 'f'.repeat(64)))),
      /is not the one that was acknowledged/,
    ],
    [
      'a mark that tells of more',
      () => bytes(firstMark(), (mark) => Buffer.from(mark.toString().replace(/^ *\d+/, '              99'))),
      /record number 99 was acknowledged/,
    ],
    ['a mark of garbage', () => writeFileSync(firstMark(), 'garbage'), /is not a head mark any more/],
    ['an object that was changed', () => appendFileSync(object(), 'x'), /does not match its digest/],
    ['an object that is gone', () => rmSync(object()), /is missing; record number 1 refers to it/],
    [
      'objects that are a file',
      () => {
        rmSync(at('objects'), { recursive: true });
        writeFileSync(at('objects'), 'x');
      },
      /^\.bregma\/objects is no folder/,
    ],
    [
      'an object that is a link',
      () => {
        const file = object();
        cpSync(file, path.join(folder, 'moved'));
        rmSync(file);
        symlinkSync(path.join(folder, 'moved'), file);
      },
      /^object .*link|no regular file/,
    ],
    [
      'an object that is a folder',
      () => {
        const file = object();
        rmSync(file);
        mkdirSync(file);
      },
      /^object /,
    ],
    [
      'a file among the objects that is none',
      () => {
        mkdirSync(at('objects', 'ab'), { recursive: true });
        writeFileSync(at('objects', 'ab', 'z'), '');
      },
      /has a name that is no sha256/,
    ],
  ])('%s', (_, damage, named) => {
    damage();
    expect(faults()).toContainEqual(expect.stringMatching(named));
  });
});

describe('a stop', () => {
  const stop = () => at('STOP');
  test.each<[string, () => void]>([
    ['as a file', () => writeFileSync(stop(), '')],
    ['as a folder', () => mkdirSync(stop())],
    ['as a pipe', () => void spawnSync('mkfifo', [stop()])],
    ['as a link', () => symlinkSync(at('ledger.sqlite'), stop())],
    ['as a link to nothing', () => symlinkSync(at('nothing'), stop())],
    ['as a link to itself', () => symlinkSync(stop(), stop())],
    [
      'in a folder that is a file',
      () => {
        rmSync(bregma, { recursive: true });
        writeFileSync(bregma, '');
      },
    ],
    [
      'in a folder that is a link round in a circle',
      () => {
        rmSync(bregma, { recursive: true });
        symlinkSync(bregma, bregma);
      },
    ],
  ])('%s stops', (_, make) => {
    expect(stopReason(stop())).toBeUndefined();
    make();
    expect(stopReason(stop())).toBeDefined();
    expect(existsSync(path.join(folder, 'made'))).toBe(false);
  });

  test.each([
    ['that may not be looked into', 0o000],
    ['that may be entered and not listed', 0o111],
    ['that may be listed and not entered', 0o444],
  ])('in a folder %s stops', (_, mode) => {
    chmodSync(folder, 0o755);
    chmodSync(bregma, mode);
    // Root may look into any folder: another user looks then.
    const asOther = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const module = pathToFileURL(path.join(root, 'core/src/experiment/stopping.ts')).href;
    const program = `import { stopReason } from ${JSON.stringify(module)}; console.log(stopReason(${JSON.stringify(stop())}) ?? 'goes on');`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      cwd: '/',
      ...asOther,
    });
    chmodSync(bregma, 0o755);
    expect(stdout.trim(), stderr).toMatch(/cannot be looked/);
  });
});
