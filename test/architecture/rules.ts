import path from 'node:path';

/** A file of the house: its path from the root, with forward slashes, and its text. */
export interface Source {
  file: string;
  text: string;
}

/** A rule that one file by itself keeps or breaks. */
export interface Rule {
  says: string;
  /** Which files it is about. */
  about: RegExp;
  /** What in this file breaks it, one sentence each; none when it is kept. */
  broken(source: Source): string[];
  /** A file that breaks it: the rule is tested on this, so that it cannot hold by looking away. */
  breaks: Source;
}

/** Names of the modules that a file imports, types included; an example in a comment is none. */
const importsOf = (text: string): string[] =>
  [...text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '').matchAll(/(?:\bfrom|\bimport\(|^import)\s*'([^']+)'/gm)].map(
    (match) => match[1],
  );

/** Names of the modules that a file imports at run time. */
const importedAtRunTime = (text: string): string[] => importsOf(text.replace(/\bimport type\b[^;]*;/g, ''));

/** The path from the root that a relative import of `file` means. */
const target = (file: string, name: string): string =>
  path.posix.normalize(path.posix.join(path.posix.dirname(file), name));

/** Package → what of the house it may import. Direction: core → readers → servers, extension; core → command line. */
const direction: [folder: string, may: RegExp][] = [
  ['core/src/', /^$/],
  ['readers/src/', /^@bregma\/core\//],
  ['benchmarks/src/', /^@bregma\/(core|readers)\//],
  ['scorer/src/', /^@bregma\/(core|readers|benchmarks)\//],
  [
    'figures/src/',
    // How a chart is made of marks and what it counts: nothing that needs a page.
    /^@bregma\/(core\/|webviews\/(chart\/(model|options|rows|groups|prepare|panels|short-names|categories)|kit\/[\w-]+)$)/,
  ],
  ['mcp-servers/atlas/src/', /^@bregma\/(core|readers|figures)\//],
  ['mcp-servers/twin/src/', /^@bregma\/(core|readers)\//],
  ['mcp-servers/lab/src/', /^@bregma\/(core|readers)\//],
  [
    'cli/src/',
    /^@bregma\/(core|figures|notebooks|benchmarks|scorer)\/|^@bregma\/webviews\/(chart\/model|kit\/caption)$/,
  ],
  [
    'notebooks/src/',
    // Of a view: its nouns and pure functions, no drawing.
    /^@bregma\/(core\/|readers\/|figures\/|webviews\/(\w+\/(model|from-columns|from-answer|still|content)|\w+\.gen|kit\/[\w-]+)$)/,
  ],
  [
    'extension/src/',
    /^@bregma\/(core\/|notebooks\/|webviews\/(\w+\/(model|from-columns|from-answer|still|content)|\w+\.gen|kit\/[\w-]+|hosts\/notebook-output)$)/,
  ],
  ['webviews/src/', /^@bregma\/core\/(contracts\/|errors$|numbers$|statistics\/)/],
];

/** Folders of the packages, with a slash at the end. */
export const packages = direction.map(([folder]) => folder);

const packageOf = (file: string) => direction.find(([folder]) => file.startsWith(folder));
const isOwn = (name: string) => name.startsWith('@bregma/') || name === 'bregma';
const names = (source: Source, wrong: (name: string) => boolean): string[] =>
  importsOf(source.text)
    .filter(wrong)
    .map((name) => `${source.file} imports ${name}`);

/** The rules that hold file by file. */
export const rules: Rule[] = [
  {
    says: 'imports go one way: core → readers → servers and extension, core → command line, contracts → views',
    about: /^(core|readers|benchmarks|scorer|figures|notebooks|cli|extension|webviews|mcp-servers\/\w+)\/src\//,
    broken: (source) => names(source, (name) => isOwn(name) && !packageOf(source.file)?.[1].test(name)),
    breaks: { file: 'mcp-servers/atlas/src/read.ts', text: "import { fit } from '@bregma/twin/encoding/ridge';" },
  },
  {
    says: 'no package reaches into another by a relative path',
    about: /^(core|readers|benchmarks|scorer|figures|notebooks|cli|extension|webviews|mcp-servers\/\w+)\/src\//,
    broken: (source) =>
      names(
        source,
        (name) => name.startsWith('.') && !target(source.file, name).startsWith(packageOf(source.file)?.[0] ?? ''),
      ),
    breaks: { file: 'core/src/errors.ts', text: "import { root } from '../../cli/src/main.ts';" },
  },
  {
    says: 'only extension/src/host imports vscode at run time',
    about:
      /^(core|readers|benchmarks|scorer|figures|notebooks|cli|extension|webviews|mcp-servers\/\w+)\/src\/(?!host\/)/,
    broken: ({ file, text }) =>
      importedAtRunTime(text).includes('vscode') && file !== 'extension/src/extension.ts' ? [file] : [],
    breaks: { file: 'notebooks/src/parse.ts', text: "import { window } from 'vscode';" },
  },
  {
    says: 'core knows no editor and no browser',
    about: /^core\/src\//,
    broken: ({ file, text }) =>
      importsOf(text).includes('vscode') || /\b(document|window)\.[a-z]/.test(text) ? [file] : [],
    breaks: { file: 'core/src/version.ts', text: 'export const at = window.location;' },
  },
  {
    says: 'a view imports its own folder and the kit: no view knows how another draws',
    about: /^webviews\/src\/(?!kit\/|hosts\/)\w+\//,
    broken: (source) =>
      names(source, (name) => {
        if (!name.startsWith('.')) return false;
        const [, , folder, file] = target(source.file, name).split('/');
        const own = source.file.split('/')[2];
        return folder !== own && folder !== 'kit' && file !== 'model.ts';
      }),
    breaks: { file: 'webviews/src/table/view.ts', text: "import { paint } from '../raster/paint.ts';" },
  },
  {
    says: 'only core/src/mcp knows the MCP SDK, and only core/src/mcp/client-sdk.ts its client side',
    about: /^(core|readers|benchmarks|scorer|figures|notebooks|cli|extension|mcp-servers\/\w+)\/src\//,
    broken: (source) =>
      names(
        source,
        (name) =>
          name.startsWith('@modelcontextprotocol/') &&
          !source.file.startsWith(name.includes('/client') ? 'core/src/mcp/client-sdk.ts' : 'core/src/mcp/'),
      ),
    breaks: { file: 'cli/src/main.ts', text: "import { Client } from '@modelcontextprotocol/client';" },
  },
  {
    says: 'no tool parses, records or answers by itself',
    about: /^mcp-servers\/\w+\/src\/tools\//,
    broken: ({ file, text }) => (/safeParse\(|callTool\(|\bkind: 'activity'/.test(text) ? [file] : []),
    breaks: { file: 'mcp-servers/lab/src/tools/find.ts', text: 'const asked = Input.safeParse(raw);' },
  },
  {
    says: 'no table of text is read but by the one reader',
    about:
      /^(core|readers|benchmarks|scorer|figures|notebooks|cli|extension|mcp-servers\/\w+)\/src\/(?!read\/text\/load-text\.ts)/,
    broken: ({ file, text }) => (/readFileSql\('csv'|\bread_csv\w*\(/.test(text) ? [file] : []),
    breaks: { file: 'mcp-servers/atlas/src/datasets/worm.ts', text: "const rows = readFileSql('csv', file);" },
  },
  {
    says: 'a process that reads what strangers wrote starts behind the wall, by readers/src/fork-program.ts',
    about: /^(core|readers|benchmarks|scorer|figures|notebooks|mcp-servers\/\w+)\/src\/(?!fork-program\.ts)/,
    broken: ({ file, text }) => (/\bfork\b[^;]*from 'node:child_process'/.test(text) ? [file] : []),
    breaks: { file: 'readers/src/sql-statistic.ts', text: "import { fork } from 'node:child_process';" },
  },
  {
    says: 'no MCP tool can approve: nothing below mcp-servers writes an approval',
    about: /^mcp-servers\//,
    broken: ({ file, text }) => (/approvePlan|kind: 'approval', subject/.test(text) ? [file] : []),
    breaks: { file: 'mcp-servers/lab/src/tools/plan.ts', text: 'approvePlan(workspace, plan, key);' },
  },
  {
    says: 'scripts read extension and views as files, never as modules',
    about: /^scripts\//,
    broken: (source) => names(source, (name) => /(extension|webviews)\/src/.test(name)),
    breaks: { file: 'scripts/build.ts', text: "import { app } from '../extension/src/host/app.ts';" },
  },
  {
    says: 'suites in the extension host reach the extension through the editor alone',
    about: /^test\/in-host\//,
    // The form of an output is read as the renderer reads it.
    broken: (source) => names(source, (name) => /(extension|webviews)\/(?!hosts\/notebook-output$)/.test(name)),
    breaks: { file: 'test/in-host/records/tree.suite.ts', text: "import { tree } from '../../extension/src/tree.ts';" },
  },
  {
    says: 'of zod comes what is used: it is imported as a namespace, for the name `z` brings all of it, 500 kB, to every start',
    about: /^(core|readers|benchmarks|scorer|figures|notebooks|cli|extension|webviews|mcp-servers\/\w+)\/src\//,
    broken: ({ file, text }) => (/^import (?!\* as |type )[^;]*from 'zod(\/mini)?'/m.test(text) ? [file] : []),
    breaks: { file: 'core/src/contracts/tool-form.ts', text: "import { z } from 'zod';" },
  },
  {
    says: 'no file is longer than 400 lines',
    about: /\.(ts|tsx|mjs)$/,
    broken: ({ file, text }) => (text.split('\n').length > 401 ? [file] : []),
    breaks: { file: 'core/src/everything.ts', text: 'export const one = 1;\n'.repeat(401) },
  },
];

/** Circles among files that import one another by relative paths, types included: each as the files on it, in order. */
export function circlesOf(sources: Source[]): string[][] {
  const next = new Map(
    sources.map(({ file, text }) => [
      file,
      importsOf(text)
        .filter((name) => name.startsWith('.'))
        .map((name) => target(file, name)),
    ]),
  );
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (file: string, trail: string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) circles.push(trail.slice(at));
    if (at >= 0 || done.has(file)) return;
    for (const other of next.get(file) ?? []) visit(other, [...trail, file]);
    done.add(file);
  };
  for (const { file } of sources) visit(file, []);
  return circles;
}
