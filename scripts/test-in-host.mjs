// `npm run test:in-host`: the mocha suites inside the extension host, in code-server and Chromium. `-- --electron`: in the VS Code
// that @vscode/test-electron downloads. Other arguments are passed on to Vitest.
import path from 'node:path';
import { install } from './install.mjs';
import { root } from './node.mjs';
import { prepareEditor, runEditorSuites } from './test-e2e.mjs';

const args = process.argv.slice(2);
const electron = args.includes('--electron');
install(root);
if (electron) install(path.join(root, 'tools/editor'));
const missing = electron ? undefined : prepareEditor();
if (missing) {
  console.error(`The suites in the extension host cannot run: ${missing}.`);
  process.exit(1);
}
const rest = args.filter((arg) => arg !== '--electron');
const env = { VSCODE_TEST: electron ? 'electron' : 'server' };
process.exit(await runEditorSuites(['test/e2e/in-host.e2e.ts', ...rest], env));
