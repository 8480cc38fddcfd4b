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

/** Runs a suite. Returns its counts; a suite that wrote no report has failed as a whole. */
async function suite(name, args) {
  const report = path.join(root, `.cache/${name}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run([vitest, 'run', ...reporters, ...args], { env });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests || (code === 0 ? 0 : 1), skipped: numPendingTests };
}

const editorConfig = ['--config', 'vitest.e2e.config.ts'];

/** The suites in the real editor. Where it cannot be had they are counted as skipped, with the reason; under CI that is a failure. */
async function editorSuites() {
  const missing = prepareEditor();
  if (!missing) return suite('vitest-e2e', editorConfig);
  const listed = path.join(root, '.cache/vitest-e2e-list.json');
  await run([vitest, 'list', ...editorConfig, `--json=${listed}`], { env });
  const { length } = JSON.parse(readFileSync(listed, 'utf8'));
  if (process.env.CI) {
    console.error(`The ${length} tests in the real editor could not run: ${missing}. Under CI this is a failure.`);
    return { passed: 0, failed: length, skipped: 0 };
  }
  console.log(`Skipped: ${length} tests in the real editor, because ${missing}.`);
  return { passed: 0, failed: 0, skipped: length };
}

const steps = [...(chosen.length > 0 ? [] : ['scripts/check.ts']), 'scripts/build.ts'];
let failed = 0;
for (const script of steps) if ((await run([path.join(root, script)], { env })) !== 0) failed++;
const results = [await suite('vitest', chosen), ...(chosen.length > 0 ? [] : [await editorSuites()])];
const sum = (count) => results.reduce((all, result) => all + result[count], 0);
failed += sum('failed');
console.log(`${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`);
process.exit(failed > 0 ? 1 : 0);
