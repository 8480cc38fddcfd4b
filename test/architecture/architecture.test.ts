import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';
import { castsWithoutReason } from './casts.ts';
import { functionLengths, median } from './functions.ts';
import { loadedWith, waysPastTheDoor } from './reach.ts';
import { circlesOf, packages, rules, type Source } from './rules.ts';
import { alsoRefused, syntaxRules } from './syntax-rules.ts';

function* below(folder: string): Generator<Source> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const file = `${folder}/${entry.name}`;
    if (entry.name === 'node_modules') continue;
    if (entry.isDirectory()) yield* below(file);
    else if (/\.(ts|tsx|mjs)$/.test(entry.name) && !entry.name.endsWith('.gen.ts'))
      yield { file, text: readFileSync(path.join(root, file), 'utf8') };
  }
}

const house = [...packages, 'scripts/', 'test/']
  .map((folder) => folder.slice(0, -1))
  .filter((folder) => existsSync(path.join(root, folder)))
  .flatMap((folder) => [...below(folder)]);

describe.each([...rules, ...syntaxRules])('$says', ({ says, about, broken, breaks }) => {
  test('holds in the house', () => {
    const looked = house.filter(({ file }) => about.test(file));
    expect(looked.length).toBeGreaterThan(0);
    expect(looked.flatMap(broken)).toEqual([]);
  });

  test('is broken by a file that breaks it', () => {
    for (const one of [breaks, ...(alsoRefused[says] ?? [])]) {
      expect([one, about.test(one.file)]).toEqual([one, true]);
      expect([one, broken(one).length]).toEqual([one, 1]);
    }
  });
});

describe('no imports go in a circle', () => {
  test('in the house', () => {
    expect(circlesOf(house)).toEqual([]);
  });

  test('and one that does is named', () => {
    const a = { file: 'core/src/a.ts', text: "import type { B } from './b.ts';" };
    const b = { file: 'core/src/b.ts', text: "import { a } from './a.ts';" };
    expect(circlesOf([a, b])).toEqual([['core/src/a.ts', 'core/src/b.ts']]);
  });
});

describe('no record leaves a server but through the door of the call path', () => {
  test('in the house: nothing that a server runs leads to what writes records', () => {
    expect(waysPastTheDoor(house)).toEqual([]);
  });

  const tool = (text: string) => ({ file: 'mcp-servers/lab/src/tools/sneak.ts', text });
  test.each([
    tool("import { openWorkspace as open } from '@bregma/core/workspace';"),
    tool("const { Ledger } = await import('@bregma/core/ledger/ledger');"),
    tool("export { DatabaseSync } from 'node:sqlite';"),
    tool("import { verify } from '@bregma/core/ledger/verify';"),
    tool("const name = 'node:' + 'sqlite'; const { DatabaseSync } = await import(name);"),
    tool("const { DatabaseSync } = process.getBuiltinModule('node:sqlite');"),
  ])('and a way around is named: $text', (source) => {
    expect(waysPastTheDoor([...house, source])).toHaveLength(1);
  });

  test('and what only speaks of the ledger is none', () => {
    expect(waysPastTheDoor([...house, tool("import type { Ledger } from '@bregma/core/ledger/ledger';")])).toEqual([]);
  });
});

