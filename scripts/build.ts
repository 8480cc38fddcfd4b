// Bundles the command line, the servers and their workers into `dist/`, and makes of them the extension.
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApps, buildEditor } from './build-editor.ts';
import { buildPrograms, servers } from './bundle-programs.ts';
import { linkPackages } from './link-packages.ts';
import { packed } from './packed-wasm.ts';
import { pageList, toolList } from './tool-list.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** What pictures are drawn with, and the licences that travel with it. */
const assets = {
  'resvg.wasm.br': '@resvg/resvg-wasm/index_bg.wasm',
  'inter.ttf.br': '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  'inter.LICENSE.txt': '@expo-google-fonts/inter/LICENSE_FONT',
};

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(full);
    else if (/\.tsx?$/.test(entry.name)) yield full;
  }
}

/** `version+digest`: the digest covers every source file of the product, so two builds of one source carry one name. */
function codeVersion(): string {
  const hash = createHash('sha256');
  for (const folder of [
    'core/src',
    'readers/src',
    'benchmarks/src',
    'scorer/src',
    'figures/src',
    'notebooks/src',
    ...servers.map((name) => `mcp-servers/${name}/src`),
    'cli/src',
    'extension/src',
    'webviews/src',
  ]) {
    for (const file of sourceFiles(path.join(root, folder)))
      hash.update(path.relative(root, file).replaceAll('\\', '/')).update('\0').update(readFileSync(file));
  }
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return `${version}+${hash.digest('hex').slice(0, 12)}`;
}

linkPackages(root);
rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const define = { BREGMA_VERSION: JSON.stringify(codeVersion()) };
await buildPrograms(root, define);
// The command line lies with the programs that it starts.
writeFileSync(path.join(root, 'dist/bregma.mjs'), "#!/usr/bin/env node\nimport './servers/bregma.mjs';\n");
writeFileSync(path.join(root, 'dist/servers/tools.json'), JSON.stringify(await toolList()));
writeFileSync(path.join(root, 'dist/servers/pages.json'), JSON.stringify(await pageList()));
mkdirSync(path.join(root, 'dist/skills'), { recursive: true });
if (existsSync(path.join(root, 'skills')))
  cpSync(path.join(root, 'skills'), path.join(root, 'dist/skills'), { recursive: true });
mkdirSync(path.join(root, 'dist/servers/assets'), { recursive: true });
for (const [name, source] of Object.entries(assets)) {
  const bytes = readFileSync(path.join(root, 'node_modules', source));
  writeFileSync(path.join(root, 'dist/servers/assets', name), name.endsWith('.br') ? packed(bytes) : bytes);
}
cpSync(path.join(root, 'docs/worm-twins.md'), path.join(root, 'dist/servers/assets/worm-twins.md'));
chmodSync(path.join(root, 'dist/bregma.mjs'), 0o755);
await buildApps(root, path.join(root, 'dist/apps'));
await buildEditor(root, define);
for (const server of servers) console.log(`dist/servers/${server}.mjs`);
