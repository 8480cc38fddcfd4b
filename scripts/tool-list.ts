// What the servers advertise, for the editor: it completes and checks notebook cells without starting a server.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { serverNames, ToolForm } from '../core/src/contracts/tool-form.ts';

/** Asks each server for its tools. programOf: the server's program file. */
export async function toolList(programOf: (server: string) => string): Promise<ToolForm[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-tools-'));
  try {
    const lists = await Promise.all(
      serverNames.map(async (server) => {
        const client = new Client({ name: 'bregma-build', version: '1.0.0' });
        const args = [programOf(server), '--workspace', folder];
        await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'inherit' }));
        try {
          const { tools } = await client.listTools();
          return tools.map(({ name, description = '', inputSchema, annotations }) =>
            ToolForm.parse({
              server,
              name,
              question: description,
              acts: annotations?.destructiveHint === true,
              input: inputSchema,
            }),
          );
        } finally {
          await client.close();
        }
      }),
    );
    return lists.flat();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
