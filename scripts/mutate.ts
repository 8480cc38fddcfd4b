// `npm run mutate -- FOLDER… [--sample N] [--seed S] [--tests N] [--minutes M]`: breaks the sources below each FOLDER in N places,
// one at a time, in a copy of the tree. Suites that import the file run first, from source and in one process; only what passes
// them is built into servers and workers, and shown to the suites that start those. The table has a line a FOLDER, and what no test
// noticed. What was tried is kept in `.cache/mutants/`, so that a run goes on where the last one ended; mutants that change nothing
// are named in `scripts/mutate/equivalent.ts`. No part of CI.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeRandom } from '../core/src/statistics/random.ts';
import { bundlePrograms, programs } from './bundle-programs.ts';
import { equivalent } from './mutate/equivalent.ts';
import { type Mutant, mutantsOf, mutated, nameOf } from './mutate/mutants.ts';
import { type Programs, suitesOf, suitesReaching } from './mutate/reach.ts';
import { SuiteRuns } from './mutate/suites.ts';
import { type Tried, table } from './mutate/table.ts';
import { copyTree, sourcesBelow } from './mutate/tree.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    tests: { type: 'string', default: '10' },
    minutes: { type: 'string', default: '600' },
  },
});
if (positionals.length === 0) {
  console.error('usage: npm run mutate -- FOLDER… [--sample N] [--seed S] [--tests N] [--minutes M]');
  process.exit(2);
}

const define = { BREGMA_VERSION: '"0.0.0+mutant"' };
const cache = path.join(root, '.cache/mutants');
const tree = path.join(cache, 'tree');
const keptFile = path.join(cache, 'tried.json');
mkdirSync(cache, { recursive: true });
copyTree(root, tree);
const tried: Tried[] = existsSync(keptFile) ? JSON.parse(readFileSync(keptFile, 'utf8')) : [];
const held = await build(programs(tree));
const suites = suitesOf(tree);
const runs = new SuiteRuns(tree, cache, path.join(root, '../shared/data'));
const until = Date.now() + Number(values.minutes) * 60_000;
const passing = new Map<string, boolean>();

/** Programs that were built from a mutant since they were last built from the tree as it is. */
const stale = new Set<string>();

const ofFolders = positionals.map((folder) => sampleOf(folder.replace(/\/$/, '')));
const chosen = ofFolders.flatMap(({ chosen: own }, i) => own.map((one, turn) => ({ one, turn, i })));
// In turns, so that a run that is cut short has tried as many of each folder.
chosen.sort((a, b) => a.turn - b.turn || a.i - b.i);
for (const { folder, all, chosen: own } of ofFolders)
  console.log(`${folder}: ${own.length} of ${all} mutants are tried.`);
const results: Tried[] = [];
for (const { one } of chosen) {
  const known = tried.find(({ name, digest }) => name === one.name && digest === one.digest);
  if (!known && Date.now() > until) continue;
  const result = known && known.state !== 'survived' ? known : await attempt(one);
  results.push(result);
  if (result === known) continue;
  const others = tried.filter(({ name }) => name !== one.name);
  tried.splice(0, tried.length, ...others, result);
  writeFileSync(keptFile, JSON.stringify(tried, null, 1));
  console.log(
    `${result.state.padEnd(10)} ${one.file}:${one.mutant.line} ${one.mutant.what}${result.by ? `  (${result.by})` : ''}`,
  );
}
console.log(table(results, positionals));

/** Mutants below a folder: how many there are, and those that are tried. */
function sampleOf(folder: string): { folder: string; all: number; chosen: Candidate[] } {
  const all = sourcesBelow(root, folder).flatMap(mutantsOfFile);
  const shuffled = values.sample ? makeRandom(`mutants ${values.seed} ${folder}`).shuffle(all) : all;
  return { folder, all: all.length, chosen: shuffled.slice(0, values.sample ? Number(values.sample) : undefined) };
}

interface Candidate {
  file: string;
  source: string;
  mutant: Mutant;
  name: string;
  digest: string;
}

function mutantsOfFile(file: string): Candidate[] {
  const source = readFileSync(path.join(root, file), 'utf8');
  const digest = createHash('sha256').update(source).digest('hex').slice(0, 12);
  const found = mutantsOf(source, file).map((mutant) => ({
    file,
    source,
    mutant,
    name: nameOf(file, source, mutant),
    digest,
  }));
  return found;
}

/** Builds these programs in the tree. Returns which sources each holds. */
async function build(entries: Record<string, string>): Promise<Programs> {
  const { metafile } = await bundlePrograms(tree, entries, define);
  return new Map(
    Object.entries(metafile.outputs).map(([out, { inputs }]) => [
      out.replace(/^dist\//, '').replace(/\.mjs$/, ''),
      new Set(Object.keys(inputs)),
    ]),
  );
}

/** One mutant, tested until a test fails. The file is whole again afterwards, whatever happens. */
async function attempt({ file, source, mutant, name, digest }: Candidate): Promise<Tried> {
  const result = (state: Tried['state'], by?: string): Tried => ({
    file,
    name,
    digest,
    what: mutant.what,
    line: mutant.line,
    state,
    by,
  });
  if (equivalent.has(name)) return result('equivalent');
  const { within, over } = suitesReaching(file, suites, held, Number(values.tests), (suite) => runs.secondsOf(suite));
  if (within.length + over.length === 0) return result('survived', 'no test reaches it');
  const open = { within: within.filter(mayPass), over: over.filter(mayPass) };
  for (;;) {
    const outcome = await noticing(file, mutated(source, mutant), source, open);
    if (outcome === 'invalid') return result('invalid');
    if (!outcome.failed) return result('survived');
    const { suite, test } = outcome.failed;
    if (await passes(suite, open.over.includes(suite))) return result('killed', test ? `${suite}: ${test}` : suite);
    open.within = open.within.filter(mayPass);
    open.over = open.over.filter(mayPass);
  }
}

/** What the suites say of a file with a mutant in it: first those that import it, then, built, those that start a program. */
async function noticing(
  file: string,
  broken: string,
  whole: string,
  { within, over }: ReturnType<typeof suitesReaching>,
) {
  const full = path.join(tree, file);
  writeFileSync(full, broken);
  try {
    const first = within.length > 0 ? await runs.run(within, false) : {};
    if (first.failed || over.length === 0) return first;
    const own = Object.keys(programs(tree)).filter((program) => held.get(program)?.has(file));
    try {
      await buildAgain([...own, ...stale]);
    } catch {
      return 'invalid';
    } finally {
      for (const program of own) stale.add(program);
    }
    for (const suite of over) {
      const outcome = await runs.run([suite], true);
      if (outcome.failed) return outcome;
    }
    return {};
  } finally {
    writeFileSync(full, whole);
  }
}

/** Builds these programs from the tree as it stands. */
async function buildAgain(names: readonly string[]): Promise<void> {
  if (names.length > 0)
    await build(Object.fromEntries(Object.entries(programs(tree)).filter(([name]) => names.includes(name))));
}

function mayPass(suite: string): boolean {
  return passing.get(suite) !== false;
}

/** Whether a suite passes on the tree as it is: one that does not cannot notice anything. Asked once, of those that failed. */
async function passes(suite: string, built: boolean): Promise<boolean> {
  const known = passing.get(suite);
  if (known !== undefined) return known;
  if (built) {
    await buildAgain([...stale]);
    stale.clear();
  }
  const { failed } = await runs.run([suite], built);
  passing.set(suite, !failed);
  if (failed) console.log(`Left out: ${suite} fails as it is (${failed.test ?? 'no test could be named'}).`);
  return !failed;
}
