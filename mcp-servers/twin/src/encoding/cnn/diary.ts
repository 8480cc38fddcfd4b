import { rmSync } from 'node:fs';
import path from 'node:path';
import { digestOf, sha256 } from '@bregma/core/canonical';
import { sealCache, sealsOf } from '@bregma/core/ledger/cache-seals';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { ownFolder, readOwnFile, writeWhole } from '@bregma/core/storage';
import type { Weights } from './architecture.ts';
import type { Diary, Standing } from './train.ts';

/** Epochs between two entries. */
const every = 5;
const parts = ['weights', 'moments', 'squares', 'average', 'statistics'] as const;

/** Keeps a training in `.bregma/cache`, named by all that it depends on; it is believed only with the bytes that are on record. */
export function diaryOf(of: unknown, { workspace }: Pick<ToolContext, 'workspace'>): Diary & { close(): void } {
  const folder = path.join(workspace.bregma, 'cache');
  const name = `training-${digestOf(of).slice(0, 32)}.f32`;
  const file = path.join(folder, name);
  return {
    read() {
      const bytes = readOwnFile(file);
      if (!bytes || !sealsOf(workspace.ledger, name).includes(sha256(bytes))) return undefined;
      return decode(bytes);
    },
    async write(standing) {
      if (standing.epoch % every !== 0) return;
      ownFolder(folder);
      const bytes = encode(standing);
      writeWhole(file, bytes);
      await sealCache(workspace.ledger, name, sha256(bytes));
    },
    close: () => rmSync(file, { force: true }),
  };
}

interface Head {
  epoch: number;
  steps: number;
  best: { loss: number; r: number | null; epoch: number };
  arrays: { part: string; name: string; shape: number[] }[];
}

/** A line of JSON, then all arrays. */
function encode({ epoch, state, best }: Standing): Uint8Array {
  const groups: [string, Weights][] = [
    ...parts.map((part): [string, Weights] => [part, state[part]]),
    ['best weights', best.weights],
    ['best statistics', best.statistics],
  ];
  const arrays = groups.flatMap(([part, weights]) => [...weights].map(([name, one]) => ({ part, name, ...one })));
  const head: Head = {
    epoch,
    steps: state.steps,
    best: { loss: best.loss, r: Number.isFinite(best.r) ? best.r : null, epoch: best.epoch },
    arrays: arrays.map(({ part, name, shape }) => ({ part, name, shape })),
  };
  const text = Buffer.from(`${JSON.stringify(head)}\n`);
  return Buffer.concat([text, ...arrays.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))]);
}

function decode(bytes: Buffer): Standing {
  const end = bytes.indexOf(10);
  // SAFETY: `encode` wrote it: its bytes are those on record.
  const head = JSON.parse(bytes.toString('utf8', 0, end)) as Head;
  const groups = new Map<string, Weights>();
  let at = end + 1;
  for (const { part, name, shape } of head.arrays) {
    const length = shape.reduce((product, size) => product * size, 1);
    const data = new Float32Array(Uint8Array.from(bytes.subarray(at, at + 4 * length)).buffer);
    at += 4 * length;
    const group: Weights = groups.get(part) ?? new Map();
    groups.set(part, group.set(name, { data, shape }));
  }
  const group = (part: string): Weights => groups.get(part) ?? new Map();
  const [weights, moments, squares, average, statistics] = parts.map(group);
  return {
    epoch: head.epoch,
    state: { weights, moments, squares, average, statistics, steps: head.steps },
    best: {
      ...{ loss: head.best.loss, r: head.best.r ?? Number.NaN, epoch: head.best.epoch },
      ...{ weights: group('best weights'), statistics: group('best statistics') },
    },
  };
}
