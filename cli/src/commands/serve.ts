import { spawn } from 'node:child_process';
import { whatIsRead } from '@bregma/core/reading-policy';
import { parseServerName } from '@bregma/core/server-names';
import type { Command } from '../command.ts';
import { serverProgram } from '../servers.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'run an MCP server: atlas, twin or lab',
  help: `Usage: bregma serve atlas|twin|lab [--http PORT] [--workspace DIR]

Speaks MCP on stdin and stdout, which is what Claude Code, Codex and other clients start:
  claude mcp add bregma-atlas -- bregma serve atlas
  codex mcp add bregma-atlas -- bregma serve atlas
With --http PORT it serves Streamable HTTP on 127.0.0.1:PORT/mcp instead (0: a free port); clients send
"Authorization: Bearer TOKEN" with the token from DIR/.bregma/http-token or BREGMA_TOKEN.

BREGMA_AUTONOMY limits what tools may do: A0 read, A1 simulate, A2 stage, A3 run one approved plan (default).

${whatIsRead}`,
  options: { http: { type: 'string' } },
  run({ positionals, values, workspace }) {
    const program = serverProgram(parseServerName(positionals[0]));
    const args = ['--disable-warning=ExperimentalWarning', program, '--workspace', workspace];
    if (typeof values.http === 'string') args.push('--http', values.http);
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
    });
  },
};
