import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/editor.mjs';
import {
  builtExtension,
  editorCache,
  editorEnvironment,
  installedExtensions,
  programs,
} from './installed-extensions.ts';
import { runCommand } from './workbench.ts';

export interface EditorOptions {
  /** Folder to open. Undefined: an empty window. */
  folder?: string;
  /** A `.code-workspace` to open in place of a folder. */
  workspace?: string;
  theme?: 'light' | 'dark' | 'high-contrast';
  width?: number;
  height?: number;
  settings?: Record<string, unknown>;
  /** False: the workspace is not trusted until a person says so. Default true. */
  trusted?: boolean;
  /** Further extension folders (unpacked), packed and installed beside Bregma. */
  extensions?: string[];
  env?: Record<string, string>;
  /** The extensions lie outside this repository, so that they find none of its packages. */
  apart?: boolean;
  /** Runs a compiled suite index in the extension host, with `dist/extension` as it was built instead of installed. */
  inHost?: { index: string; ended(code: number): void };
}

export interface Editor {
  page: Page;
  /** Runs a command of the palette by its full title, e.g. `Bregma: Show Record…`. */
  command(title: string): Promise<void>;
  /** Waits for the frame (webview, notebook output, MCP App) in which this selector matches. */
  frame(selector: string, timeoutMs?: number): Promise<Frame>;
  /** Writes `.cache/e2e/shots/NAME.png` and returns its path. */
  shot(name: string): Promise<string>;
  /** The lines of the extension's log. */
  log(): string[];
  close(): Promise<void>;
}

/** The editors that this process has open. */
export const openEditors = new Set<Editor>();

const themes = { light: 'Default Light Modern', dark: 'Default Dark Modern', 'high-contrast': 'Default High Contrast' };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`The editor ended with code ${child.exitCode}.`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // not yet
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The editor does not answer at ${url}.`);
}

/**
 * However this process ends, also by a signal that it cannot handle, the editor and its files go with it: a watcher waits
 * until the pipe to this process closes. Returns what dismisses the watcher. The browser ends by itself in the same way.
 */
function endsWithUs({ pid }: ChildProcess, data: string): () => void {
  const script = 'cat >/dev/null; kill -s KILL -- "-$1"; sleep 1; rm -rf -- "$2"';
  const watcher = spawn('/bin/sh', ['-c', script, 'sh', String(pid), data], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  return () => killGroup(watcher);
}

/** What the extension has logged, in a folder of logs as VS Code lays it out. */
function logIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /Bregma\.log$/.test(file));
  return files.flatMap((file) => readFileSync(path.join(folder, file), 'utf8').trimEnd().split('\n'));
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
}

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens a folder in a real VS Code with the packed extension installed, in a real browser. */
export async function openEditor(options: EditorOptions): Promise<Editor> {
  const { theme = 'dark', width = 1400, height = 900, trusted = true } = options;
  const { inHost } = options;
  const packed = inHost ? undefined : installedExtensions([builtExtension, ...(options.extensions ?? [])]);
  const data = mkdtempSync(path.join(tmpdir(), 'bregma-editor-'));
  const own = path.join(data, 'extensions');
  const extensions = packed === undefined || options.apart ? own : packed;
  if (packed !== undefined && options.apart) cpSync(packed, own, { recursive: true });
  mkdirSync(path.join(data, 'User'), { recursive: true });
  const settings = {
    'workbench.colorTheme': themes[theme],
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.commandCenter.enabled': false,
    'telemetry.telemetryLevel': 'off',
    'extensions.autoCheckUpdates': false,
    // A tooltip that comes late, on a busy machine, covers what is dragged onto or clicked next.
    'workbench.hover.delay': 60_000,
    ...options.settings,
  };
  writeFileSync(path.join(data, 'User/settings.json'), JSON.stringify(settings));
  const { node, entry } = programs();
  const port = await freePort();
  const flags = [
    '--auth',
    'none',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
  ];
  const places = ['--config', path.join(data, 'config.yaml'), '--user-data-dir', data, '--extensions-dir', extensions];
  const child = spawn(
    node,
    [
      entry,
      '--bind-addr',
      `127.0.0.1:${port}`,
      ...flags,
      ...(trusted ? ['--disable-workspace-trust'] : []),
      // Without it the browser may not name the suites. With it no notification is shown.
      ...(inHost ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
      '--ignore-last-opened',
      ...places,
    ],
    { detached: true, stdio: 'ignore', env: editorEnvironment(options.env) },
  );
  let browser: Browser | undefined;
  const left = endsWithUs(child, data);
  let editor: Editor | undefined;
  const close = async () => {
    if (editor) openEditors.delete(editor);
    await browser?.close().catch(() => {});
    left();
    killGroup(child);
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await answering(`http://127.0.0.1:${port}/healthz`, child);
    browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
    const page = await browser.newPage({
      viewport: { width, height },
      colorScheme: theme === 'light' ? 'light' : 'dark',
      reducedMotion: 'reduce',
    });
    page.setDefaultTimeout(60_000);
    const { folder, workspace } = options;
    const query = new URLSearchParams(workspace ? { workspace } : folder ? { folder } : { ew: 'true' });
    if (inHost) {
      await page.exposeFunction('codeAutomationLog', () => {});
      await page.exposeFunction('codeAutomationExit', inHost.ended);
      const remote = (file: string) => `vscode-remote://127.0.0.1:${port}${file}`;
      const payload = [
        ['extensionDevelopmentPath', remote(builtExtension)],
        ['extensionTestsPath', remote(inHost.index)],
        ['skipWelcome', 'true'],
      ];
      query.set('payload', JSON.stringify(payload));
    }
    await page.goto(`http://127.0.0.1:${port}/?${query}`);
    await page.locator('.monaco-workbench .part.statusbar').waitFor();
    editor = { page, close, log: () => logIn(path.join(data, 'logs')), ...actions(page) };
    openEditors.add(editor);
    return editor;
  } catch (error) {
    await close();
    throw error;
  }
}

function actions(page: Page): Pick<Editor, 'command' | 'frame' | 'shot'> {
  return {
    command: (title) => runCommand(page, title),
    async frame(selector, timeoutMs = 60_000) {
      const end = Date.now() + timeoutMs;
      while (Date.now() < end) {
        for (const frame of page.frames()) {
          if (
            (await frame
              .locator(selector)
              .count()
              .catch(() => 0)) > 0
          )
            return frame;
        }
        await page.waitForTimeout(100);
      }
      throw new Error(`No frame shows ${selector} after ${timeoutMs} ms.`);
    },
    async shot(name) {
      const file = path.join(editorCache, 'shots', `${name}.png`);
      mkdirSync(path.dirname(file), { recursive: true });
      await page.screenshot({ path: file });
      return file;
    },
  };
}
