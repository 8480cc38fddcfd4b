// The Python of the reference implementations, in a virtual environment of its own below .cache. Plain JavaScript: it runs
// before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './node.mjs';

/** Installs test/reference/requirements.txt once and returns the interpreter, or undefined, having said why, when there is no Python. */
export function referencePython() {
  const requirements = path.join(root, 'test/reference/requirements.txt');
  const folder = path.join(root, '.cache/python');
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const mark = path.join(folder, 'installed.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return python;
  const base = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (!base) {
    console.log('There is no Python: comparisons with reference implementations are skipped.');
    return undefined;
  }
  console.error('Installing the reference implementations (Python) …');
  const steps = [
    [base, ['-m', 'venv', folder]],
    [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]],
  ];
  for (const [command, args] of steps) {
    const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
    if (status === 0) continue;
    console.log(`${command} ${args.join(' ')} failed: comparisons with reference implementations are skipped.`);
    return undefined;
  }
  writeFileSync(mark, wanted);
  return python;
}
