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

/** Runs a suite. Returns what each file came to; a suite that wrote no report has failed as a whole. */
async function suite(name, args) {
  const report = path.join(root, `.cache/${name}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run([vitest, 'run', ...reporters, ...args], { env });
  if (!existsSync(report)) return [{ file: name, passed: 0, failed: 1, skipped: 0 }];
  const files = JSON.parse(readFileSync(report, 'utf8')).testResults.map(({ name: file, status, assertionResults }) => {
    const count = (...states) => assertionResults.filter((test) => states.includes(test.status)).length;
    const failed = count('failed') || (status === 'failed' ? 1 : 0);
    return { file, passed: count('passed'), failed, skipped: count('pending', 'skipped', 'todo', 'disabled') };
  });
  // An error outside the tests fails the suite, whatever the tests say.
  const unseen = code !== 0 && files.every(({ failed }) => failed === 0);
  return unseen ? [...files, { file: name, passed: 0, failed: 1, skipped: 0 }] : files;
}

const editorConfig = ['--config', 'vitest.e2e.config.ts'];

/**
 * The suites in the real editor, one after the other. A file that fails is run once more in a new editor, and says so: a window
 * that was slow to come is told from a fault. Where the editor cannot be had they are counted as skipped, with the reason; under CI that is a failure. */
async function editorSuites() {
  const missing = prepareEditor();
  if (!missing) {
    const first = await suite('vitest-e2e', editorConfig);
    const again = first.filter(({ file, failed }) => failed > 0 && existsSync(file)).map(({ file }) => file);
    if (again.length === 0 || again.length > first.length / 2) return first;
    console.log(`Once more, in a new editor: ${again.map((file) => path.relative(root, file)).join(', ')}`);
    const second = await suite('vitest-e2e-again', [...editorConfig, ...again]);
    return [...first.filter(({ file }) => !again.includes(file)), ...second];
  }
  const listed = path.join(root, '.cache/vitest-e2e-list.json');
  await run([vitest, 'list', ...editorConfig, `--json=${listed}`], { env });
  const { length } = JSON.parse(readFileSync(listed, 'utf8'));
  if (process.env.CI) {
    console.error(`The ${length} tests in the real editor could not run: ${missing}. Under CI this is a failure.`);
    return [{ file: 'test/e2e', passed: 0, failed: length, skipped: 0 }];
  }
  console.log(`Skipped: ${length} tests in the real editor, because ${missing}.`);
  return [{ file: 'test/e2e', passed: 0, failed: 0, skipped: length }];
}

const steps = [...(chosen.length > 0 ? [] : ['scripts/check.ts']), 'scripts/build.ts'];
let failed = 0;
for (const script of steps) if ((await run([path.join(root, script)], { env })) !== 0) failed++;
const results = [...(await suite('vitest', chosen)), ...(chosen.length > 0 ? [] : await editorSuites())];
const sum = (count) => results.reduce((all, result) => all + result[count], 0);
failed += sum('failed');
console.log(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`);
process.exit(failed > 0 ? 1 : 0);
