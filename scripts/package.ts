// `npm run package`: makes `dist/marketplace`, a folder from which Claude Code and Codex install the plugin, and `dist/npm`,
// the folder of the package `bregma`, and `dist/bregma.vsix`, the extension. The manifests are in git; programs, skills and data are put beside them here.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nativePackages } from '../core/src/native.ts';
import { installEditor } from './editor.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const from = (...parts: string[]) => path.join(root, ...parts);

function fresh(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Skills flat, one folder each, as clients look for them. */
function copySkills(target: string): void {
  for (const server of readdirSync(from('skills'))) {
    for (const skill of readdirSync(from('skills', server)))
      cpSync(from('skills', server, skill), path.join(target, skill), { recursive: true });
  }
}

function makeMarketplace(): void {
  const target = fresh(from('dist/marketplace'));
  const plugin = path.join(target, 'plugins/bregma');
  cpSync(from('.claude-plugin'), path.join(target, '.claude-plugin'), { recursive: true });
  cpSync(from('plugins/bregma'), plugin, { recursive: true });
  cpSync(from('dist/servers'), path.join(plugin, 'servers'), { recursive: true });
  cpSync(from('dist/apps'), path.join(plugin, 'apps'), { recursive: true });
  cpSync(from('datasets'), path.join(plugin, 'datasets'), { recursive: true });
  cpSync(from('LICENSE'), path.join(plugin, 'LICENSE'));
  copySkills(path.join(plugin, 'skills'));
}

function makeNpmPackage(): void {
  const target = fresh(from('dist/npm'));
  for (const part of ['dist/bregma.mjs', 'dist/servers', 'dist/apps', 'skills', 'datasets', 'LICENSE', 'README.md'])
    cpSync(from(part), path.join(target, part), { recursive: true });
  const { version, license } = JSON.parse(readFileSync(from('package.json'), 'utf8')) as {
    version: string;
    license: string;
  };
  const manifest = {
    name: 'bregma',
    version,
    license,
    description:
      'Neuroscience for coding agents: atlases, digital twins, hypotheses and experiments over MCP, with provenance.',
    type: 'module',
    bin: { bregma: 'dist/bregma.mjs' },
    engines: { node: '>=22.13' },
    dependencies: Object.fromEntries(Object.entries(nativePackages).map(([name, { version }]) => [name, version])),
  };
  writeFileSync(path.join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function makeExtension(): void {
  installEditor();
  const vsce = from('tools/editor/node_modules/@vscode/vsce/vsce');
  const { status } = spawnSync(
    process.execPath,
    [
      vsce,
      'package',
      '--no-dependencies',
      '--skip-license',
      '--allow-missing-repository',
      '-o',
      from('dist/bregma.vsix'),
    ],
    { cwd: from('dist/extension'), stdio: ['ignore', 2, 2] },
  );
  if (status !== 0) throw new Error('vsce could not pack dist/extension.');
}

makeMarketplace();
makeNpmPackage();
makeExtension();
console.log('dist/marketplace  claude plugin marketplace add DIR · codex plugin marketplace add DIR');
console.log('dist/npm          npm install DIR');
console.log(
  `dist/bregma.vsix  ${(statSync(from('dist/bregma.vsix')).size / 1e6).toFixed(1)} MB: code --install-extension FILE`,
);
