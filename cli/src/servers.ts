import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerName } from '@bregma/core/contracts/tool-form';
import { BregmaError } from '@bregma/core/errors';
import { connectServer as connect, type ServerConnection } from '@bregma/core/mcp/client';

/** The server's program: the bundle below or beside this one, or its source when run from source. */
export function serverProgram(server: ServerName): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const places = import.meta.url.endsWith('.ts')
    ? [`../../mcp-servers/${server}/src/main.ts`]
    : [`servers/${server}.mjs`, `${server}.mjs`];
  const programs = places.map((place) => path.resolve(here, place));
  const program = programs.find((file) => existsSync(file));
  if (program) return program;
  throw new BregmaError('missing', `The ${server} server is not at ${programs[0]}.`, { next: 'Run `npm run build`.' });
}

/** Starts a server over a workspace and connects a real MCP client to it. */
export function connectServer(server: ServerName, workspace: string, name = 'bregma-cli'): Promise<ServerConnection> {
  return connect({
    server,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', serverProgram(server), '--workspace', workspace],
    // SAFETY: process.env has no undefined members once it is read.
    env: process.env as Record<string, string>,
    client: name,
  });
}
