// Runs a command line under a Node that has `node:sqlite`: the running one if it is new enough, else the pinned one
// that npm installed. Plain JavaScript without imports from packages, so that Node 20 can run it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** True when `version` (e.g. "22.13.0") has `node:sqlite` without a flag. */
export function isNewEnough(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 13);
}

/** Path of a Node that can run Bregma. Throws with the fix when there is none. */
export function findNode() {
  if (isNewEnough()) return process.execPath;
  const packages = [
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
  ];
  const require = createRequire(path.join(root, 'package.json'));
  for (const name of packages) {
    try {
      const folder = path.dirname(require.resolve(`${name}/package.json`));
      const binary = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
      if (existsSync(binary)) return binary;
    } catch {
      // not installed for this platform: try the next name
    }
  }
  throw new Error(
    `Bregma needs Node 22.13 or newer; this is ${process.versions.node} and no pinned Node is installed for ${process.platform}-${process.arch}. Install Node 22 from https://nodejs.org and try again.`,
  );
}

/** Environment in which children also find the new Node first, and SQLite's experimental notice stays out of stderr. */
export function environment(node = findNode()) {
  const options = `${process.env.NODE_OPTIONS ?? ''} --disable-warning=ExperimentalWarning`.trim();
  return {
    ...process.env,
    NODE_OPTIONS: options,
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`,
  };
}

/** Runs `node ...args` and resolves with its exit code; signals are passed on. */
export function run(args, options = {}) {
  const node = findNode();
  const child = spawn(node, args, { stdio: 'inherit', cwd: root, env: environment(node), ...options });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await run(process.argv.slice(2), { cwd: process.cwd() });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
