import { codeOf } from './storage.ts';

/** Whether a process of this machine runs. One that belongs to somebody else (EPERM) does. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
