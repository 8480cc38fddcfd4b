import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';
import { circlesOf, packages, rules, type Source } from './rules.ts';

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

describe.each(rules)('$says', ({ about, broken, breaks }) => {
  test('holds in the house', () => {
    const looked = house.filter(({ file }) => about.test(file));
    expect(looked.length).toBeGreaterThan(0);
    expect(looked.flatMap(broken)).toEqual([]);
  });

  test('is broken by a file that breaks it', () => {
    expect(about.test(breaks.file)).toBe(true);
    expect(broken(breaks)).not.toEqual([]);
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

test('the dependencies that a package declares are those that the direction lets it have', () => {
  const allowed: Record<string, string[]> = {
    core: [],
    readers: ['@bregma/core'],
    notebooks: ['@bregma/core', '@bregma/readers', '@bregma/webviews'],
    extension: ['@bregma/core', '@bregma/readers', '@bregma/notebooks', '@bregma/webviews'],
    figures: ['@bregma/core', '@bregma/webviews'],
    'mcp-servers/atlas': ['@bregma/core', '@bregma/readers', '@bregma/figures'],
    'mcp-servers/twin': ['@bregma/core', '@bregma/readers'],
    'mcp-servers/lab': ['@bregma/core', '@bregma/readers'],
    cli: ['@bregma/core', '@bregma/figures', '@bregma/notebooks', '@bregma/webviews'],
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
