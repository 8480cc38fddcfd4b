import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, type ServerName } from '../fixtures/client.ts';
import { codexAppServer, haveClients, programs, sandbox } from './clients.ts';

const marketplace = path.join(root, 'dist/marketplace');
const bundle = (server: ServerName) => path.join(root, `dist/servers/${server}.mjs`);
const ready = haveClients && process.env.BREGMA_TEST_DIST !== undefined;
if (!ready) console.log('Skipped: the clients of test/clients and the build are there under `npm test` only.');

describe.skipIf(!ready)('the clients that agents come with', () => {
  const home = sandbox();
  beforeAll(() => {
    const made = spawnSync(process.execPath, [path.join(root, 'scripts/package.ts')], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
  });
  afterAll(() => home.remove());

  describe('Claude Code', () => {
    test('connects to each server', () => {
      for (const server of ['atlas', 'twin', 'lab'] as const) {
        home.run(programs.claude, [
          'mcp',
          'add',
          `bregma-${server}`,
          '--',
          'node',
          bundle(server),
          '--workspace',
          path.join(home.folder, 'ws'),
        ]);
      }
      const { output } = home.run(programs.claude, ['mcp', 'list']);
      for (const server of ['atlas', 'twin', 'lab'])
        expect(output).toMatch(new RegExp(`bregma-${server}:.*✔ Connected`));
    });

    test('finds the marketplace and the plugin valid, installs it, and lists its servers and skills', () => {
      expect(home.run(programs.claude, ['plugin', 'validate', marketplace])).toMatchObject({ status: 0 });
      expect(home.run(programs.claude, ['plugin', 'validate', path.join(marketplace, 'plugins/bregma')])).toMatchObject(
        { status: 0 },
      );
      home.run(programs.claude, ['plugin', 'marketplace', 'add', marketplace]);
      expect(home.run(programs.claude, ['plugin', 'install', 'bregma@bregma'])).toMatchObject({ status: 0 });
      const { output } = home.run(programs.claude, ['plugin', 'details', 'bregma@bregma']);
      for (const part of [
        'ask-an-atlas',
        'judge-a-twin',
        'preregister-design-test',
        'bregma-atlas',
        'bregma-twin',
        'bregma-lab',
      ])
        expect(output).toContain(part);
    });
  });

  describe('Codex', () => {
    test('installs the plugin, starts its servers, calls a tool and reads a resource', async () => {
      expect(
        home.run(programs.codex, [
          'mcp',
          'add',
          'bregma-own',
          '--',
          'node',
          bundle('atlas'),
          '--workspace',
          path.join(home.folder, 'ws'),
        ]).output,
      ).toContain('Added');
      expect(home.run(programs.codex, ['plugin', 'marketplace', 'add', marketplace]).output).toContain(
        'Added marketplace',
      );
      expect(home.run(programs.codex, ['plugin', 'add', 'bregma@bregma']).output).toContain('Added plugin');
      const codex = codexAppServer(home);
      try {
        await codex.request('initialize', { clientInfo: { name: 'bregma-test', title: 'test', version: '1' } });
        codex.notify('initialized');
        const listed = await codex.request('mcpServerStatus/list');
        expect(listed.data.map((server: { name: string }) => server.name)).toContain('bregma-own');
        const { thread } = await codex.request('thread/start', { cwd: home.folder });
        const call = (server: string, tool: string, args: object) =>
          codex.request('mcpServer/tool/call', { threadId: thread.id, server, tool, arguments: args });
        const added = await call('bregma-own', 'add_data', { source: 'celegans-cook2019' });
        expect(added.structuredContent.value.dataset).toBe('celegans-cook2019@2019');
        const found = await call('bregma-atlas', 'find_data', { query: 'worm' });
        expect(found.structuredContent.value.datasets.length).toBeGreaterThan(2);
        // The plugin was copied without node_modules: what needs a native module says how to install it.
        const refused = await call('bregma-atlas', 'add_data', { source: 'celegans-cook2019' });
        expect(refused.isError).toBe(true);
        expect(refused.structuredContent.error.next).toContain('npm install @duckdb/node-api');
        const resource = await codex.request('mcpServer/resource/read', {
          threadId: thread.id,
          server: 'bregma-own',
          uri: 'bregma://dataset/celegans-cook2019',
        });
        expect(JSON.stringify(resource)).toContain('Cook et al. 2019');
      } finally {
        codex.close();
      }
    });
  });

  describe('the Inspector', () => {
    for (const server of ['atlas', 'twin', 'lab'] as const) {
      test(`lists ${server} strictly in both eras, and its skills match their digests`, () => {
        for (const era of ['modern', 'legacy']) {
          const { output, status } = home.run(programs.inspector, [
            '--cli',
            'node',
            bundle(server),
            '--method',
            'tools/list',
            '--strict',
            '--protocol-era',
            era,
          ]);
          expect([server, era, status, /warn/i.test(output)]).toEqual([server, era, 0, false]);
        }
        const skills = home.run(programs.inspector, [
          '--cli',
          'node',
          bundle(server),
          '--method',
          'skills/list',
          '--verify',
          '--require-digests',
        ]);
        const { length } = readdirSync(path.join(root, 'skills', server));
        expect(skills.output.replaceAll('skills', 'skill').replaceAll('files', 'file')).toContain(
          `Verified ${length} skill and ${length} file: no conformance errors.`,
        );
      });
    }
  });
});
