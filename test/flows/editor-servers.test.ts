import { existsSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { Servers } from '../../extension/src/servers.ts';
import { root, temporaryWorkspace } from '../fixtures/client.ts';
import { childProcesses } from '../in-host/child-processes.ts';

const extension = path.join(root, 'dist/extension');

/** Skipped where the extension is not built: its programs are what is tested. */
describe.skipIf(!existsSync(path.join(extension, 'servers/atlas.mjs')))(
  'a server of the editor that was killed',
  () => {
    const space = temporaryWorkspace();
    const servers = new Servers(() => ({ extension, workspace: space.folder }));
    const pidOfAtlas = () => {
      const found = childProcesses().filter(({ command }) => command.includes('servers/atlas.mjs'));
      return found.map(({ pid }) => pid);
    };
    afterAll(async () => {
      await servers.restart();
      space.remove();
    });

    test('between two calls is started again by the next', async () => {
      await servers.call('atlas', 'find_data', {});
      const [first] = pidOfAtlas();
      process.kill(first, 'SIGKILL');
      // A call that goes out before its end is heard is lost, and says so.
      const calls = () =>
        servers.call('atlas', 'find_data', {}).then(
          ({ activity }) => activity,
          ({ message }) => message,
        );
      await expect.poll(calls, { timeout: 60_000 }).toMatch(/^act-/);
      expect(pidOfAtlas()).not.toContain(first);
      expect(pidOfAtlas()).toHaveLength(1);
    });

    test('during a call says that the call is lost, and is started again by the next', async () => {
      await servers.call('atlas', 'find_data', {});
      const sql = 'SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000) b';
      const lost = servers.call('atlas', 'query_data', { sql }).catch((error: Error) => error);
      await setImmediate();
      for (const pid of pidOfAtlas()) process.kill(pid, 'SIGKILL');
      expect(await lost).toMatchObject({
        code: 'failed',
        message: 'The server bregma-atlas has ended: query_data was running and is lost.',
        fields: { server: 'atlas' },
      });
      expect((await servers.call('atlas', 'find_data', {})).activity).toMatch(/^act-/);
    });
  },
);
