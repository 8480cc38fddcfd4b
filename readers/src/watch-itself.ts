import { Worker } from 'node:worker_threads';

/** What a process may take: bytes of memory, ms of time. */
export interface ProcessLimits {
  bytes: number;
  ms: number;
}

/** On a busy machine more time passes than is used: so many times as much may. */
export const longestWait = 6;

/** What watches a process. */
export interface Watch {
  /** Sets its limits from now on, or lifts them between two tasks. file: where the reason is left, `memory` or `time`. */
  limit(limits?: ProcessLimits, file?: string): void;
  /** Resolves if the process is within its limits; else it ends. What is told after it was told within them, however quick it was. */
  within(): Promise<void>;
}

/**
 * Watches this process from a thread of its own, because a parser that runs away holds the main one: it ends at its limits of memory
 * and time, and with the server that started it. processors: its time is that of its processors, so that an honest file may take
 * longer on a busy machine.
 */
export function watchItself({ processors = false } = {}): Watch {
  const workerData = { server: process.ppid, processors, longestWait: processors ? longestWait : 1 };
  const thread = new Worker(watcher, { eval: true, workerData, name: 'watch', stderr: true });
  thread.unref();
  return {
    // The thread may start late: its clocks are read here.
    limit: (limits, file) =>
      thread.postMessage({
        limits: limits && { ...limits, file, sinceNs: process.hrtime.bigint(), sinceUs: usedUs() },
      }),
    within: () =>
      new Promise((resolve) => {
        thread.ref();
        thread.once('message', () => {
          thread.unref();
          resolve();
        });
        thread.postMessage({ look: true });
      }),
  };
}

/** Time of this process's processors, µs. */
const usedUs = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const watcher = `
const { parentPort, workerData } = require('node:worker_threads');
const { writeFileSync } = require('node:fs');
let limits;
const usedMs = () => { const { user, system } = process.cpuUsage(); return (user + system - limits.sinceUs) / 1000; };
const passedMs = () => Number(process.hrtime.bigint() - limits.sinceNs) / 1e6;
const end = (reason) => {
  try { if (limits) writeFileSync(limits.file, reason); } catch {}
  process.kill(process.pid, 'SIGKILL');
};
const look = () => {
  if (process.ppid !== workerData.server) end('orphan');
  if (!limits) return;
  if (process.memoryUsage.rss() > limits.bytes) end('memory');
  if ((workerData.processors && usedMs() > limits.ms) || passedMs() > workerData.longestWait * limits.ms) end('time');
};
parentPort.on('message', (asked) => {
  if (!asked.look) return void (limits = asked.limits);
  look();
  parentPort.postMessage('within');
});
setInterval(look, 20);
`;
