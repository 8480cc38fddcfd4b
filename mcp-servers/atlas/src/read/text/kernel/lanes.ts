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

/** Reads blocks, several at a time. */
export interface Lanes {
  /** Blocks that may be read at a time. */
  most: number;
  read(rows: Rows): Promise<LaneReply>;
  close(): void;
}

/** Reads blocks one after the other, beside this thread. */
interface Lane {
  /** Blocks that it was given and has not read. */
  waiting(): number;
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
/** Blocks that a thread has at hand, so that it never waits. */
const atHand = 2;
/** A text of fewer bytes is read before a thread has started. */
const fewBytes = 1 << 23;

/** Lanes for a text of so many bytes: this thread reads what the ones beside it have no hand free for. */
export function openLanes(plan: BlockPlan, mostBytes: number, bytes: number): Lanes {
  const data = { module: kernelModule(), plan, mostBytes };
  const others = bytes <= fewBytes ? 0 : Math.min(mostThreads, availableParallelism()) - 1;
  const threads = Array.from({ length: Math.max(0, others) }, () => thread(data));
  let own: BlockReader | undefined;
  return {
    most: atHand * threads.length + 1,
    async read(rows) {
      const free = threads.find((lane) => lane.waiting() < atHand);
      if (free) return free.read(rows);
      own ??= new BlockReader(data.module, plan, mostBytes);
      return { block: own.read(rows.bytes, rows.length), bytes: rows.bytes };
    },
    close() {
      for (const lane of threads) lane.close();
    },
  };
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
    waiting: () => waiting.length,
    read: (rows) =>
      new Promise((resolve, reject) => {
        if (failed) return reject(failed);
        waiting.push({ resolve, reject });
        worker.postMessage(rows, [rows.bytes.buffer]);
      }),
    close: () => void worker.terminate(),
  };
}
