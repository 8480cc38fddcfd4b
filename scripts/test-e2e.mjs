// `npm run test:e2e`: installs the real editor, builds, and runs the suites that drive it. Arguments are passed on to Vitest.
import path from 'node:path';
import { editorPrograms, findChromium, installEditor } from './editor.mjs';
import { install } from './install.mjs';
import { environment, root, run } from './node.mjs';

/** Why the editor cannot be driven here, or undefined. Installs what it can. */
export function prepareEditor() {
  if (!findChromium()) return 'there is no Chromium (set BREGMA_CHROMIUM to its path)';
  try {
    installEditor();
  } catch (error) {
    return `the editor could not be installed (${error.message})`;
  }
  return editorPrograms().missing;
}

/** Builds and runs suites that drive the editor. Returns the exit code. */
export async function runEditorSuites(args, more = {}) {
  const env = { ...environment(), ...more, BREGMA_TEST_DIST: '1' };
  const built = await run([path.join(root, 'scripts/build.ts')], { env });
  const vitest = [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.e2e.config.ts'];
  return built || run([...vitest, ...args], { env });
}

if (process.argv[1] && path.resolve(process.argv[1]) === path.join(root, 'scripts/test-e2e.mjs')) {
  install(root);
  const missing = prepareEditor();
  if (missing) {
    console.error(`The editor suites cannot run: ${missing}.`);
    process.exit(1);
  }
  process.exit(await runEditorSuites(process.argv.slice(2)));
}
