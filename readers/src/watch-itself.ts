import { Worker } from 'node:worker_threads';

/** What a process may take: bytes of memory, ms of time. */
export interface ProcessLimits {
  bytes: number;
  ms: number;
}

/** On a busy machine more time passes than is used: so many times as much may. */
export const longestWait = 6;

/**
 * Watches this process from a thread of its own, because a parser that runs away holds the main one: it ends at its limits of memory
 * and time, and with the server that started it. processors: its time is that of its processors, so that an honest file may take
 * longer on a busy machine. Returns what sets the limits, or lifts them between two tasks. file: where the reason is left, `memory` or `time`.
 */
export function watchItself({ processors = false } = {}): (limits?: ProcessLimits, file?: string) => void {
  const workerData = { server: process.ppid, processors, longestWait: processors ? longestWait : 1 };
  const thread = new Worker(watcher, { eval: true, workerData, name: 'watch', stderr: true });
  thread.unref();
  return (limits, file) => thread.postMessage(limits && { ...limits, file });
}

const watcher = `
const { parentPort, workerData } = require('node:worker_threads');
const { writeFileSync } = require('node:fs');
let limits;
const usedMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
parentPort.on('message', (given) => { limits = given && { ...given, until: performance.now() + workerData.longestWait * given.ms, most: usedMs() + given.ms }; });
const end = (reason) => {
  try { if (limits) writeFileSync(limits.file, reason); } catch {}
  process.kill(process.pid, 'SIGKILL');
};
setInterval(() => {
  if (process.ppid !== workerData.server) end('orphan');
  if (!limits) return;
  if (process.memoryUsage.rss() > limits.bytes) end('memory');
  if ((workerData.processors && usedMs() > limits.most) || performance.now() > limits.until) end('time');
}, 20);
`;
