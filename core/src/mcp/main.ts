import { parseArgs } from 'node:util';
import { BregmaError } from '../errors.ts';
import { nodeTooOld } from '../node-version.ts';
import { whatIsRead } from '../reading-policy.ts';
import { type ServerDefinition, serve } from './serve.ts';

/** The whole of a server's `main`: reads `--workspace` and `--http`, serves until the client is gone, ends the process. */
export async function serveFromCommandLine(definition: ServerDefinition, args = process.argv.slice(2)): Promise<void> {
  const old = nodeTooOld();
  if (old) return fail(old);
  try {
    const { values } = parseArgs({
      args,
      options: { workspace: { type: 'string' }, http: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      process.stdout.write(
        `${definition.name}: ${definition.title}, an MCP server.\n  --workspace DIR   folder whose .bregma holds the records (default: BREGMA_WORKSPACE or the current folder)\n  --http PORT       serve Streamable HTTP on 127.0.0.1:PORT/mcp (0: a free port) instead of stdio\n\n${whatIsRead}\n`,
      );
      return;
    }
    const port = values.http === undefined ? undefined : Number(values.http);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
      throw new BregmaError('bad-input', `--http takes a port from 0 to 65535, not '${values.http}'.`);
    }
    const served = await serve(definition, {
      workspace: values.workspace ?? process.env.BREGMA_WORKSPACE ?? process.cwd(),
      httpPort: port,
    });
    if (served.url) {
      process.stderr.write(`${definition.name} at ${served.url}\n`);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void served.close());
    }
    await served.closed;
    process.exit(0);
  } catch (error) {
    const next = error instanceof BregmaError && error.next ? ` ${error.next}` : '';
    fail(`${definition.name}: ${error instanceof Error ? error.message : error}${next}`);
  }
}

function fail(line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}
