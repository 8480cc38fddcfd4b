import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../fixtures/client.ts';
import type { Report, WindowName } from '../in-host/report.ts';
import { type EditorOptions, openEditor } from './editor.ts';

interface InHostOptions extends Pick<EditorOptions, 'folder' | 'workspace' | 'trusted' | 'settings'> {
  /** The compiled suite index. */
  index: string;
}

interface Ended extends Report {
  /** Servers that outlived the extension host which started them. */
  left: Report['children'];
}

/** True: the suites run in the VS Code that @vscode/test-electron downloads. Otherwise in code-server. */
export const electron = process.env.VSCODE_TEST === 'electron';

/** Runs the suites of one window in the extension host of a new editor. */
export async function runInHost(window: WindowName, options: InHostOptions): Promise<Ended> {
  const data = mkdtempSync(path.join(tmpdir(), 'bregma-in-host-'));
  const file = path.join(data, 'report.json');
  const env = { BREGMA_IN_HOST_WINDOW: window, BREGMA_IN_HOST_REPORT: file };
  const ended = async () => {
    if (!existsSync(file)) throw new Error(`The extension host ended without a report on the window '${window}'.`);
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    return { ...report, left: await outliving(report.children) };
  };
  try {
    return await (electron ? inElectron : inServer)(options, env, ended);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

type Run = (options: InHostOptions, env: Record<string, string>, ended: () => Promise<Ended>) => Promise<Ended>;

/** The editor is closed only when the report is there: closing it kills whatever is left. */
const inServer: Run = async ({ index, ...options }, env, ended) => {
  let exited = () => {};
  const exit = new Promise<void>((resolve) => {
    exited = resolve;
  });
  const editor = await openEditor({ ...options, env, inHost: { index, ended: () => exited() } });
  try {
    await exit;
    return await ended();
  } finally {
    await editor.close();
  }
};

/** What is used of @vscode/test-electron, which is installed beside code-server and not among the packages of the product. */
interface TestElectron {
  runTests(options: {
    extensionDevelopmentPath: string;
    extensionTestsPath: string;
    launchArgs: string[];
    extensionTestsEnv: Record<string, string | undefined>;
  }): Promise<number>;
}

const inElectron: Run = async ({ index, folder, workspace, settings }, env, ended) => {
  const { runTests } = createRequire(path.join(root, 'tools/editor/package.json'))(
    '@vscode/test-electron',
  ) as TestElectron;
  const user = mkdtempSync(path.join(tmpdir(), 'bregma-electron-'));
  mkdirSync(path.join(user, 'User'));
  writeFileSync(path.join(user, 'User/settings.json'), JSON.stringify(settings ?? {}));
  const places = [`--user-data-dir=${user}`, `--extensions-dir=${path.join(user, 'extensions')}`];
  try {
    // It also throws when a suite failed: the report says which.
    await runTests({
      extensionDevelopmentPath: path.join(root, 'dist/extension'),
      extensionTestsPath: index,
      launchArgs: [...[workspace ?? folder].filter((one) => one !== undefined), ...places],
      extensionTestsEnv: { ...env, NODE_OPTIONS: undefined },
    }).catch((error) => console.error(error));
    return await ended();
  } finally {
    rmSync(user, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** The processes that still run some seconds after their extension host has ended. */
async function outliving(children: Report['children']): Promise<Report['children']> {
  const servers = children.filter(({ command }) => command.includes('/servers/'));
  for (let tries = 0; ; tries++) {
    const left = servers.filter(({ pid }) => runs(pid));
    if (left.length === 0 || tries === 100) return left;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
