// Installs what the lock file names, when it is not installed yet. Plain JavaScript: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

/** Runs `npm ci` in `folder` unless its node_modules is newer than its lock file. Throws when npm fails. */
export function install(folder) {
  const lock = path.join(folder, 'package-lock.json');
  const mark = path.join(folder, 'node_modules', '.package-lock.json');
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs - 1000) return;
  console.error(`Installing packages in ${path.relative(process.cwd(), folder) || '.'} …`);
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) throw new Error(`npm ci failed in ${folder}. Check the network and try again.`);
}
