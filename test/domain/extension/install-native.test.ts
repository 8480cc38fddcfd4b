import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installNative } from '../../../extension/src/doctor/install-native.ts';

describe('installing the native modules', () => {
  let place: string;
  let folder: string;
  beforeEach(() => {
    place = mkdtempSync(path.join(tmpdir(), 'bregma-install-'));
    folder = path.join(place, 'native');
    mkdirSync(path.join(folder, 'node_modules'), { recursive: true });
    writeFileSync(path.join(folder, 'node_modules/old'), 'kept');
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));
  /** Everything that was there is there, and nothing half-made is. */
  const untouched = () => existsSync(path.join(folder, 'node_modules/old')) && !existsSync(`${folder}.new`);
  const install = (env: NodeJS.ProcessEnv, signal = new AbortController().signal) =>
    installNative({ folder, signal, onLine: () => {}, env });

  test('without a network says so, with the code and what to do, and changes nothing', async () => {
    // Nothing listens on port 9 of this machine; an empty cache keeps npm from answering by itself.
    const offline = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_cache: path.join(place, 'cache') };
    await expect(install({ ...process.env, ...offline, npm_config_fetch_retries: '0' })).rejects.toMatchObject({
      message: expect.stringContaining('could not be reached (ECONNREFUSED)'),
      next: expect.stringContaining('bregma.nativeModules'),
    });
    expect(untouched()).toBe(true);
  });

  test('without npm says what brings it', async () => {
    await expect(install({ PATH: place })).rejects.toMatchObject({
      code: 'missing',
      message: 'npm was not found.',
      next: expect.stringContaining('nodejs.org'),
    });
    expect(untouched()).toBe(true);
  });

  test('that is cancelled changes nothing', async () => {
    const controller = new AbortController();
    const installing = install(process.env, controller.signal);
    setTimeout(() => controller.abort(), 50);
    await expect(installing).rejects.toMatchObject({ code: 'cancelled' });
    expect(untouched()).toBe(true);
  });
});
