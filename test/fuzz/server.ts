import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { serverCommand } from '../fixtures/client.ts';

/** A request that every good server answers. */
export const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'fuzz', version: '1' } },
};

/** Starts the atlas server over stdio. */
export function startStdio(workspace: string): ChildProcess {
  const [command, ...args] = serverCommand('atlas');
  return spawn(command, [...args, '--workspace', workspace], { stdio: ['pipe', 'pipe', 'ignore'] });
}

/** Starts the atlas server over HTTP and waits until it listens. Rejects with what it says when it ends before. */
export async function startHttp(
  workspace: string,
  env: Record<string, string> = {},
): Promise<{ child: ChildProcess; port: number; token: string }> {
  const [command, ...args] = serverCommand('atlas');
  const child = spawn(command, [...args, '--workspace', workspace, '--http', '0'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
  let said = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr?.on('data', (data) => {
      said += data;
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said);
      if (found) resolve(Number(found[1]));
    });
    child.once('exit', () => reject(new Error(said)));
  });
  const token = env.BREGMA_TOKEN ?? readFileSync(path.join(workspace, '.bregma/http-token'), 'utf8').trim();
  return { child, port, token };
}

/** Whether the server answers a good call. */
export async function answersHttp(port: number, token: string): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: 'POST',
    body: JSON.stringify(initialize),
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
    },
  }).catch(() => undefined);
  await answer?.text();
  return answer?.status === 200;
}
