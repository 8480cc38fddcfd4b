import { type ChildProcess, fork } from 'node:child_process';
import { programEnvironment } from './program-environment.ts';

/**
 * Starts a process that reads what strangers wrote. It talks with this one alone, knows nothing of its surroundings, and does not keep
 * it alive: the server may end while the process waits. program: its path; cwd: the folder in which it begins.
 */
export function forkProgram(program: string, cwd: string): ChildProcess {
  const child = fork(program, [], {
    cwd,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'json',
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...programEnvironment(), TZ: 'UTC' },
  });
  child.unref();
  child.channel?.unref();
  child.on('error', () => {});
  return child;
}
