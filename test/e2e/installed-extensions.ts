import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { editorPrograms } from '../../scripts/editor.mjs';
import { root } from '../fixtures/client.ts';

export const editorCache = path.join(root, '.cache/e2e');
export const builtExtension = path.join(root, 'dist/extension');
export const chatExtension = path.join(root, 'test/e2e/chat-extension');

/** The editor and the Node that it runs on. Throws when it is not here. */
export function programs(): { node: string; entry: string } {
  const found = editorPrograms();
  if (found.missing !== undefined) throw new Error(found.missing);
  return found;
}

/** Nothing of the test runner reaches the editor. */
export function editorEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(NODE_OPTIONS|VITEST|VSCODE)/.test(name));
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...extra };
}

/** Folder in which these unpacked extensions are installed as a person installs them, made once for each state of their files. */
export function installedExtensions(folders: string[]): string {
  const target = path.join(editorCache, `extensions-${digestOf(folders).slice(0, 16)}`);
  if (existsSync(path.join(target, 'extensions.json'))) return target;
  const { node, entry } = programs();
  const data = mkdtempSync(path.join(tmpdir(), 'bregma-install-'));
  try {
    const flags = folders.flatMap((folder) => ['--install-extension', pack(folder, data)]);
    const places = ['--config', path.join(data, 'config.yaml'), '--user-data-dir', data, '--extensions-dir', target];
    const result = spawnSync(node, [entry, ...places, ...flags], { encoding: 'utf8', env: editorEnvironment() });
    if (result.status !== 0) throw new Error(`The extension did not install: ${result.stdout}${result.stderr}`);
    return target;
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

function digestOf(folders: string[]): string {
  const digest = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) digest.update(`${path.relative(folder, file)}\n`).update(readFileSync(file));
  }
  return digest.digest('hex');
}

/** Packs an unpacked extension with vsce. */
function pack(folder: string, into: string): string {
  const target = path.join(into, `${path.basename(folder)}.vsix`);
  const vsce = path.join(root, 'tools/editor/node_modules/@vscode/vsce/vsce');
  const flags = ['package', '--no-dependencies', '--skip-license', '--allow-missing-repository', '-o', target];
  const result = spawnSync(programs().node, [vsce, ...flags], { cwd: folder, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`vsce could not pack ${folder}: ${result.stdout}${result.stderr}`);
  return target;
}
