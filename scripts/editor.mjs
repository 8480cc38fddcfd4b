// Installs what packs the extension and the real VS Code in which it is tested, below tools/editor. Plain JavaScript.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { install } from './install.mjs';
import { root } from './node.mjs';

const tools = path.join(root, 'tools/editor');
const server = path.join(tools, 'node_modules/code-server');
const candidates = [
  process.env.BREGMA_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Installs vsce and code-server, with the packages that code-server leaves to the installer. Throws when npm fails. */
export function installEditor() {
  install(tools);
  const vscode = path.join(server, 'lib/vscode');
  for (const folder of [vscode, path.join(vscode, 'extensions')]) {
    if (existsSync(path.join(folder, 'node_modules/.package-lock.json'))) continue;
    // Optional dependencies stay: without them the file watcher crashes.
    const { status } = spawnSync('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (status !== 0) throw new Error(`npm install failed in ${folder}. Check the network and try again.`);
  }
}

/** Path of a Chromium, or undefined. Under CI on Debian as root it is installed when it is missing. */
export function findChromium() {
  const found = candidates.find((file) => file && existsSync(file));
  if (found || !process.env.CI || process.platform !== 'linux' || process.getuid?.() !== 0) return found;
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium', 'libvulkan1']]) {
    if (spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 2, 2] }).status !== 0) return undefined;
  }
  return candidates.find((file) => file && existsSync(file));
}

/** The editor's program and a Node that runs it (24 or newer), or why there is none. */
export function editorPrograms() {
  const [major] = process.versions.node.split('.').map(Number);
  const pinned = path.join(tools, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  const node = existsSync(pinned) ? pinned : major >= 24 ? process.execPath : undefined;
  if (!node) return { missing: `the editor needs Node 24; this is ${process.versions.node}` };
  return { node, entry: path.join(server, 'out/node/entry.js') };
}
