// A thread that reads blocks of a delimited text into pages of Parquet, one after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { BlockReader } from './read/text/kernel/block-reader.ts';
import type { Rows } from './read/text/kernel/blocks.ts';
import type { LaneData, LaneReply } from './read/text/kernel/lanes.ts';

// SAFETY: lanes.ts starts this thread, with its data.
const { module, plan, mostBytes } = workerData as LaneData;
const reader = new BlockReader(module, plan, mostBytes);

parentPort?.on('message', ({ bytes, length }: Rows) => {
  const block = reader.read(bytes, length);
  const reply: LaneReply = { block, bytes };
  parentPort?.postMessage(reply, [...new Set([bytes, ...block.pages].map(({ buffer }) => buffer))]);
});
