import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root, temporaryWorkspace } from '../fixtures/client.ts';

const installed = path.join(root, 'test/clients/node_modules');

/** Programs of the clients that agents come with, as pinned in test/clients. */
export const programs = {
  claude: path.join(
    installed,
    `@anthropic-ai/claude-code-${process.platform}-${process.arch}`,
    process.platform === 'win32' ? 'claude.exe' : 'claude',
  ),
  codex: path.join(installed, '@openai/codex/bin/codex.js'),
  inspector: path.join(installed, '.bin/mcp-inspector'),
  conformance: path.join(installed, '.bin/conformance'),
};

/** True when `npm test` installed the clients. */
export const haveClients = Object.values(programs).every((program) => existsSync(program));

export interface Sandbox {
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Runs a program to its end; stdout and stderr together. */
  run(program: string, args: string[], options?: { timeoutMs?: number }): { output: string; status: number | null };
  remove(): void;
}

/** A home folder of its own: no client sees or changes the real one. The pinned Node is the first `node` on the path. */
export function sandbox(): Sandbox {
  const { folder, remove } = temporaryWorkspace();
  mkdirSync(path.join(folder, 'codex'), { recursive: true });
  const env: NodeJS.ProcessEnv = {
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
    HOME: folder,
    CODEX_HOME: path.join(folder, 'codex'),
    CLAUDE_CONFIG_DIR: path.join(folder, 'claude'),
    DISABLE_TELEMETRY: '1',
    DISABLE_AUTOUPDATER: '1',
  };
  return {
    folder,
    env,
    remove,
    run(program, args, { timeoutMs = 200_000 } = {}) {
      const [command, ...first] = program.endsWith('.js') ? [process.execPath, program] : [program];
      const result = spawnSync(command, [...first, ...args], {
        cwd: folder,
        env,
        encoding: 'utf8',
        timeout: timeoutMs,
        input: '',
      });
      return { output: `${result.stdout}${result.stderr}`, status: result.status };
    },
  };
}

/** Codex's app-server, spoken to in JSON lines. */
export function codexAppServer({ folder, env }: Sandbox) {
  const child = spawn(process.execPath, [programs.codex, 'app-server'], {
    cwd: folder,
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map<number, (message: Record<string, unknown>) => void>();
  let nextId = 1;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Record<string, unknown>;
    const id = Number(message.id);
    waiting.get(id)?.(message);
    waiting.delete(id);
  });
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  return {
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every method
    request: (method: string, params: object = {}): Promise<any> =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        const timer = setTimeout(() => reject(new Error(`Codex did not answer ${method} within 45 s`)), 45_000);
        waiting.set(id, (message) => {
          clearTimeout(timer);
          if (message.error) reject(new Error(JSON.stringify(message.error)));
          else resolve(message.result);
        });
        send({ id, method, params });
      }),
    notify: (method: string) => send({ method }),
    close: () => child.kill('SIGKILL'),
  };
}
