import { cpSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { connect, root, temporaryWorkspace } from '../fixtures/client.ts';

const built = process.env.BREGMA_TEST_DIST !== undefined;

describe.skipIf(!built)('servers that were copied without node_modules, as a plugin or an extension is', () => {
  const space = temporaryWorkspace();
  afterAll(() => space.remove());
  const start = (env: Record<string, string>) => {
    cpSync(path.join(root, 'dist/servers'), path.join(space.folder, 'copied/servers'), { recursive: true });
    const program = path.join(space.folder, 'copied/servers/atlas.mjs');
    return connect('atlas', path.join(space.folder, 'ws'), {
      program,
      env: { BREGMA_DATASETS: path.join(root, 'datasets'), ...env },
    });
  };

  test('add and query data with the native modules of a named folder', async () => {
    const { call, close } = await start({ BREGMA_NATIVE_MODULES: path.join(root, 'node_modules') });
    await call('add_data', { source: 'celegans-cook2019' });
    const { value } = await call('query_data', { sql: 'SELECT count(*) AS n FROM celegans_cook2019.neurons' });
    await close();
    expect(Number(value.rows[0][0])).toBeGreaterThan(300);
  });

  test('say what to install when no folder is named', async () => {
    const { fail, close } = await start({ BREGMA_NATIVE_MODULES: '' });
    const { code, next } = await fail('query_data', { sql: 'SELECT 1' });
    await close();
    expect([code, next]).toEqual(['missing', expect.stringContaining('npm install @duckdb/node-api@')]);
  });
});
