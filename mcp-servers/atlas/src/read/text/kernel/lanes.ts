import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Block, BlockPlan } from './block.ts';
import { BlockReader } from './block-reader.ts';
import type { Rows } from './blocks.ts';
import { csvKernel } from './csv.gen.ts';

/** What a thread that reads blocks is made with. */
export interface LaneData {
  module: WebAssembly.Module;
  plan: BlockPlan;
  mostBytes: number;
}
/** A block as a thread gives it back, with the buffer that it was lent. */
export interface LaneReply {
  block: Block;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Reads blocks one after the other. */
export interface Lane {
  read(rows: Rows): Promise<LaneReply>;
  close(): void;
}

let compiled: WebAssembly.Module | undefined;

/** The compiled kernel. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(csvKernel());
  return compiled;
}

/** More threads than this do not read faster than one hands out. */
const mostThreads = 4;

/** A text of fewer bytes is read before threads have started. */
const fewBytes = 1 << 23;

/** Lanes for a text of so many bytes: this thread, or threads beside it. */
export function openLanes(plan: BlockPlan, mostBytes: number, bytes: number): Lane[] {
  const data = { module: kernelModule(), plan, mostBytes };
  if (bytes <= fewBytes) return [here(data)];
  return Array.from({ length: Math.min(mostThreads, Math.max(1, availableParallelism())) }, () => thread(data));
}

function here({ module, plan, mostBytes }: LaneData): Lane {
  const reader = new BlockReader(module, plan, mostBytes);
  return { read: async ({ bytes, length }) => ({ block: reader.read(bytes, length), bytes }), close: () => {} };
}

function thread(data: LaneData): Lane {
  const source = import.meta.url.endsWith('.ts') ? '../../../csv-worker.ts' : './csv-worker.mjs';
  const worker = new Worker(new URL(source, import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    workerData: data,
    name: 'csv',
  });
  const waiting: { resolve(reply: LaneReply): void; reject(error: Error): void }[] = [];
  let failed: Error | undefined;
  const fail = (error: Error) => {
    failed ??= error;
    for (const { reject } of waiting.splice(0)) reject(failed);
  };
  worker.on('message', (reply: LaneReply) => waiting.shift()?.resolve(reply));
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => fail(new Error('a thread that read a part of the file ended')));
  return {
    read: (rows) =>
      new Promise((resolve, reject) => {
        if (failed) return reject(failed);
        waiting.push({ resolve, reject });
        worker.postMessage(rows, [rows.bytes.buffer]);
      }),
    close: () => void worker.terminate(),
  };
}
