import { Worker } from 'node:worker_threads';

/** What a process may take: bytes of memory, ms of time. */
export interface ProcessLimits {
  bytes: number;
  ms: number;
}

/**
 * Watches this process from a thread of its own, because a parser that runs away holds the main one: it ends at its limits of memory
 * and time, and with the server that started it. Returns what sets the limits, or lifts them between two tasks. file: where the reason is left, `memory` or `time`.
 */
export function watchItself(): (limits?: ProcessLimits, file?: string) => void {
  const thread = new Worker(watcher, { eval: true, workerData: process.ppid, name: 'watch', stderr: true });
  thread.unref();
  return (limits, file) => thread.postMessage(limits && { ...limits, file });
}

const watcher = `
const { parentPort, workerData } = require('node:worker_threads');
const { writeFileSync } = require('node:fs');
let limits;
parentPort.on('message', (given) => { limits = given && { ...given, until: performance.now() + given.ms }; });
const end = (reason) => {
  try { if (limits) writeFileSync(limits.file, reason); } catch {}
  process.kill(process.pid, 'SIGKILL');
};
setInterval(() => {
  if (process.ppid !== workerData) end('orphan');
  if (!limits) return;
  if (process.memoryUsage.rss() > limits.bytes) end('memory');
  if (performance.now() > limits.until) end('time');
}, 20);
`;
