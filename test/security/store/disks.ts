import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { asLedgerError } from '@bregma/core/ledger/ledger-errors';
import { verifyStore } from '@bregma/core/ledger/verify';
import { describe as describeError } from '@bregma/core/mcp/record-call';
import { storageError } from '@bregma/core/storage';
import { openWorkspace } from '@bregma/core/workspace';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../../fixtures/client.ts';
import { anyRecord } from '../../fixtures/records.ts';
import { withoutQuota, withSmallFiles } from '../../fixtures/refusing-disk.ts';
import { mountSmall } from '../../fixtures/small-disk.ts';

let outside: string;
let folder: string;
let bregma: string;
beforeEach(() => {
  outside = mkdtempSync(path.join(tmpdir(), 'bregma-outside-'));
  folder = mkdtempSync(path.join(tmpdir(), 'bregma-disk-'));
  bregma = path.join(folder, '.bregma');
});
afterEach(() => {
  for (const made of [outside, folder]) rmSync(made, { recursive: true, force: true });
});
const faults = () => verifyStore(bregma).faults.map(({ what, problem }) => `${what} ${problem}`);

describe('what a disk refuses', () => {
  test.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'your quota on this disk is used up'],
    ['EFBIG', 'the file would be larger than you may write (ulimit -f)'],
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'you have no permission'],
    ['EPERM', 'you have no permission'],
  ])('%s is named: %s', (code, says) => {
    const met = Object.assign(new Error(`${code}: some words, write`), { code, path: '/a/file' });
    expect(storageError('/a/file', met)).toMatchObject({
      message: `Cannot write /a/file: ${says}.`,
      fields: { path: '/a/file' },
    });
    if (!/^E(ACCES|PERM)$/.test(code)) expect(describeError(met).message).toBe(`Cannot write /a/file: ${says}.`);
  });

  test.each([
    ['IO Error: Could not write file "x": No space left on device', /the disk is full/],
    ['IO Error: Could not write all bytes to file "x": Disk quota exceeded', /your quota on this disk is used up/],
    ['IO Error: Cannot open file "x": Read-only file system', /the file system is read-only/],
    ['IO Error: Cannot open file "x": Permission denied', /Permission denied/],
  ])('in the words of DuckDB (%s) too', (words, says) => {
    expect(describeError(new BregmaError('bad-input', words)).message).toMatch(says);
  });

  test('and a ledger on a disk of which SQLite says no more than that it failed is asked for the reason', (context) => {
    const ioError = Object.assign(new Error('disk I/O error'), { errcode: 10 | (3 << 8) });
    expect(asLedgerError(path.join(folder, 'ledger.sqlite'), ioError).message).toMatch(/disk I\/O error/);
    if (!mountSmall(folder)) return context.skip('a small tmpfs cannot be mounted here');
    try {
      expect(() => writeFileSync(path.join(folder, 'x'), new Uint8Array(2e6))).toThrow(/ENOSPC/);
      expect(asLedgerError(path.join(folder, 'ledger.sqlite'), ioError).message).toMatch(/the disk is full/);
    } finally {
      spawnSync('umount', ['-l', folder]);
    }
  });

  test('is told of an import, which leaves nothing half-written, and the next call is answered', async (context) => {
    if (!mountSmall(folder, '4m')) return context.skip('a small tmpfs cannot be mounted here');
    try {
      const rows = Array.from({ length: 90_000 }, (_, i) => `${i},${(i * 7919) % 100_003}`);
      writeFileSync(path.join(outside, 'rows.csv'), `a,b\n${rows.join('\n')}\n`);
      writeFileSync(path.join(folder, 'filler'), new Uint8Array(2.8e6));
      const atlas = await connect('atlas', folder, { env: { BREGMA_ALLOW: outside } });
      const refused = await atlas.fail('add_data', { source: path.join(outside, 'rows.csv') });
      expect(refused.message).toMatch(/the disk is full/);
      rmSync(path.join(folder, 'filler'));
      expect((await atlas.call('find_data', {})).activity).toMatch(/^act-/);
      await atlas.close();
      expect(faults()).toEqual([]);
    } finally {
      spawnSync('umount', ['-l', folder]);
    }
  });

  test('is told of a quota that is used up: by the ledger, and by an import, which leave nothing half-written', async (context) => {
    const [never, small] = [withoutQuota(4096), withoutQuota(20_000)];
    if (!never || !small) return context.skip('no program can be refused its writes here');
    writeFileSync(path.join(folder, 'rows.csv'), `a,b\n${'1,2\n'.repeat(20_000)}`);
    const before = await connect('atlas', folder);
    await before.call('find_data', {});
    await before.close();
    const ledger = await connect('atlas', folder, { through: never });
    expect((await ledger.fail('find_data', {})).message).toMatch(/ledger\.sqlite: your quota on this disk is used up/);
    await ledger.close();
    const objects = await connect('atlas', folder, { through: small });
    const refused = await objects.fail('add_data', { source: 'rows.csv' });
    expect(refused.message).toMatch(/your quota on this disk is used up/);
    expect((await objects.call('find_data', {})).activity).toMatch(/^act-/);
    await objects.close();
    expect(readdirSync(path.join(bregma, 'objects', 'tmp'))).toEqual([]);
    expect(faults()).toEqual([]);
    const after = await connect('atlas', folder);
    expect((await after.call('add_data', { source: 'rows.csv' })).value.tables[0].rows).toBe(20_000);
    await after.close();
  });

  test('is told of a file that would be larger than its writer may make it, and leaves nothing half-written', async (context) => {
    const through = withSmallFiles(1_000_000);
    if (!through) return context.skip('there are no such limits here');
    writeFileSync(path.join(folder, 'rows.csv'), `a,b\n${'1,2\n'.repeat(400_000)}`);
    const atlas = await connect('atlas', folder, { through });
    expect((await atlas.fail('add_data', { source: 'rows.csv' })).message).toMatch(/larger than you may write/);
    expect((await atlas.call('find_data', {})).activity).toMatch(/^act-/);
    await atlas.close();
    expect(readdirSync(path.join(bregma, 'objects', 'tmp'))).toEqual([]);
    expect(faults()).toEqual([]);
  });

  test('is said of a full disk, in the ledger and among the objects, and half-writes nothing', (context) => {
    if (!mountSmall(folder)) return context.skip('a small tmpfs cannot be mounted here');
    try {
      const { ledger, objects, close } = openWorkspace(folder);
      const fill = () => {
        for (let i = 0; i < 200; i++) ledger.append([anyRecord('activity', 'x', { text: 'y'.repeat(20_000), i })]);
      };
      expect(fill).toThrow(/the disk is full/);
      expect(() => objects.put('z'.repeat(2_000_000), 'text/plain')).toThrow(/the disk is full/);
      expect(readdirSync(path.join(bregma, 'objects', 'tmp'))).toEqual([]);
      close();
      expect(verifyStore(bregma).faults).toEqual([]);
    } finally {
      spawnSync('umount', ['-l', folder]);
    }
  });
});
