// What the command line, the servers and their workers are bundled from, and how: native packages are left outside.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type BuildResult, build } from 'esbuild';
import { noStyleSheets, oneAjv } from './lean-packages.ts';
import { packedWasm } from './packed-wasm.ts';

export const servers = ['atlas', 'twin', 'lab'];

/** The command line, what it and the editor call servers with, a server's own entry and the workers that lie beside it: `src/<name>-worker.ts` becomes `servers/<name>-worker`. */
export function programs(root: string): Record<string, string> {
  const found: Record<string, string> = {
    bregma: 'cli/src/main.ts',
    'servers/chart-worker': 'notebooks/src/chart-worker.ts',
    'servers/client-sdk': 'core/src/mcp/client-sdk.ts',
    'servers/onnx-session-worker': 'readers/src/onnx-session-worker.ts',
    'servers/onnx-worker': 'readers/src/onnx-worker.ts',
    'servers/statistic-worker': 'readers/src/statistic-worker.ts',
  };
  for (const server of servers) {
    const source = `mcp-servers/${server}/src`;
    found[`servers/${server}`] = `${source}/main.ts`;
    for (const file of readdirSync(path.join(root, source))) {
      if (file.endsWith('-worker.ts')) found[`servers/${file.slice(0, -3)}`] = `${source}/${file}`;
    }
  }
  return found;
}

/** What one bundle and many have in common. */
const common = (root: string, define: Record<string, string>) =>
  ({
    absWorkingDir: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
    define,
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
    },
  }) as const;

/** Bundles these programs into `dist/`, one file each, for tests of a tree. The result says which sources each is made of. */
export function bundlePrograms(
  root: string,
  entryPoints: Record<string, string>,
  define: Record<string, string>,
): Promise<BuildResult<{ metafile: true }>> {
  return build({ ...common(root, define), entryPoints, outdir: 'dist', metafile: true, target: 'node20' });
}

/**
 * The servers, their workers and the command line in one folder, with what they share in chunks beside them: every file finds its
 * neighbours, nothing is there twice, and what only some calls need is read by the first of them.
 */
export async function buildPrograms(root: string, define: Record<string, string>): Promise<void> {
  await build({
    ...common(root, define),
    entryPoints: Object.fromEntries(Object.entries(programs(root)).map(([name, file]) => [path.basename(name), file])),
    outdir: 'dist/servers',
    minify: true,
    target: 'node20',
    splitting: true,
    chunkNames: '[name]-[hash]',
    plugins: [packedWasm(path.join(root, 'dist/servers/assets')), oneAjv(root), noStyleSheets],
  });
}
