import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { root } from '../fixtures/client.ts';
import { type Fuzzed, type Fuzzer, goesOn } from './fuzzer.ts';

/** Arrays that one process of Python writes. */
const atOnce = 300;

/** What NumPy says of an array: refused names the fields of records, and is empty for other things that are no numbers. */
type Said = { refused: string[] } | { dtype: string; shape: number[]; values: string[] };

/** Arrays that NumPy saves in every type, order, byte order and version, and that come back value by value, or are refused by name. */
export const randomArrays: Fuzzer = {
  name: 'random-arrays',
  async run(seed, extent) {
    const python = process.env.BREGMA_REFERENCE_PYTHON;
    const done: Fuzzed = { tried: 0, failures: [] };
    if (!python) {
      console.log('Skipped without BREGMA_REFERENCE_PYTHON: random arrays of NumPy.');
      return done;
    }
    const startedMs = performance.now();
    for (let batch = 0; goesOn(extent, done.tried, startedMs); batch++) {
      const folder = mkdtempSync(path.join(tmpdir(), 'bregma-arrays-'));
      const count = 'count' in extent ? Math.min(atOnce, extent.count - done.tried) : atOnce;
      const script = path.join(root, 'test/reference/random_arrays.py');
      const lines = execFileSync(python, [script, folder, String(seed + batch), String(count)], {
        maxBuffer: 1 << 28,
        encoding: 'utf8',
      });
      for (const [i, line] of lines.trim().split('\n').entries()) {
        const wrong = difference(readFileSync(path.join(folder, `a${i}.npy`)), JSON.parse(line));
        done.tried++;
        if (wrong) done.failures.push(`seed ${seed + batch}, array ${i}: ${wrong} in ${line.slice(0, 300)}`);
      }
      rmSync(folder, { recursive: true });
    }
    return done;
  },
};

/** What differs from what NumPy said, in words. */
function difference(file: Uint8Array, said: Said): string | undefined {
  let array: ReturnType<typeof parseNpy>;
  try {
    array = parseNpy(file);
  } catch (error) {
    if (!(error instanceof BregmaError) || !('refused' in said)) return String(error);
    const unnamed = said.refused.filter((field) => !error.message.includes(field));
    return unnamed.length > 0 ? `${unnamed.join(', ')} not named: ${error.message}` : undefined;
  }
  if ('refused' in said) return 'was read';
  const type = said.dtype === 'f2' ? 'f4' : said.dtype;
  if (array.dtype !== type || array.shape.join() !== said.shape.join()) return `${array.dtype} [${array.shape}]`;
  const again = parseNpy(writeNpy(array));
  for (const [i, text] of said.values.entries())
    for (const { data } of [array, again]) {
      const value = data[i];
      const right = typeof value === 'bigint' ? BigInt(text) : Number(text);
      if (!Object.is(value, right)) return `${value} for ${text} at ${i}`;
    }
  return array.data.length === said.values.length ? undefined : `${array.data.length} values`;
}
