// `npm run mutate -- FOLDER… [--sample N] [--seed S] [--tests N] [--minutes M]`: breaks the sources below FOLDER in one place at a
// time, in a copy of the tree, builds again what holds the file (servers and workers too), runs the tests that reach it until one
// fails, and prints a table and what no test noticed. What was tried is kept in `.cache/mutants/tried.json`, so that a run goes on
// where the last one ended; mutants that change nothing are named in `scripts/mutate/equivalent.ts`. No part of CI.
import { spawnSync } from 'node:child_process';
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
const until = Date.now() + Number(values.minutes) * 60_000;
const passing = new Map<string, boolean>();

const all = positionals.flatMap((folder) => sourcesBelow(root, folder)).flatMap(mutantsOfFile);
const random = makeRandom(`mutants ${values.seed}`);
const chosen = values.sample ? random.shuffle(all).slice(0, Number(values.sample)) : all;
console.log(`${all.length} mutants in ${new Set(all.map(({ file }) => file)).size} files; ${chosen.length} are tried.`);
const results: Tried[] = [];
for (const one of chosen) {
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
console.log(table(results));

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

/** One mutant: built, and tested until a test fails. The file is whole again afterwards, whatever happens. */
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
  const reaching = suitesReaching(file, suites, held, Number(values.tests)).filter(passes);
  if (reaching.length === 0) return result('survived', 'no test reaches it');
  const own = Object.fromEntries(Object.entries(programs(tree)).filter(([program]) => held.get(program)?.has(file)));
  const full = path.join(tree, file);
  writeFileSync(full, mutated(source, mutant));
  try {
    try {
      if (Object.keys(own).length > 0) await build(own);
    } catch {
      return result('invalid');
    }
    for (const suite of reaching) {
      const { status } = vitest(suite);
      if (status !== 0) return result('killed', suite);
    }
    return result('survived');
  } finally {
    writeFileSync(full, source);
    if (Object.keys(own).length > 0) await build(own);
  }
}

/** Whether a suite passes on the tree as it is: one that does not cannot notice anything. */
function passes(suite: string): boolean {
  const known = passing.get(suite);
  if (known !== undefined) return known;
  const { status } = vitest(suite);
  passing.set(suite, status === 0);
  if (status !== 0) console.log(`Left out: ${suite} fails as it is.`);
  return status === 0;
}

function vitest(suite: string) {
  const program = path.join(tree, 'node_modules/vitest/vitest.mjs');
  const mirror = path.join(root, '../shared/data');
  return spawnSync(process.execPath, [program, 'run', '--bail', '1', suite], {
    cwd: tree,
    timeout: 240_000,
    stdio: 'ignore',
    env: {
      ...process.env,
      BREGMA_TEST_DIST: '1',
      ...(existsSync(mirror) ? { BREGMA_MIRROR: process.env.BREGMA_MIRROR ?? mirror } : {}),
    },
  });
}
