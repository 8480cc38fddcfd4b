import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { nativePackages } from '@bregma/core/native';

interface Installing {
  /** Where `node_modules` is to lie. What is there stays until the new one is whole. */
  folder: string;
  signal: AbortSignal;
  /** A line that npm says. */
  onLine(line: string): void;
  env?: NodeJS.ProcessEnv;
}

/** Installs the native modules with npm, beside what is there, and puts them in its place when all went well. Runs no script of a package. */
export async function installNative({ folder, signal, onLine, env = process.env }: Installing): Promise<void> {
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const dependencies = Object.fromEntries(Object.entries(nativePackages).map(([name, { version }]) => [name, version]));
  writeFileSync(path.join(fresh, 'package.json'), JSON.stringify({ private: true, dependencies }, null, 2));
  try {
    await npmInstall(fresh, signal, onLine, env);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function npmInstall(
  cwd: string,
  signal: AbortSignal,
  onLine: (line: string) => void,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--fetch-retries=1',
      '--fetch-retry-mintimeout=1000',
      '--loglevel=http',
    ];
    // On Windows npm is a command file, which only a shell starts; no argument comes from outside.
    const windows = process.platform === 'win32';
    const child = spawn('npm', args, { cwd, env, shell: windows, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-20_000);
        const line = text.trim().split('\n').at(-1);
        if (line) onLine(line);
      });
    }
    child.once('error', (error: NodeJS.ErrnoException) => reject(signal.aborted ? cancelled() : notStarted(error)));
    child.once('close', (code) => {
      if (signal.aborted) reject(cancelled());
      else if (code === 0) resolve();
      else reject(failed(said, code));
    });
  });
}

const cancelled = () => new BregmaError('cancelled', 'The installation was cancelled; nothing was changed.');

function notStarted(error: NodeJS.ErrnoException): BregmaError {
  if (error.code !== 'ENOENT') return new BregmaError('failed', `npm could not be started: ${error.message}.`);
  return new BregmaError('missing', 'npm was not found.', {
    next: 'Install Node.js 22 or newer from https://nodejs.org, which brings npm, then reload the window and try again.',
  });
}

function failed(said: string, code: number | null): BregmaError {
  const offline = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/.exec(said)?.[1];
  if (offline) {
    return new BregmaError('failed', `The npm registry could not be reached (${offline}); nothing was changed.`, {
      next: 'Connect to the network or set npm’s registry and proxy, then try again. Or install the modules elsewhere and name their node_modules folder in the setting bregma.nativeModules.',
    });
  }
  const reason = said.split('\n').findLast((line) => /npm (error|ERR!) \S/.test(line)) ?? `exit code ${code}`;
  return new BregmaError('failed', `npm could not install the native modules: ${reason.trim()}; nothing was changed.`, {
    next: 'See the output channel “Bregma”.',
  });
}
