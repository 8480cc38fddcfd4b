import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { agentClients } from '../../extension/src/agents/agent-clients.ts';
import { planConnect, writeConfig } from '../../extension/src/agents/config-file.ts';
import { agentEntries, writeLaunchers } from '../../extension/src/agents/launchers.ts';
import { nodeForAgents } from '../../extension/src/agents/node-program.ts';
import { root } from '../fixtures/client.ts';
import { codexAppServer, haveClients, programs, sandbox } from './clients.ts';

const ready = haveClients && process.env.BREGMA_TEST_DIST !== undefined;

describe.skipIf(!ready)('what the extension writes for an agent', async () => {
  const home = sandbox();
  afterAll(() => home.remove());
  const project = path.join(home.folder, 'a project');
  const storage = path.join(home.folder, 'storage');
  mkdirSync(path.join(home.folder, 'claude'));
  mkdirSync(project);
  const entries = agentEntries(storage, project, await nodeForAgents(home.env));
  writeLaunchers(storage, {
    extension: path.join(root, 'dist/extension'),
    workspace: project,
    nativeModules: path.join(root, 'node_modules'),
  });
  const connectClient = ({ file, format }: (typeof agentClients)['codex']) =>
    writeConfig(planConnect(file(project), format, entries));

  const list = (program: string) => {
    const [command, ...first] = program.endsWith('.js') ? [process.execPath, program] : [program];
    const options = { cwd: project, env: home.env, encoding: 'utf8', input: '', timeout: 200_000 } as const;
    return spawnSync(command, [...first, 'mcp', 'list'], options).stdout;
  };

  test('connects the three servers to Claude Code once a person has approved them there', () => {
    connectClient(agentClients['claude-code']);
    expect(list(programs.claude)).toMatch(/bregma-atlas:.*Pending approval/);
    const approved = { enabledMcpjsonServers: Object.keys(entries) };
    writeFileSync(path.join(home.folder, 'claude/settings.json'), JSON.stringify(approved));
    const output = list(programs.claude);
    for (const name of Object.keys(entries)) expect(output).toMatch(new RegExp(`${name}:.*✔ Connected`));
  });

  test('connects them to Codex once a person trusts the folder there: a tool answers, with the native modules it needs', async () => {
    connectClient(agentClients.codex);
    writeFileSync(
      path.join(home.folder, 'codex/config.toml'),
      `[projects.${JSON.stringify(project)}]\ntrust_level = "trusted"\n`,
    );
    const output = list(programs.codex);
    for (const name of Object.keys(entries)) expect(output).toContain(name);
    const codex = codexAppServer({ ...home, folder: project });
    try {
      await codex.request('initialize', { clientInfo: { name: 'bregma-test', title: 'test', version: '1' } });
      codex.notify('initialized');
      const { thread } = await codex.request('thread/start', { cwd: project });
      const { structuredContent } = await codex.request('mcpServer/tool/call', {
        threadId: thread.id,
        server: 'bregma-atlas',
        tool: 'query_data',
        arguments: { sql: 'SELECT 42 AS answer' },
      });
      expect(structuredContent.value.rows).toEqual([[42]]);
    } finally {
      codex.close();
    }
  });
});
