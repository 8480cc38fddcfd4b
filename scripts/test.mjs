// `npm test`: installs what tests need, checks the source, builds, runs every test, and prints one closing line.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { install } from './install.mjs';
import { environment, root, run } from './node.mjs';
import { referencePython } from './python.mjs';
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
const report = path.join(root, '.cache/vitest.json');
mkdirSync(path.dirname(report), { recursive: true });
const steps = [
  ...(chosen.length > 0 ? [] : [['scripts/check.ts']]),
  ['scripts/build.ts'],
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...chosen,
  ],
];
let failedSteps = 0;
for (const [script, ...args] of steps) {
  const code = await run([path.join(root, script), ...args], { env });
  if (code !== 0) failedSteps++;
}
const result = existsSync(report)
  ? JSON.parse(readFileSync(report, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 };
const failed = result.numFailedTests + (result.numFailedTests === 0 && failedSteps > 0 ? failedSteps : 0);
console.log(`${result.numPassedTests} passed, ${failed} failed, ${result.numPendingTests} skipped`);
process.exit(failed > 0 ? 1 : 0);
