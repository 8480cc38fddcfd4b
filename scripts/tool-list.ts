// What the servers advertise, for the editor and the command line: they check notebook cells without starting a server.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serverNames, type ToolForm } from '../core/src/contracts/tool-form.ts';
import { connectServer } from '../core/src/mcp/client.ts';

/** Asks each server for its tools. programOf: the server's program file. */
export async function toolList(programOf: (server: string) => string): Promise<ToolForm[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-tools-'));
  try {
    const lists = await Promise.all(
      serverNames.map(async (server) => {
        const args = [programOf(server), '--workspace', folder];
        // SAFETY: process.env has no undefined members once it is read.
        const env = process.env as Record<string, string>;
        const launch = { server, command: process.execPath, args, env, client: 'bregma-build' };
        const connection = await connectServer(launch);
        try {
          return await connection.forms();
        } finally {
          await connection.close();
        }
      }),
    );
    return lists.flat();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
