// The process in which files of anybody are read. It serves one import at a time, holds no secret, has no network, writes into the folder
// that it is given, and can be killed at any moment; what it answers is checked.
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError, saidBy, sayError } from '@bregma/core/errors';
import { ObjectStore } from '@bregma/core/objects/objects';
import type { ReadingPolicy } from '@bregma/core/reading-policy';
import { namedStorage } from '@bregma/core/storage';
import { closeNetwork } from '@bregma/readers/offline';
import { watchItself } from '@bregma/readers/watch-itself';
import { datasets } from './datasets/index.gen.ts';
import type { FormatKit, Parts } from './formats/format.ts';
import { formats } from './formats/index.gen.ts';
import { tellNaN } from './import/array-nan.ts';
import { Inputs, largeNamed } from './import/inputs.ts';
import { mostColumns } from './import/limits.ts';
import {
  endedFile,
  type ImportMessage,
  type ImportReply,
  type ImportRequest,
  type ImportTask,
  objectsFolder,
} from './import/protocol.ts';
import { openDuck } from './read/open-duck.ts';
import { fillHoles } from './read/sparse-file.ts';

closeNetwork();
const watch = watchItself({ processors: true });
const say = (message: ImportMessage) => process.send?.(message);

/** A process that holds more after an import serves no other. */
const mostKept = 250e6;
/** DuckDB's share of the memory: it spills into the import's folder beyond it. */
const shareOfDuck = 0.6;

/** Shapes whose formats say how many responses were not measured. */
const saysItself = new Set(['stimulus-response', 'causal-responses']);

async function read({ task, policy, folder, limits, keepNaN }: ImportRequest): Promise<ImportReply> {
  process.chdir(folder);
  const objects = new ObjectStore(path.join(folder, objectsFolder));
  mkdirSync(objects.folder);
  const inputs = new Inputs(policy, path.join(folder, 'inputs'), { progress: progressTo(say) });
  const { signal } = new AbortController();
  const duck = await openDuck(objects, signal, {
    keepNaN,
    also: [folder, ...placesOf(task, policy)],
    memory: `${Math.round((shareOfDuck * limits.bytes) / 1e6)}MB`,
  });
  const kit: FormatKit = {
    objects,
    duck,
    signal,
    progress: progressTo(say),
    resolve: (file) => inputs.resolve(file),
    mostColumns: mostColumns(limits),
  };
  try {
    const parts = await partsOf(task, inputs, kit);
    const read = parts.files ?? [];
    const { arrays, said } = tellNaN(parts.arrays, keepNaN, objects);
    return {
      ...parts,
      arrays,
      warnings: [...parts.warnings, ...(saysItself.has(parts.shape) ? [] : said), ...duck.notes, ...inputs.notes].map(
        (text) => inputs.withOriginals(text),
      ),
      read: read.map((file) => inputs.originalOf(file)),
      files: inputs.digests(read),
    };
  } catch (error) {
    if (!(error instanceof BregmaError)) throw error;
    const { code, message, next, fields } = error;
    throw new BregmaError(code, inputs.withOriginals(message), { next: next && inputs.withOriginals(next), fields });
  } finally {
    duck.close();
  }
}

/** What is, or may be, read where it lies. */
function placesOf(task: ImportTask, policy: ReadingPolicy): string[] {
  if ('entry' in task) return task.places.map(([, place]) => place);
  if (task.copy) return [task.copy.path];
  return largeNamed(task.source, task.options, policy);
}

async function partsOf(task: ImportTask, inputs: Inputs, kit: FormatKit): Promise<Parts> {
  if ('entry' in task) {
    const entry = datasets.flat().find(({ id, release }) => `${id}@${release}` === task.entry);
    if (!entry) throw new Error(`No registered release is called ${task.entry}.`);
    const names = task.places.map(([name]) => name);
    const made = await entry.ingest(
      (name) => {
        const found = task.places.find(([file]) => file.endsWith(name));
        if (!found) throw new Error(`${entry.id} does not list a file ${name}.`);
        return found[1];
      },
      kit,
      names,
    );
    return { warnings: [], ...made, shape: entry.shape, files: [] };
  }
  const format = formats.find(({ name }) => name === task.format);
  if (!format) throw new Error(`No format is called ${task.format}.`);
  if (task.copy) {
    const { path: copy, sparse } = task.copy;
    if (sparse) fillHoles(copy, sparse, (first, last) => say({ need: { first, last } }));
    const parts = await format.read(copy, task.options, { ...kit, isSparing: sparse !== undefined });
    return { ...parts, files: [] };
  }
  const file = inputs.resolve(task.source);
  const parts = await format.read(file, task.options, kit);
  return { ...parts, files: parts.files ?? [file] };
}

function progressTo(tell: (message: ImportMessage) => void): FormatKit['progress'] {
  let at = Number.NEGATIVE_INFINITY;
  return (done, total, message) => {
    if (performance.now() - at < 100) return;
    at = performance.now();
    tell({ progress: { done, total, message } });
  };
}

process.on('message', async (request: ImportRequest) => {
  watch.limit(request.limits, path.join(request.folder, endedFile));
  try {
    const reply = await read(request);
    await watch.within();
    watch.limit();
    process.chdir(tmpdir());
    say({ reply, again: process.memoryUsage.rss() < mostKept });
  } catch (met) {
    const error = namedStorage(met);
    const { message, next } = saidBy(error);
    say({ failed: error instanceof BregmaError ? sayError(error) : { code: 'failed', message, next } });
  }
});

// DuckDB's threads may be at work: only a signal ends the process at once.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

if (process.platform === 'linux') {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000'); // when memory is short, this process goes and no other
  } catch {
    // a container may forbid it; the limit holds all the same
  }
}

// Loaded while the request is on its way.
void openDuck(new ObjectStore('.'), new AbortController().signal).then(
  (duck) => duck.close(),
  () => {},
);