describe('an agent waits for tools/list at every start', () => {
  const source = (file: string): Source => ({ file, text: readFileSync(path.join(root, file), 'utf8') });

  test.each(['atlas', 'twin', 'lab'])('so %s starts without its tools, what they stand on, and HTTP', (server) => {
    const [main, index] = ['main.ts', 'tools/index.gen.ts'].map((file) => `mcp-servers/${server}/src/${file}`);
    const loaded = loadedWith(main, [...house, source(index)]);
    expect(loaded).toEqual(expect.arrayContaining([main, index, 'core/src/mcp/call.ts', 'node:path']));
    expect(loaded.filter((file) => file.startsWith('mcp-servers/'))).toEqual([main, index]);
    expect(loaded.filter((file) => /^(node:)?https?$|^readers\//.test(file))).toEqual([]);
  });

  test('and one that loads a tool with its list is seen', () => {
    const main = 'mcp-servers/lab/src/main.ts';
    const [eager, tool] = [
      { file: main, text: "import { tools } from './tools/index.ts'; tools();" },
      { file: 'mcp-servers/lab/src/tools/index.ts', text: "export { traceClaim as tools } from './trace-claim.ts';" },
    ];
    expect(loadedWith(main, [...house, eager, tool])).toContain('mcp-servers/lab/src/tools/trace-claim.ts');
  });
});

test('a window waits for the extension, which therefore activates without its commands, and without what only a notebook, a picture or a parser needs', () => {
  const indices = ['commands', 'features'].map((name) => `extension/src/host/${name}/index.gen.ts`);
  const generated = indices.map((file): Source => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
  const loaded = loadedWith('extension/src/extension.ts', [...house, ...generated]);
  expect(loaded).toEqual(expect.arrayContaining([...indices, 'extension/src/host/features/catalogue.ts']));
  const heavy =
    /^(zod|zod\/mini|yaml|vega|vega-lite|markdown-it|pngjs|@uwdata\/flechette|@observablehq\/plot|linkedom)$|^extension\/src\/host\/commands\/(?!index\.gen)/;
  expect(loaded.filter((file) => heavy.test(file))).toEqual([]);
  const eager = {
    file: 'extension/src/host/features/catalogue.ts',
    text: "import { parse } from 'yaml'; import { addData } from '../commands/add-data.ts'; parse(addData);",
  };
  expect(loadedWith('extension/src/extension.ts', [...house, ...generated, eager])).toEqual(
    expect.arrayContaining(['yaml', 'extension/src/host/commands/add-data.ts']),
  );
});

test('the dependencies that a package declares are those that the direction lets it have', () => {
  const allowed: Record<string, string[]> = {
    core: [],
    readers: ['@bregma/core'],
    benchmarks: ['@bregma/core', '@bregma/readers'],
    scorer: ['@bregma/benchmarks', '@bregma/core', '@bregma/readers'],
    notebooks: ['@bregma/core', '@bregma/figures', '@bregma/readers', '@bregma/webviews'],
    extension: ['@bregma/core', '@bregma/notebooks', '@bregma/webviews'],
    figures: ['@bregma/core', '@bregma/webviews'],
    'mcp-servers/atlas': ['@bregma/core', '@bregma/readers', '@bregma/figures'],
    'mcp-servers/twin': ['@bregma/core', '@bregma/readers'],
    'mcp-servers/lab': ['@bregma/core', '@bregma/readers'],
    cli: [
      '@bregma/benchmarks',
      '@bregma/core',
      '@bregma/figures',
      '@bregma/notebooks',
      '@bregma/scorer',
      '@bregma/webviews',
    ],
    webviews: ['@bregma/core'],
  };
  for (const [folder, may] of Object.entries(allowed)) {
    const file = path.join(root, folder, 'package.json');
    if (!existsSync(file)) continue;
    const { dependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as { dependencies?: Record<string, string> };
    const own = Object.keys(dependencies).filter((name) => name.startsWith('@bregma/'));
    expect([folder, own.filter((name) => !may.includes(name))]).toEqual([folder, []]);
  }
});

describe('casts of the product say why they hold', () => {
  test('in the house: there were 320 once that did not', () => {
    const without = house.filter(({ file }) => packages.some((folder) => file.startsWith(folder)));
    expect(without.flatMap(castsWithoutReason)).toEqual([]);
  });

  test.each([
    ['const one = said as Version;', 1],
    ['// It is fine.\nconst one = (<Version>said).number;', 1],
    ['// SAFETY: of another line.\n\nconst one = said as unknown as Version;', 1],
    ['// SAFETY: it was parsed.\nconst one = said as unknown as Version;', 0],
    ["const one = ['a'] as const;", 0],
  ])('%j has %i without a reason', (text, count) => {
    expect(castsWithoutReason({ file: 'core/src/version.ts', text })).toHaveLength(count);
  });
});

test('half of the functions of the product have ten lines or fewer', () => {
  const product = house.filter(({ file }) => packages.some((folder) => file.startsWith(folder)));
  expect(median(product.flatMap(functionLengths))).toBeLessThanOrEqual(10);
  const long = { file: 'core/src/a.ts', text: `const a = () => {\n${'step();\n'.repeat(9)}};` };
  expect([functionLengths(long), median([11, 11, 3])]).toEqual([[11], 11]);
});

describe('core/statistics has no function that nothing uses', () => {
  /** Names that a file of core/statistics exports and neither it nor another file of the product uses. */
  const unused = (sources: Source[]) =>
    sources
      .filter(({ file }) => file.startsWith('core/src/statistics/'))
      .flatMap(({ file, text }) =>
        [...text.matchAll(/^export (?:async )?(?:function|const) (\w+)/gm)]
          .map(([, name]) => name)
          .filter((name) => {
            const word = new RegExp(`\\b${name}\\b`, 'g');
            const own = text.replace(/\/\*[\s\S]*?\*\//g, '').match(word)?.length ?? 0;
            const module = path.posix.basename(file, '.ts');
            return (
              own < 2 &&
              !sources.some((one) => one.file !== file && one.text.includes(`/${module}`) && word.test(one.text))
            );
          }),
      );

  test('in the product, whatever tests use', () => {
    expect(unused(house.filter(({ file }) => !/^(test|scripts)\//.test(file)))).toEqual([]);
  });

  test('and one that nothing uses is named', () => {
    const alone = { file: 'core/src/statistics/alone.ts', text: 'export function alone() {}' };
    expect(unused([alone])).toEqual(['alone']);
    const user = { file: 'core/src/a.ts', text: "import { alone } from './statistics/alone.ts';" };
    expect(unused([alone, user])).toEqual([]);
  });
});
