// A thread of the spiking engine. It simulates one trial after the other on its region of a shared memory, and is stopped by the
// control word of the region, which the kernel reads in every step.
import { parentPort } from 'node:worker_threads';
import { type Job, KernelInstance } from './spiking/engines/kernel-instance.ts';
import type { Reply, Request } from './spiking/engines/protocol.ts';
import { countShared } from './spiking/shared-memory.ts';

let opened: { job: Job; instance: KernelInstance } | undefined;
let counted: WeakRef<WebAssembly.Memory> | undefined;

parentPort?.on('message', (request: Request) => {
  if ('forget' in request) {
    opened = undefined;
    return;
  }
  const reply = answer(request);
  const transfer = reply.result ? [reply.result.counts.buffer, reply.result.spikes.buffer] : [];
  // SAFETY: results are copied out of shared memory, so their buffers are ordinary ones.
  parentPort?.postMessage(reply, transfer as ArrayBuffer[]);
});

function answer(request: Exclude<Request, { forget: true }>): Reply {
  try {
    if (request.job) {
      const { job, module, regionAt } = request.job;
      if (counted?.deref() !== job.memory) {
        countShared(job.memory);
        counted = new WeakRef(job.memory);
      }
      opened = { job, instance: new KernelInstance(module, job, regionAt) };
    }
    if (!opened) throw new Error('A trial came before its job.');
    return { trial: request.trial, result: opened.instance.run(request.seed) };
  } catch (error) {
    return { trial: request.trial, failed: error instanceof Error ? error.message : String(error) };
  }
}
