import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildView } from '../../scripts/build-editor.ts';
import { findChromium } from '../../scripts/editor.mjs';
import { root } from '../fixtures/client.ts';
import { themeVariables, type ViewTheme } from './view-themes.ts';

interface ViewPageOptions {
  theme?: ViewTheme;
  width?: number;
  height?: number;
  /** Runs in the page before the view: makes it another machine. */
  before?: string;
}

interface ViewPage {
  page: Page;
  /** Draws another model in place. */
  show(model: unknown): Promise<void>;
  /** Changes the theme under the view, as a person does, and the width. */
  look(theme: ViewTheme, width?: number): Promise<void>;
  /** What the view has asked of its host, oldest first. */
  intents(): Promise<{ intent: string; payload: unknown }[]>;
  /** Violations that axe-core finds, one line each; none is what a test wants. of: by these rules alone. */
  axe(of?: string[]): Promise<string[]>;
  /** Errors of the console, of scripts and of the content security policy so far. */
  complaints: string[];
  /** Writes `.cache/e2e/shots/view-NAME.png` and returns its path. */
  shot(name: string): Promise<string>;
  close(): Promise<void>;
}

export interface ViewBrowser {
  /** Loads the built bundle of a view in a page of its own and shows it a model. */
  openView(name: string, model: unknown, options?: ViewPageOptions): Promise<ViewPage>;
  close(): Promise<void>;
}

const flags = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--no-first-run'];
const origin = 'http://view.test';

/** One plain Chromium for all views of a suite, under the policy of the strictest host: nothing loads, no worker, wasm or eval. */
export async function openViews(): Promise<ViewBrowser> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: flags });
  const built = mkdtempSync(path.join(tmpdir(), 'bregma-views-'));
  const bundles = new Map<string, Promise<string>>();
  return {
    async openView(name, model, options = {}) {
      const folder = bundles.get(name) ?? bundleOf(name, built);
      bundles.set(name, folder);
      return openPage(browser, { folder: await folder, name }, model, options);
    },
    async close() {
      await browser.close();
      rmSync(built, { recursive: true, force: true });
    },
  };
}

/** The folder of the shipped modules under `npm test`, of one script built from the source otherwise. */
async function bundleOf(name: string, built: string): Promise<string> {
  if (process.env.BREGMA_TEST_DIST) return path.join(root, 'dist/extension/webviews');
  await buildView(root, name, path.join(built, `${name}.js`), {});
  return built;
}

async function openPage(
  browser: Browser,
  { folder, name }: { folder: string; name: string },
  model: unknown,
  options: ViewPageOptions,
): Promise<ViewPage> {
  const { theme = 'light', width = 900, height = 700, before = '' } = options;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: theme.endsWith('light') ? 'light' : 'dark',
    reducedMotion: 'reduce',
  });
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/stub.js') return route.fulfill({ contentType: 'text/javascript', body: stub + before });
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: pageAround(theme, name) });
    if (pathname.endsWith('.js'))
      return route.fulfill({ contentType: 'text/javascript', path: path.join(folder, path.normalize(pathname)) });
    return route.fulfill({ status: 204, body: '' });
  });
  await page.goto(`${origin}/`);
  const show = (next: unknown) => page.evaluate((value) => inPage.stub.show(value), carried(next));
  await show(model);
  return {
    page,
    complaints,
    show,
    async look(next, wide = width) {
      await page.setViewportSize({ width: wide, height });
      await page.emulateMedia({ colorScheme: next.endsWith('light') ? 'light' : 'dark' });
      await page.evaluate(([name, variables]) => inPage.stub.look(name, variables), [
        next,
        themeVariables(next),
      ] as const);
    },
    intents: () => page.evaluate(() => inPage.stub.intents),
    async axe(of) {
      if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
      const found = await page.evaluate(
        (rules) => inPage.axe.run({ runOnly: rules ?? inPage.stub.rules, resultTypes: ['violations'] }),
        of,
      );
      return found.violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim()}`,
        ),
      );
    },
    async shot(name) {
      const file = path.join(root, '.cache/e2e/shots', `view-${name}.png`);
      mkdirSync(path.dirname(file), { recursive: true });
      await page.screenshot({ path: file });
      return file;
    },
    close: () => page.close(),
  };
}

/** A model as it can be sent to the page: bytes as base64, under a name that the page puts back. */
function carried(item: unknown): unknown {
  if (item instanceof Uint8Array) return { $bytes: Buffer.from(item).toString('base64') };
  if (Array.isArray(item)) return item.length > 5000 ? item : item.map(carried);
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(Object.entries(item).map(([name, member]) => [name, carried(member)]));
}

/** Stands for the editor: sends models, keeps what the view sends. It is the only part of this page that is not the product. */
const stub = `
  let state;
  const revive = (item) => {
    if (Array.isArray(item)) return item.length > 5000 ? item : item.map(revive);
    if (typeof item !== 'object' || item === null) return item;
    if ('$bytes' in item) return Uint8Array.from(atob(item.$bytes), (letter) => letter.charCodeAt(0));
    return Object.fromEntries(Object.entries(item).map(([name, member]) => [name, revive(member)]));
  };
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  globalThis.inPage = globalThis;
  globalThis.stub = {
    intents: [],
    rules: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    async look(theme, variables) {
      document.getElementById('theme').textContent = ':root { ' + variables + ' }';
      document.body.className = 'vscode-' + theme;
      await frame();
      await frame();
    },
    async show(model) {
      postMessage({ type: 'model', model: revive(model) }, '*');
      while (!document.querySelector('main')?.childElementCount) await frame();
      await frame();
      await frame();
    },
  };
  globalThis.acquireVsCodeApi = () => ({
    postMessage: ({ type, intent, payload }) => type === 'intent' && stub.intents.push({ intent, payload }),
    getState: () => state,
    setState: (next) => { state = next; },
  });`;

/** Names of the page as its script sees them; used inside `evaluate` alone. */
declare const inPage: {
  axe: typeof axe;
  stub: {
    show(model: unknown): Promise<void>;
    look(theme: string, variables: string): Promise<void>;
    intents: { intent: string; payload: unknown }[];
    rules: string[];
  };
};

function pageAround(theme: ViewTheme, name: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>A view of Bregma</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${origin}; style-src 'unsafe-inline'; img-src data:">
<style id="theme">:root { ${themeVariables(theme)} }</style>
<style>body { background: var(--vscode-editor-background); margin: 0; padding: 0 20px; }</style>
</head>
<body class="vscode-${theme}" data-vscode-theme-kind="vscode-${theme}">
<script src="/stub.js"></script>
<script type="module" src="/${name}.js"></script>
</body>
</html>`;
}
