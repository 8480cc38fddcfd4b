import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';
import { haveClients, programs, sandbox } from './clients.ts';

/**
 * Scenarios that ask for what no Bregma server does, and why. They must fail: one that passes makes the run fail, so that the
 * list stays true.
 */
const notOffered: Record<'2026-07-28' | '2025-11-25', Record<string, string[]>> = {
  '2026-07-28': {
    'servers never ask the client back in the middle of a call (input_required): state between calls is a run_id': [
      'input-required-result-basic-elicitation',
      'input-required-result-basic-sampling',
      'input-required-result-basic-list-roots',
      'input-required-result-request-state',
      'input-required-result-multiple-input-requests',
      'input-required-result-multi-round',
      'input-required-result-non-tool-request',
      'input-required-result-result-type',
      'input-required-result-tampered-state',
      'input-required-result-capability-check',
      'input-required-result-missing-input-response',
      'input-required-result-ignore-extra-params',
      'server-stateless',
    ],
  },
  '2025-11-25': {
    'logging, sampling and elicitation, which the later protocol has dropped': [
      'logging-set-level',
      'tools-call-with-logging',
      'tools-call-sampling',
      'tools-call-elicitation',
      'elicitation-sep1034-defaults',
      'elicitation-sep1330-enums',
    ],
    'subscriptions: a stateless server has nobody to tell': ['resources-subscribe', 'resources-unsubscribe'],
    'streams of a session, which a stateless server has not': ['server-sse-multiple-streams'],
  },
};

if (!haveClients) console.log('Skipped: the conformance suite is installed by `npm test` in test/clients.');

const token = 'conformance'.repeat(4);

describe.skipIf(!haveClients)('MCP conformance, on a fixture behind the products’ own serve functions', () => {
  const home = sandbox();
  const server = spawn(
    process.execPath,
    [path.join(root, 'test/fixtures/mcp-fixture-server.ts'), '--workspace', home.folder, '--http', '0'],
    {
      env: { ...process.env, BREGMA_TOKEN: token, BREGMA_FIXTURE_CONFORMANCE: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let target: URL;
  // The suite cannot send a token: this stands in front, adds it, and changes nothing else.
  const door = createServer((incoming, answer) => {
    const passed = forward(
      {
        host: target.hostname,
        port: target.port,
        path: incoming.url,
        method: incoming.method,
        headers: { ...incoming.headers, authorization: `Bearer ${token}` },
      },
      (response) => {
        answer.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(answer);
      },
    );
    incoming.pipe(passed);
    passed.on('error', () => answer.end());
    answer.on('close', () => passed.destroy());
  });

  beforeAll(async () => {
    target = await new Promise((resolve) =>
      server.stderr.on(
        'data',
        (data) => /http:\S+/.test(String(data)) && resolve(new URL(/http:\S+/.exec(String(data))?.[0] ?? '')),
      ),
    );
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.kill('SIGTERM');
    door.close();
    home.remove();
  });

  test.each(['2026-07-28', '2025-11-25'] as const)('%s', async (revision) => {
    const baseline = path.join(home.folder, `${revision}.yml`);
    writeFileSync(
      baseline,
      `server:\n${Object.values(notOffered[revision])
        .flat()
        .map((scenario) => `  - ${scenario}\n`)
        .join('')}`,
    );
    const { port } = door.address() as AddressInfo;
    const run = await new Promise<{ code: number | null; output: string }>((resolve) => {
      const child = spawn(
        programs.conformance,
        [
          'server',
          '--url',
          `http://localhost:${port}/mcp`,
          '--requirements',
          revision,
          '--timeout',
          '3000',
          '--expected-failures',
          baseline,
        ],
        { cwd: home.folder, env: home.env },
      );
      let output = '';
      child.stdout.on('data', (data) => (output += data));
      child.stderr.on('data', (data) => (output += data));
      child.once('exit', (code) => resolve({ code, output }));
    });
    const verdict = run.output.slice(run.output.lastIndexOf('=== SUMMARY ==='));
    expect(run.code, verdict).toBe(0);
    expect(verdict).toMatch(/✓ tools-list/);
    expect(verdict).toMatch(/✓ dns-rebinding-protection/);
  });
});
