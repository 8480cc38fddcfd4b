// What the command line, the servers and their workers are bundled from, and how: one file each, native packages left outside.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type BuildResult, build } from 'esbuild';

export const servers = ['atlas', 'twin', 'lab'];

/** A server's own entry and the workers that lie beside it: `src/<name>-worker.ts` becomes `servers/<name>-worker`. */
export function programs(root: string): Record<string, string> {
  const found: Record<string, string> = {
    bregma: 'cli/src/main.ts',
    'servers/chart-worker': 'notebooks/src/chart-worker.ts',
    'servers/onnx-worker': 'scorer/src/onnx-worker.ts',
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

/** Bundles these programs into `dist/`. The result says which sources each is made of. */
export function bundlePrograms(
  root: string,
  entryPoints: Record<string, string>,
  define: Record<string, string>,
): Promise<BuildResult<{ metafile: true }>> {
  return build({
    absWorkingDir: root,
    entryPoints,
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    legalComments: 'none',
    define,
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
    },
    logLevel: 'warning',
  });
}
