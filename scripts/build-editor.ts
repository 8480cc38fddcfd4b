// Builds the extension into `dist/extension`, a folder that VS Code can run and vsce can pack: manifest, host, store thread,
// views, servers, skills.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import base from '../extension/manifest/base.json' with { type: 'json' };
import { parts } from '../extension/manifest/index.gen.ts';
import { servers } from './bundle-programs.ts';
import { viewsWith } from './gen-views.ts';
import { clientOfPrograms, noStyleSheets } from './lean-packages.ts';

/** The data that travel with the extension: the recording of the first run and the worm's wiring. The rest comes from a mirror or its origin. */
const embedded = ['macaque-v4-cowley2023', 'celegans-connectomes'];

type Json = Record<string, unknown>;

/** base.json with the contributions of every other file of `extension/manifest/`: lists are joined, objects merged. */
export function manifest(root: string): Json {
  const merged = Object.values<Json>(parts).reduce((all, part) => mergeObjects(all, part), base);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return { ...merged, version };
}

const mergeObjects = (a: Json, b: Json): Json =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((key) => [key, key in b ? merge(a[key], b[key]) : a[key]]),
  );

function merge(a: unknown, b: unknown): unknown {
  if (a === undefined) return b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (isObject(a) && isObject(b)) return mergeObjects(a, b);
  throw new Error(`Two parts of the manifest disagree: ${a} and ${b}.`);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export async function buildEditor(root: string, define: Record<string, string>): Promise<void> {
  const target = path.join(root, 'dist/extension');
  mkdirSync(target, { recursive: true });
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    define,
  } as const;
  await build({
    ...common,
    entryPoints: {
      extension: 'extension/src/extension.ts',
      'store-worker': 'extension/src/store/store-worker.ts',
    },
    outdir: target,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    splitting: true,
    chunkNames: 'chunks/[hash]',
    external: ['vscode'],
    plugins: [clientOfPrograms, noStyleSheets],
    // A package that offers both is bundled from its modules: its UMD file would look for the rest beside itself.
    mainFields: ['module', 'main'],
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
    },
  });
  await buildViews(root, path.join(target, 'webviews'), common);
  writeFileSync(path.join(target, 'package.json'), `${JSON.stringify(manifest(root), null, 2)}\n`);
  for (const [from, to] of [
    ['dist/apps', 'apps'],
    ['dist/servers', 'servers'],
    ['datasets/README.md', 'datasets/README.md'],
    ...embedded.map((name) => [`datasets/${name}`, `datasets/${name}`]),
    ['dist/skills', 'skills'],
    ['extension/media', 'media'],
    ['LICENSE', 'LICENSE'],
    ['extension/README.md', 'README.md'],
  ]) {
    if (existsSync(path.join(root, from))) cpSync(path.join(root, from), path.join(target, to), { recursive: true });
  }
}

/** The file that draws a view, from `webviews/src/`: with or without markup in it. */
const drawingOf = (root: string, name: string): string =>
  existsSync(path.join(root, 'webviews/src', name, 'view.tsx')) ? `./${name}/view.tsx` : `./${name}/view.ts`;

/** A view's name in its own file: `hello-there` exports `helloThere`. */
const exportOf = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const panelEntry = (root: string, name: string) =>
  `import { ${exportOf(name)} } from '${drawingOf(root, name)}'; import { showInEditor } from './hosts/editor.ts'; showInEditor(${exportOf(name)});`;

/** What draws the outputs of notebooks: a small entry that loads each view when it is first needed. */
const rendererEntry = (root: string, names: string[]) =>
  `import { renderer } from './hosts/notebook.tsx'; export const activate = renderer({ ${names
    .map((name) => `'${name}': () => import('${drawingOf(root, name)}').then((all) => all.${exportOf(name)})`)
    .join(', ')} });`;

/**
 * A module for each view as panels show it and one for notebooks. What they share (charts, forms, the theme) lies once, in chunks
 * below the notebook's folder: an output may load from there alone, a panel from there too. Style sheets travel in the scripts.
 */
