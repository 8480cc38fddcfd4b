// Bundles the suites that run in the extension host into `dist/in-host`: one index, and one file each suite in the folder of its window.
import { globSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** Returns the path of the index, which VS Code is given as `extensionTestsPath`. */
export async function buildInHost(root: string): Promise<string> {
  const outdir = path.join(root, 'dist/in-host');
  const suites = globSync('test/in-host/*/*.suite.ts', { cwd: root });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/in-host/index.ts', ...suites],
    outbase: 'test/in-host',
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return path.join(outdir, 'index.cjs');
}
