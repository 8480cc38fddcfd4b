import { plainJson } from '@bregma/core/contracts/plain-text';
import { BregmaError } from '@bregma/core/errors';
import { parseServerName } from '@bregma/core/server-names';
import type { Command } from '../command.ts';
import { connectServer } from '../servers.ts';

export const call: Command = {
  name: 'call',
  summary: 'call one tool through a real MCP client and print its answer as JSON',
  help: `Usage: bregma call SERVER TOOL ['{"argument": …}'] [--workspace DIR]

  bregma call atlas find_data '{"species":"macaque"}'
  bregma call atlas query_data '{"sql":"SELECT 1 AS one"}'
  echo '{"data":"macaque-v4-210325"}' | bregma call atlas describe_data -

The answer goes to stdout as JSON, and nothing else does; progress goes to stderr. A long job is waited for.
Exit code 1 when the tool says isError. Without TOOL it lists the server's tools.`,
  async run({ positionals: [serverText, tool, json], workspace }) {
    const connection = await connectServer(parseServerName(serverText), workspace);
    try {
      if (tool === undefined) {
        for (const name of await connection.tools()) console.log(name);
        return 0;
      }
      const { isError, answer } = await connection.tryCall(tool, await parseArguments(json), {
        onProgress: showProgress,
      });
      console.log(plainJson(answer, process.stdout.isTTY ? 2 : 0));
      return isError ? 1 : 0;
    } finally {
      await connection.close();
    }
  },
};

async function parseArguments(json: string | undefined): Promise<Record<string, unknown>> {
  const text = json === '-' ? await readStdin() : (json ?? '{}');
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      // SAFETY: an object that is no list; members of any type.
      return parsed as Record<string, unknown>;
  } catch {
    // fall through to the one message for everything that is no JSON object
  }
  throw new BregmaError('bad-input', `The arguments are no JSON object: ${text.slice(0, 120)}`, {
    next: `Quote them for your shell: bregma call atlas find_data '{"query":"fly"}'`,
  });
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  // SAFETY: stdin has no encoding here, so it gives Buffers.
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function showProgress({ progress, total, message }: { progress: number; total?: number; message?: string }): void {
  if (!process.stderr.isTTY) return;
  const share = total ? `${Math.round((100 * progress) / total)} %` : `${Math.round(progress)}`;
  process.stderr.write(`\r\x1b[K${share} ${message ?? ''}`);
  if (total && progress >= total) process.stderr.write('\r\x1b[K');
}