async function buildViews(root: string, outdir: string, common: object): Promise<void> {
  const names = viewsWith(root, 'model.ts');
  const entries = new Map(names.map((name) => [name, panelEntry(root, name)]));
  entries.set('notebook/renderer', rendererEntry(root, names));
  const browser = { platform: 'browser', format: 'esm', target: 'es2023', loader: { '.css': 'text' } } as const;
  await build({
    ...common,
    ...browser,
    entryPoints: Object.fromEntries([...entries.keys()].map((name) => [name, `entry:${name}`])),
    plugins: [
      {
        name: 'entries',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^entry:/ }, (asked) => ({
            path: asked.path.slice('entry:'.length),
            namespace: 'entry',
          }));
          onLoad({ filter: /.*/, namespace: 'entry' }, (asked) => ({
            contents: entries.get(asked.path),
            resolveDir: path.join(root, 'webviews/src'),
            loader: 'ts',
          }));
        },
      },
    ],
    outdir,
    splitting: true,
    chunkNames: 'notebook/[hash]',
  });
  await build({
    ...common,
    ...browser,
    entryPoints: { prose: 'webviews/src/hosts/notebook-prose.ts' },
    outdir: path.join(outdir, 'notebook'),
  });
}

/** All that one view needs in one script, as a chat gets it: what its size is judged by. */
export async function buildView(root: string, name: string, outfile: string, common: object): Promise<void> {
  await build({
    absWorkingDir: root,
    bundle: true,
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    ...common,
    stdin: {
      contents: panelEntry(root, name),
      resolveDir: path.join(root, 'webviews/src'),
      loader: 'ts',
    },
    outfile,
    platform: 'browser',
    format: 'iife',
    target: 'es2023',
    loader: { '.css': 'text' },
  });
}

/** The views that tools name for their answers. */
function viewsOfTools(root: string): Set<string> {
  const folders = servers.map((server) => path.join(root, 'mcp-servers', server, 'src/tools'));
  const texts = folders.flatMap((folder) =>
    readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8')),
  );
  return new Set(texts.flatMap((text) => [...text.matchAll(/^ {2}view: '([\w-]+)',$/gm)].map((found) => found[1])));
}

/** One page for each view that draws a tool's answers in chats: script and style inside, nothing loaded. */
export async function buildApps(root: string, outdir: string): Promise<void> {
  mkdirSync(outdir, { recursive: true });
  const named = viewsOfTools(root);
  const parts = new Map(
    viewsWith(root, 'from-answer.ts')
      .filter((name) => named.has(name))
      .map((name) => [name, [drawingOf(root, name), `./${name}/from-answer.ts`]]),
  );
  // A view of several views is one of the host's.
  parts.set('simulation', ['./hosts/simulation.tsx', './hosts/simulation-answer.ts']);
  for (const [name, [view, answer]] of parts) {
    const built = await build({
      absWorkingDir: root,
      bundle: true,
      minify: true,
      legalComments: 'none',
      logLevel: 'warning',
      write: false,
      stdin: {
        contents: `import { ${name} } from '${view}'; import { ${name} as adapt } from '${answer}'; import { showInChat } from './hosts/chat.tsx'; showInChat(${name}, adapt);`,
        resolveDir: path.join(root, 'webviews/src'),
        loader: 'ts',
      },
      platform: 'browser',
      format: 'iife',
      target: 'es2023',
      loader: { '.css': 'text' },
    });
    const script = built.outputFiles[0].text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
    writeFileSync(path.join(outdir, `${name}.html`), page(name, script));
  }
}

/** The policy is the strictest that lets one page run its own script; hosts add theirs. */
function page(name: string, script: string): string {
  const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bregma: ${name}</title>
<style>body { background: var(--ground); margin: 0 } main { padding: 12px }</style>
</head>
<body>
<script>${script}</script>
</body>
</html>
`;
}
