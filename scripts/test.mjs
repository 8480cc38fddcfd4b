// `npm test`: installs what tests need, checks the source, builds, runs every test, those in the real editor last, and prints one
// closing line over all.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { install } from './install.mjs';
import { environment, root, run } from './node.mjs';
import { referencePython } from './python.mjs';
import { prepareEditor } from './test-e2e.mjs';
import { softwareVulkan } from './vulkan.mjs';

install(root);
const clients = path.join(root, 'test/clients');
if (existsSync(path.join(clients, 'package-lock.json'))) install(clients);

const env = environment();
const mirror = path.resolve(root, '../shared/data');
if (!env.BREGMA_MIRROR && existsSync(mirror)) env.BREGMA_MIRROR = mirror;
if (!env.BREGMA_MIRROR)
  console.log('BREGMA_MIRROR is not set: tests on data that may not be redistributed are skipped.');
env.BREGMA_TEST_DIST = '1';
const python = referencePython();
if (python) env.BREGMA_REFERENCE_PYTHON = python;
const vulkan = softwareVulkan();
if (vulkan) env.BREGMA_SOFTWARE_VULKAN = vulkan;

const chosen = process.argv.slice(2);
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
/** Files that failed at first. */
const seconds = [];

/** Runs a suite. Returns what each file came to; a suite that wrote no report has failed as a whole. */
async function suite(name, args) {
  const report = path.join(root, `.cache/${name}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const reporters = [
    '--reporter=default',
    `--reporter=${path.join(root, 'test/security/summary.ts')}`,
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const code = await run([vitest, 'run', ...reporters, ...args], { env });
  const whole = (why) => ({ file: name, passed: 0, failed: 1, skipped: 0, why: [why] });
  if (!existsSync(report)) return [whole('wrote no report')];
  const files = JSON.parse(readFileSync(report, 'utf8')).testResults.map(resultOf);
  // An error outside the tests fails the suite, whatever the tests say.
  const unseen = code !== 0 && files.every(({ failed }) => failed === 0);
  return unseen ? [...files, whole('an error outside the tests')] : files;
}

/** What a file came to, and why: the name of each test that failed, with the first lines of its error. */
function resultOf({ name: file, status, message, assertionResults }) {
  const inState = (...states) => assertionResults.filter((test) => states.includes(test.status));
  const why = inState('failed').map(({ fullName, failureMessages }) => `${fullName}\n${firstLines(failureMessages)}`);
  if (why.length === 0 && status === 'failed') why.push(firstLines([message]));
  const skipped = inState('pending', 'skipped', 'todo', 'disabled').length;
  return { file, passed: inState('passed').length, failed: why.length, skipped, why };
}

const firstLines = (messages) =>
  messages
    .flatMap((message) => (message ?? '').split('\n').slice(0, 6))
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');

/**
 * A file that fails is run once more, by itself and after all others, and says so: a busy machine is told from a fault. Where most
 * files fail there is nothing to tell apart. Returns the results that count.
 */
async function withSecondTry(name, args) {
  const first = await suite(name, args);
  const again = first.filter(({ file, failed }) => failed > 0 && existsSync(file));
  if (again.length === 0 || again.length > first.length / 2) return first;
  console.log(`Once more: ${again.map(({ file }) => path.relative(root, file)).join(', ')}`);
  seconds.push(...again);
  const files = again.map(({ file }) => file);
  const second = await suite(`${name}-again`, [...args, '--maxWorkers=1', ...files]);
  return [...first.filter(({ file }) => !files.includes(file)), ...second];
}
const editorConfig = ['--config', 'vitest.e2e.config.ts'];

/** The suites in the real editor, one after the other. Where the editor cannot be had they are counted as skipped, with the reason; under CI that is a failure. */
async function editorSuites() {
  const missing = prepareEditor();
  if (!missing) return withSecondTry('vitest-e2e', editorConfig);
  const listed = path.join(root, '.cache/vitest-e2e-list.json');
  await run([vitest, 'list', ...editorConfig, `--json=${listed}`], { env });
  const { length } = JSON.parse(readFileSync(listed, 'utf8'));
  if (process.env.CI) {
    console.error(`The ${length} tests in the real editor could not run: ${missing}. Under CI this is a failure.`);
    return [{ file: 'test/e2e', passed: 0, failed: length, skipped: 0, why: [missing] }];
  }
  console.log(`Skipped: ${length} tests in the real editor, because ${missing}.`);
  return [{ file: 'test/e2e', passed: 0, failed: 0, skipped: length }];
}

const steps = [...(chosen.length > 0 ? [] : ['scripts/check.ts']), 'scripts/build.ts'];
const failedSteps = [];
for (const script of steps) if ((await run([path.join(root, script)], { env })) !== 0) failedSteps.push(script);
const units = chosen.length > 0 ? await suite('vitest', chosen) : await withSecondTry('vitest', []);
const results = [...units, ...(chosen.length > 0 ? [] : await editorSuites())];

/** Says what failed, in so few lines that the end of a long log holds them. */
function report(title, failures) {
  if (failures.length === 0) return;
  console.log(`\n${title}`);
  for (const { file, why } of failures)
    for (const reason of why.slice(0, 10)) console.log(`  ${path.relative(root, file)}: ${reason}`);
}
const sum = (count) => results.reduce((all, result) => all + result[count], 0);
const failed = sum('failed') + failedSteps.length;
report('Failed at first, and run once more:', seconds);
report(
  'Failed:',
  results.filter((result) => result.failed > 0),
);
for (const script of failedSteps) console.log(`  ${script} failed`);
console.log(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`);
process.exit(failed > 0 ? 1 : 0);
