import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { npyHead } from '@bregma/core/npy';
import { openWorkspace, type Workspace } from '@bregma/core/workspace';
import { readFileSql } from '@bregma/readers/sql-text';
import fc from 'fast-check';
import type { FormatKit, Parts } from '../../mcp-servers/atlas/src/formats/format.ts';
import { openDuck } from '../../mcp-servers/atlas/src/read/open-duck.ts';
import { chooseFormat } from '../../mcp-servers/atlas/src/sources/choose-format.ts';
import { type Fuzzed, type Fuzzer, goesOn } from './fuzzer.ts';

/** More work than this, in milliseconds of the processor, is a hang: what else the machine does is no fault of a reader. */
const longestMs = 10_000;
/** Larger files take seconds each: they are damaged once in a while. */
const smallBytes = 330_000;

/** Files of formats that the zoo lacks. */
const own = path.join(import.meta.dirname, '../fixtures/zoo');

/** The zoo: files, and folders that are one data set. */
export function zooFiles(): string[] {
  return [...mirroredFiles(), ...readdirSync(own).map((file) => path.join(own, file))];
}

function mirroredFiles(): string[] {
  const zoo = path.join(process.env.BREGMA_MIRROR ?? '../shared/data', 'formats-zoo');
  if (!existsSync(zoo)) return [];
  return readdirSync(zoo, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(path.join(zoo, name)).map((file) => path.join(zoo, name, file)));
}

/** Reads a file or folder as `add_data` would, in a workspace of its own. */
export async function readAnything(file: string, workspace: Workspace): Promise<Parts> {
  const { signal } = new AbortController();
  const duck = await openDuck(workspace.objects, signal, { also: [file] });
  const kit: FormatKit = { objects: workspace.objects, duck, signal, progress: () => {}, resolve: (one) => one };
  try {
    const parts = await chooseFormat(file, file, undefined).read(file, {}, kit);
    for (const { name, object, rows } of parts.tables) {
      const source = readFileSql('parquet', workspace.objects.pathOf(object));
      const [{ n }] = await duck.rows(`SELECT count(*)::DOUBLE AS n FROM ${source}`);
      if (n !== rows) throw new Error(`the table ${name} says ${rows} rows and has ${n}`);
    }
    for (const { name, object, dtype, shape } of parts.arrays) {
      const bytes = workspace.objects.get(object);
      const head = npyHead(bytes.subarray(0, 70_000));
      if (head.dtype !== dtype || head.shape.join() !== shape.join() || head.start + head.bytes !== bytes.length)
        throw new Error(`the array ${name} is not the ${dtype} of [${shape}] that it says`);
    }
    return parts;
  } finally {
    duck.close();
  }
}

type Damage = { at: number; by: number; kind: 'flip' | 'cut' | 'zero' | 'repeat' | 'insert' };

const damage: fc.Arbitrary<Damage> = fc.record({
  // Heads and tails hold what a reader believes.
  at: fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 0.02, noNaN: true }),
    fc.double({ min: 0.98, max: 1, noNaN: true }),
  ),
  by: fc.integer({ min: 1, max: 255 }),
  kind: fc.constantFrom('flip', 'flip', 'flip', 'cut', 'zero', 'repeat', 'insert'),
});

/** The bytes with something else in them. */
function damaged(bytes: Buffer, changes: Damage[]): Buffer {
  return changes.reduce((before, { at: share, by, kind }) => {
    const at = Math.min(before.length - 1, Math.floor(share * before.length));
    const [head, rest] = [before.subarray(0, Math.max(0, at)), before.subarray(Math.max(0, at))];
    if (before.length === 0 || kind === 'cut') return Buffer.from(head);
    if (kind === 'insert') return Buffer.concat([head, Buffer.alloc(by % 16, by), rest]);
    if (kind === 'repeat') return Buffer.concat([head, rest.subarray(0, by), rest]);
    const own = Buffer.from(before);
    if (kind === 'flip') own[at] ^= by;
    else own.fill(0, at, Math.min(own.length, at + by));
    return own;
  }, bytes);
}

/** One file of a folder, or the file itself. */
function parts(file: string): string[] {
  if (!statSync(file).isDirectory()) return [file];
  return readdirSync(file, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Damaged files of the zoo: each is read with the shape that it says, or refused with a next step, within 10 s of work. */
export const zooFilesDamaged: Fuzzer = {
  name: 'zoo-files',
  async run(seed, extent) {
    const done: Fuzzed = { tried: 0, failures: [] };
    const all = zooFiles();
    const size = (file: string) => parts(file).reduce((sum, one) => sum + statSync(one).size, 0);
    const small = all.filter((file) => size(file) < smallBytes);
    const file = fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(...small) },
      { weight: 1, arbitrary: fc.constantFrom(...all) },
    );
    const any = fc.record({ file, which: fc.nat(1000), changes: fc.array(damage, { minLength: 1, maxLength: 4 }) });
    const startedMs = performance.now();
    for (let i = 0; goesOn(extent, done.tried, startedMs); i++) {
      const [one] = fc.sample(any, { numRuns: 1, seed: seed + i });
      const failure = await tryOne(one);
      if (failure) done.failures.push(`seed ${seed + i}, ${path.basename(one.file)}: ${failure}`);
      done.tried++;
    }
    return done;
  },
};

async function tryOne({
  file,
  which,
  changes,
}: {
  file: string;
  which: number;
  changes: Damage[];
}): Promise<string | undefined> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-zoo-'));
  const workspace = openWorkspace(folder);
  const copy = path.join(folder, path.basename(file));
  try {
    cpSync(file, copy, { recursive: true });
    const inside = parts(copy);
    const target = inside[which % inside.length];
    writeFileSync(target, damaged(readFileSync(target), changes));
    const before = process.cpuUsage();
    const refused = await readAnything(copy, workspace).then(
      () => undefined,
      (error: Error) => error,
    );
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1000;
    if (tookMs > longestMs) return `it took ${Math.round(tookMs)} ms`;
    if (!refused) return undefined;
    if (!(refused instanceof BregmaError)) return `${refused.stack?.slice(0, 400)}`;
    const isTold = refused.message.length > 10 && refused.next !== undefined;
    return isTold ? undefined : `refused without a next step: ${refused.message}`;
  } finally {
    workspace.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
