import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ServerName, serverNames } from '@bregma/core/contracts/server-name';
import { ToolForm } from '@bregma/core/contracts/tool-form';
import { BregmaError } from '@bregma/core/errors';
import { connectServer as connect, type ServerConnection } from '@bregma/core/mcp/client';
import * as z from 'zod';

const fromSource = import.meta.url.endsWith('.ts');

/** Where a file of the build may lie: below or beside this program. */
const placesOf = (name: string): string[] =>
  [`servers/${name}`, name].map((place) => path.resolve(path.dirname(fileURLToPath(import.meta.url)), place));

/** A program of the build, or its source when run from source. */
function programAt(name: string, source: string, what: string): string {
  const programs = fromSource ? [fileURLToPath(new URL(source, import.meta.url))] : placesOf(name);
  const program = programs.find((file) => existsSync(file));
  if (program) return program;
  throw new BregmaError('missing', `${what} is not at ${programs[0]}.`, { next: 'Run `npm run build`.' });
}

/** The server's program: the bundle below or beside this one, or its source when run from source. */
export const serverProgram = (server: ServerName): string =>
  programAt(`${server}.mjs`, `../../mcp-servers/${server}/src/main.ts`, `The ${server} server`);

/** What draws Vega-Lite, in a process of its own. */
export const chartProgram = (): string =>
  programAt('chart-worker.mjs', '../../notebooks/src/chart-worker.ts', 'What draws charts');

/** What runs a network that is scored, in a process of its own. */
export const networkProgram = (): string =>
  programAt('onnx-worker.mjs', '../../readers/src/onnx-worker.ts', 'What runs networks');

/** What the servers advertise: as the build wrote it down, or asked of them when run from source. */
export async function toolForms(workspace: string): Promise<ToolForm[]> {
  const file = fromSource ? undefined : placesOf('tools.json').find((place) => existsSync(place));
  if (file) return z.array(ToolForm).parse(JSON.parse(readFileSync(file, 'utf8')));
  const lists = await Promise.all(
    serverNames.map(async (server) => {
      const connection = await connectServer(server, workspace);
      return connection.forms().finally(() => connection.close());
    }),
  );
  return lists.flat();
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
