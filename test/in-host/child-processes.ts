import { spawnSync } from 'node:child_process';

export interface Child {
  pid: number;
  command: string;
}

/** Every process below this one. */
export function childProcesses(): Child[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' });
  const all = stdout.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid ? [{ pid: Number(pid), parent: Number(parent), command }] : [];
  });
  const below = (id: number): Child[] =>
    all.filter(({ parent }) => parent === id).flatMap(({ pid, command }) => [{ pid, command }, ...below(pid)]);
  return below(process.pid);
}

/** Ids of the running servers of this name below this process: those of notebooks and those of the editor's chat. */
export const serverProcesses = (name: 'atlas' | 'twin' | 'lab'): number[] =>
  childProcesses()
    .filter(({ command }) => command.includes(`servers/${name}.mjs`))
    .map(({ pid }) => pid);
