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
import { type Outcome, SuiteRuns } from './mutate/suites.ts';
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
const results = new Map<Candidate, Tried>();
const open: Candidate[] = [];
for (const { one } of chosen) {
  const known = tried.find(({ name, digest }) => name === one.name && digest === one.digest);
  if (known && known.state !== 'survived') results.set(one, known);
  else if (Date.now() < until) {
    const result = await attempt(one, 'within');
    if (result) keep(one, result);
    else open.push(one);
  }
}
console.log(`${open.length} pass all suites that import them; these are built.`);
for (const one of open) {
  if (Date.now() < until) keep(one, (await attempt(one, 'over')) ?? resultOf(one, 'survived'));
  else results.set(one, resultOf(one, 'open'));
}
console.log(table([...results.values()], positionals));

/** Notes what became of a mutant, for the table and for a later run. */
function keep(one: Candidate, result: Tried): void {
  results.set(one, result);
  const others = tried.filter(({ name }) => name !== one.name);
  tried.splice(0, tried.length, ...others, result);
  writeFileSync(keptFile, JSON.stringify(tried, null, 1));
  const by = result.by ? `  (${result.by})` : '';
  console.log(`${result.state.padEnd(10)} ${one.file}:${one.mutant.line} ${one.mutant.what}${by}`);
}

function resultOf({ file, mutant, name, digest }: Candidate, state: Tried['state'], by?: string): Tried {
  return { file, name, digest, what: mutant.what, line: mutant.line, state, by };
}

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

/**
 * One mutant, tested until a test fails: by the suites that import its file, or by those that start a program that holds it. The
 * file is whole again afterwards, whatever happens. undefined: no test noticed.
 */
async function attempt(one: Candidate, stage: 'within' | 'over'): Promise<Tried | undefined> {
  if (equivalent.has(one.name)) return resultOf(one, 'equivalent');
  const reaching = suitesReaching(one.file, suites, held, Number(values.tests), (suite) => runs.secondsOf(suite));
  if (reaching.within.length + reaching.over.length === 0) return resultOf(one, 'survived', 'no test reaches it');
  for (;;) {
    const asked = reaching[stage].filter((suite) => passing.get(suite) !== false);
    const outcome = await noticing(one, asked, stage);
    if (outcome === 'invalid') return resultOf(one, 'invalid');
    if (!outcome.failed) return undefined;
    const { suite, test } = outcome.failed;
    if (await passes(suite, stage === 'over')) return resultOf(one, 'killed', test ? `${suite}: ${test}` : suite);
  }
}

/** What suites say of a file with a mutant in it. */
async function noticing({ file, source, mutant }: Candidate, asked: readonly string[], stage: 'within' | 'over') {
  if (asked.length === 0) return {};
  const full = path.join(tree, file);
  writeFileSync(full, mutated(source, mutant));
  try {
    return stage === 'within' ? await runs.run(asked, false) : await noticingBuilt(file, asked);
  } finally {
    writeFileSync(full, source);
  }
}

/** What suites say of the programs that hold a file, one after the other; `invalid` where nothing can be built from it. */
async function noticingBuilt(file: string, asked: readonly string[]): Promise<Outcome | 'invalid'> {
  const own = Object.keys(programs(tree)).filter((program) => held.get(program)?.has(file));
  try {
    await buildAgain([...own, ...stale]);
  } catch {
    return 'invalid';
  } finally {
    for (const program of own) stale.add(program);
  }
  for (const suite of asked) {
    const outcome = await runs.run([suite], true);
    if (outcome.failed) return outcome;
  }
  return {};
}

/** Builds these programs from the tree as it stands. */
async function buildAgain(names: readonly string[]): Promise<void> {
  if (names.length > 0)
    await build(Object.fromEntries(Object.entries(programs(tree)).filter(([name]) => names.includes(name))));
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
