import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { networkWall } from '@bregma/core/network-wall';
import { programEnvironment } from './program-environment.ts';

/**
 * Starts a process that reads what strangers wrote, behind the wall that the system can put between it and the network. It talks with
 * this one alone, knows nothing of its surroundings, and does not keep it alive: the server may end while the process waits. program: its
 * path; cwd: the folder in which it begins. manner: how it is spoken with, in JSON or also in arrays; bare: in arrays, and it may write
 * nothing, read programs alone and start no other.
 */
export function forkProgram(program: string, cwd: string, manner: 'json' | 'arrays' | 'bare' = 'json'): ChildProcess {
  const [wall, ...through] = [...(networkWall()?.command ?? []), process.execPath];
  const child = fork(program, [], {
    cwd,
    execPath: wall,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: manner === 'json' ? 'json' : 'advanced',
    execArgv: [...through, '--disable-warning=ExperimentalWarning', ...(manner === 'bare' ? confined(program) : [])],
    env: { ...programEnvironment(), TZ: 'UTC' },
  });
  child.unref();
  child.channel?.unref();
  child.on('error', () => {});
  return child;
}

/** Flags of Node's permission model: https://nodejs.org/api/permissions.html */
function confined(program: string): string[] {
  const modules = process.env.BREGMA_NATIVE_MODULES;
  const read = [...aboveWithModules(program), ...(modules ? [path.resolve(modules)] : [])];
  return ['--permission', '--allow-addons', '--allow-worker', ...read.map((folder) => `--allow-fs-read=${folder}`)];
}

/** The program's folder (run from source, the house), and the packages that it finds from there. */
function aboveWithModules(program: string): string[] {
  const folder = path.dirname(program);
  const found = [program.endsWith('.ts') ? path.resolve(folder, '../..') : folder];
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at))
    if (existsSync(path.join(at, 'node_modules'))) found.push(path.join(at, 'node_modules'));
  return found;
}
