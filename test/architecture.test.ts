import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './fixtures/client.ts';

function* sources(folder: string): Generator<{ file: string; text: string }> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const file = `${folder}/${entry.name}`;
    if (entry.name === 'node_modules') continue;
    if (entry.isDirectory()) yield* sources(file);
    else if (/\.(tsx?|mjs)$/.test(entry.name)) yield { file, text: readFileSync(path.join(root, file), 'utf8') };
  }
}

const importsOf = (text: string) => [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1]);
const packages = [
  'core/src',
  'readers/src',
  'mcp-servers/atlas/src',
  'mcp-servers/twin/src',
  'mcp-servers/lab/src',
  'cli/src',
  'extension/src',
];

/** What a view's folder, the kit and the hosts offer to whoever makes a picture: nouns and pure functions, no drawing. */
const pureParts = /^@bregma\/webviews\/(\w+\/(model|from-columns|still|content)|kit\/[\w-]+|hosts\/notebook-output)$/;

/** The direction: core → readers → servers and extension; core → command line; the pure parts of views → extension. */
function packagesFor(folder: string): string[] {
  if (folder === 'core/src') return [];
  if (folder === 'readers/src' || folder === 'cli/src') return ['@bregma/core'];
  return ['@bregma/core', '@bregma/readers', ...(folder === 'extension/src' ? ['@bregma/webviews'] : [])];
}

const mayImport = (folder: string, name: string) =>
  packagesFor(folder).some((one) => name.startsWith(`${one}/`)) &&
  (!name.startsWith('@bregma/webviews/') || pureParts.test(name));

test('core imports nothing of the project, readers and the command line core alone, servers these two, the extension the pure parts of views too', () => {
  const wrong: string[] = [];
  for (const folder of packages) {
    for (const { file, text } of sources(folder)) {
      for (const name of importsOf(text)) {
        const own = name.startsWith('@bregma/') || name === 'bregma';
        if (own && !mayImport(folder, name)) wrong.push(`${file} imports ${name}`);
        if (
          name.startsWith('.') &&
          !path.posix.normalize(path.posix.join(path.posix.dirname(file), name)).startsWith(`${folder}/`)
        )
          wrong.push(`${file} reaches out with ${name}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('the declared dependencies of each package are the direction', () => {
  for (const folder of packages) {
    const { dependencies } = JSON.parse(readFileSync(path.join(root, folder, '../package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const own = Object.keys(dependencies).filter((name) => name.startsWith('@bregma/'));
    expect([folder, own]).toEqual([folder, packagesFor(folder)]);
  }
});

test('core knows no editor and no browser', () => {
  const wrong = [...sources('core/src')].filter(
    ({ text }) => importsOf(text).includes('vscode') || /\b(document|window)\.[a-z]/.test(text),
  );
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test('only core/src/mcp knows the MCP SDK, and only core/src/mcp/client.ts its client side', () => {
  for (const folder of packages) {
    for (const { file, text } of sources(folder)) {
      for (const name of importsOf(text).filter((item) => item.startsWith('@modelcontextprotocol/'))) {
        const allowed = name.includes('/client') ? 'core/src/mcp/client.ts' : 'core/src/mcp/';
        expect(`${file} imports ${name}`).toMatch(new RegExp(`^${allowed.replaceAll('/', '\\/')}`));
      }
    }
  }
});

test('no tool parses, records or answers by itself', () => {
  for (const server of ['atlas', 'twin', 'lab']) {
    for (const { file, text } of sources(`mcp-servers/${server}/src/tools`)) {
      expect([file, /safeParse\(|callTool\(|\bkind: 'activity'/.test(text)]).toEqual([file, false]);
    }
  }
});

test('no MCP tool can approve: nothing below mcp-servers writes an approval', () => {
  for (const { file, text } of sources('mcp-servers')) {
    expect([file, /approvePlan|kind: 'approval', subject/.test(text)]).toEqual([file, false]);
  }
});

/** The form of an output, which suites read as the renderer does. */
const outputForm = '@bregma/webviews/hosts/notebook-output';

test('suites in the extension host reach the extension through the editor alone', () => {
  const wrong = [...sources('test/in-host')].flatMap(({ file, text }) =>
    importsOf(text)
      .filter((name) => name !== outputForm && (name.includes('extension/') || name.includes('webviews/')))
      .map((name) => `${file} imports ${name}`),
  );
  expect(wrong).toEqual([]);
});

test('scripts build the extension and import none of its sources', () => {
  const wrong = [...sources('scripts')].flatMap(({ file, text }) =>
    importsOf(text)
      .filter((name) => name.includes('extension/src') || name.includes('webviews/src'))
      .map((name) => `${file} imports ${name}`),
  );
  expect(wrong).toEqual([]);
});

test('only the host of the extension imports vscode at run time', () => {
  const wrong = [...sources('extension/src')].filter(
    ({ file, text }) =>
      !file.startsWith('extension/src/host/') && /^import (?!type )[^;]* from 'vscode'|import\('vscode'\)/m.test(text),
  );
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test('every file stays below 400 lines', () => {
  const long = [...packages, 'scripts', 'test'].flatMap((folder) =>
    [...sources(folder)].filter(({ text }) => text.split('\n').length > 400),
  );
  expect(long.map(({ file }) => file)).toEqual([]);
});
