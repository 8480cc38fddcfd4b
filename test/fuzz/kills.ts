import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { Ledger } from '@bregma/core/ledger/ledger';
import { verifyStore } from '@bregma/core/ledger/verify';
import { makeRandom } from '@bregma/core/statistics/random';
import { build } from 'esbuild';
import { root } from '../fixtures/client.ts';
import { type Extent, type Fuzzed, type Fuzzer, goesOn } from './fuzzer.ts';

/** Writers that append at once. */
const writers = 10;

/**
 * Ten writers of one ledger, each killed at a random moment and started anew. What was acknowledged is there afterwards and the
 * chain is whole; where the log is cut at a random byte, which no process can survive, verify names what is gone.
 */
export const kills: Fuzzer = {
  name: 'kills',
  async run(seed: number, extent: Extent): Promise<Fuzzed> {
    const folder = mkdtempSync(path.join(tmpdir(), 'bregma-kills-'));
    const random = makeRandom(seed);
    const failures: string[] = [];
    let tried = 0;
    const started = performance.now();
    try {
      const program = await bundled(folder);
      const bregma = made(folder, 'store');
      const acknowledged = new Map<number, string>();
      while (goesOn(extent, tried, started) && failures.length === 0) {
        const count = 'count' in extent ? Math.min(5 * writers, extent.count - tried) : 5 * writers;
        await killed(count, () => startWriter(program, bregma), acknowledged, random.uniform);
        tried += count;
        failures.push(...lost(bregma, acknowledged), ...cutLog(folder, bregma, acknowledged, random.uniform));
      }
      failures.push(...(await fullDisk(folder, program, random.uniform)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return { tried, failures };
  },
};

/** The writer as one file, which starts quickly. */
async function bundled(folder: string): Promise<string> {
  const outfile = path.join(folder, 'writer.cjs');
  const entry = path.join(root, 'test/fixtures/kill-writer.ts');
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' });
  return outfile;
}

function made(folder: string, name: string): string {
  const bregma = path.join(folder, name);
  mkdirSync(bregma, { recursive: true });
  new Ledger(bregma).close();
  return bregma;
}

function startWriter(program: string, bregma: string, bytes = 10): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, bregma, String(bytes)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(path.dirname(program), 'compiled') },
  });
}

/** Starts `count` writers, ten at a time, and kills each: most after some of their records, some before they have opened. */
async function killed(
  count: number,
  start: () => ChildProcess,
  acknowledged: Map<number, string>,
  uniform: () => number,
): Promise<void> {
  let left = count;
  const slot = async () => {
    while (left-- > 0) await oneWriter(start(), acknowledged, uniform);
  };
  await Promise.all(Array.from({ length: writers }, slot));
}

async function oneWriter(
  child: ChildProcess,
  acknowledged: Map<number, string>,
  uniform: () => number,
): Promise<string[]> {
  const early = uniform() < 0.1;
  const records = 1 + Math.floor(uniform() * 12);
  const laterMs = uniform() * 3;
  const kill = () => void setTimeout(() => child.kill('SIGKILL'), laterMs);
  if (early) setTimeout(kill, uniform() * 60);
  const refused: string[] = [];
  let text = '';
  let seen = 0;
  child.stdout?.on('data', (data) => {
    const lines = (text + data).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const [seq, hash] = line.split(' ');
      if (seq === 'refused') refused.push(line);
      else acknowledged.set(Number(seq), hash);
      if (++seen === records) kill();
    }
  });
  await new Promise((resolve) => child.once('close', resolve));
  return refused;
}

function lost(bregma: string, acknowledged: Map<number, string>): string[] {
  const ledger = new Ledger(bregma, { readOnly: true });
  const gone = [...acknowledged].filter(([seq, hash]) => ledger.rowBySeq(seq)?.hash !== hash);
  ledger.close();
  const faults = verifyStore(bregma).faults.map(({ what, problem }) => `${what} ${problem}`);
  return [...gone.map(([seq]) => `record ${seq} was acknowledged and is lost`), ...faults];
}

/** In a copy of the store, the log ends at a random byte. */
function cutLog(folder: string, bregma: string, acknowledged: Map<number, string>, uniform: () => number): string[] {
  const copy = path.join(folder, 'cut');
  rmSync(copy, { recursive: true, force: true });
  cpSync(bregma, copy, { recursive: true });
  const log = path.join(copy, 'ledger.sqlite-wal');
  if (!existsSync(log)) return [];
  truncateSync(log, Math.floor(uniform() * (statSync(log).size + 1)));
  rmSync(`${copy}/ledger.sqlite-shm`, { force: true });
  const faults = verifyStore(copy).faults.map(({ problem }) => problem);
  const gone = missingFrom(copy, acknowledged);
  // Frames that were being moved into the file when the writer was killed are needed to read it: without them it is damaged.
  if (gone === undefined) return faults.length > 0 ? [] : ['with a cut log: what cannot be read is whole to verify'];
  // An index may need them where the table does not.
  const named = faults.filter((problem) => /the ledger's tail is missing|^is damaged: /.test(problem));
  const other = faults.filter((problem) => !named.includes(problem)).map((problem) => `with a cut log: ${problem}`);
  return gone.length > 0 && named.length === 0
    ? [...other, `${gone.length} records are gone with their log, unsaid`]
    : other;
}

/** Acknowledged records that a ledger does not show; undefined: it says that it is damaged. */
function missingFrom(bregma: string, acknowledged: Map<number, string>): number[] | undefined {
  try {
    const ledger = new Ledger(bregma, { readOnly: true });
    const missing = [...acknowledged.keys()].filter((seq) => !ledger.rowBySeq(seq));
    ledger.close();
    return missing;
  } catch (error) {
    if (error instanceof BregmaError && error.code === 'corrupt') return undefined;
    throw error;
  }
}

/** On a disk that fills up: each writer is told so, and what was acknowledged is there. Left out where none can be mounted. */
async function fullDisk(folder: string, program: string, uniform: () => number): Promise<string[]> {
  const disk = path.join(folder, 'disk');
  mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status !== 0) return [];
  try {
    const bregma = made(disk, 'store');
    const acknowledged = new Map<number, string>();
    const start = () => startWriter(program, bregma, 20_000);
    const refusals = await Promise.all(
      Array.from({ length: 4 * writers }, () => oneWriter(start(), acknowledged, uniform)),
    );
    const other = refusals.flat().filter((line) => !line.includes('the disk is full'));
    return [...other.map((line) => `on a full disk: ${line}`), ...lost(bregma, acknowledged)];
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
}
