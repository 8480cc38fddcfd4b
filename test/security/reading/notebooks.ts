import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { drawInProcess } from '@bregma/notebooks/chart';
import type { ExportedCell } from '@bregma/notebooks/export/html';
import { fromIpynb, toIpynb } from '@bregma/notebooks/export/ipynb';
import { fromQuarto, toQuarto } from '@bregma/notebooks/export/quarto';
import { readFrontMatter } from '@bregma/notebooks/front-matter';
import { ownFiles } from '@bregma/notebooks/own-files';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import { readYaml } from '@bregma/notebooks/yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../fixtures/client.ts';

/** Notebooks that somebody else wrote: `*.bregma.md`, Jupyter and Quarto. */
let folder: string;
let outside: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bregma-notebooks-'));
  outside = mkdtempSync(path.join(tmpdir(), 'bregma-outside-'));
});
afterAll(() => {
  for (const made of [folder, outside]) rmSync(made, { recursive: true, force: true });
});

const noChart = () => Promise.reject(new Error('no chart here'));
const refusal = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return error;
  }
};

describe('YAML', () => {
  const lines = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('');
  test.each([
    ['lists in lists', '['.repeat(90_000)],
    ['maps in maps', '{a: '.repeat(40_000)],
    ['maps in maps, a line each', lines(600, (i) => `${' '.repeat(i)}a:\n`)],
    ['lists in lists on one line', `${'- '.repeat(20_000)}a`],
    ['keys that are maps', '? '.repeat(20_000)],
    ['a map that holds itself', '&a {x: *a}'],
    ['aliases of aliases', `a0: &a0 [x]\n${lines(30, (i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]\n`)}`],
    ['ten thousand errors', '!!a '.repeat(30_000)],
    ['quotation marks without end', '"'.repeat(100_000)],
  ])('of %s is refused in words, and never parsed to the end of the stack', (_, text) => {
    const error = refusal(() => readYaml(text, 'The cell'));
    expect(error).toBeInstanceOf(BregmaError);
    expect(String(error)).not.toContain('call stack');
    expect(readFrontMatter(`---\n${text}\n---\n`).problem).toMatch(/^The front matter /);
  });

  test('of 20,000 names is read, and a name that stands twice is told with its line', () => {
    expect(
      Object.keys(
        readYaml(
          lines(14_000, (i) => `k${i}: 1\n`),
          'It',
        ) ?? {},
      ),
    ).toHaveLength(14_000);
    expect(() => readYaml('a: 1\nb: 2\na: 3\n', 'It')).toThrow(/unique at line 3, column 1/);
  });

  test('gives names of objects no other meaning', () => {
    const read = readYaml('__proto__: {polluted: 1}\nconstructor: 2\n', 'It');
    expect(Object.keys(read ?? {})).toEqual(['__proto__', 'constructor']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('a chart', () => {
  const program = new URL('../../../notebooks/src/chart-worker.ts', import.meta.url);
  const data = { rows: [{ value: 1 }, { value: 2 }] };
  const encoding = { x: { field: 'value', type: 'quantitative' } };
  test.each([
    ['more ticks than memory holds', { x: { ...encoding.x, axis: { tickCount: 1e9 } } }],
    ['more bins than memory holds', { x: { ...encoding.x, bin: { step: 1e-9 } } }],
  ])('that asks for %s ends alone, and the next one is drawn', async (_, asked) => {
    const spec = { data: { name: 'rows' }, mark: 'point', encoding: asked };
    await expect(drawInProcess({ spec, data }, program)).rejects.toThrow(/cannot be drawn|was stopped/);
    const { light } = await drawInProcess({ spec: { ...spec, encoding }, data }, program);
    expect(light).toMatch(/^<svg/);
  });
});

describe('a notebook that is rendered', () => {
  const run = (...args: string[]) =>
    spawnSync(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        path.join(root, process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts'),
        'run',
        ...args,
        '--workspace',
        folder,
      ],
      { encoding: 'utf8' },
    );

  test('is written in the place of a link, and never through it', () => {
    const kept = path.join(outside, 'kept');
    writeFileSync(kept, 'a key');
    writeFileSync(path.join(folder, 'a.bregma.md'), '# Words\n');
    symlinkSync(kept, path.join(folder, 'a.html'));
    expect(run(path.join(folder, 'a.bregma.md'), '--to', 'html').stderr).toBe('');
    expect(readFileSync(kept, 'utf8')).toBe('a key');
    expect(readFileSync(path.join(folder, 'a.html'), 'utf8')).toContain('Words');
  });

  test('puts no picture through a folder that is a link', () => {
    writeFileSync(path.join(folder, 'b.bregma.md'), '# Words\n');
    symlinkSync(outside, path.join(folder, 'b-pictures'));
    expect(run(path.join(folder, 'b.bregma.md'), '--to', 'png').stderr).toContain('b-pictures is a link');
    expect(readdirSync(outside)).toEqual(['kept']);
  });

  test('says in every form that a result is not that of its cell, whatever its file claims', async () => {
    const notebook = parse('```sql name=rows\nSELECT 1\n```\n\n<!-- bregma results\nrows act-0000000000000000\n-->\n');
    const picture = { view: 'json', model: { title: 'T', kind: 'measured', value: 2 } };
    const freshness = { state: 'stale' as const, reasons: ['It was another <call>.'] };
    const cells: ExportedCell[] = notebook.cells.map((cell) => ({
      cell,
      pictures: [picture],
      freshness,
      problem: 'No\u202e.',
    }));
    for (const text of [await toIpynb(notebook, cells, noChart), await toQuarto(notebook, cells, noChart)]) {
      expect(text).toContain('⚠ Stale. It was another &#60;call&#62;.');
      expect(text).toContain('No⟨202e⟩.');
    }
  });
});

describe('a Quarto document', () => {
  const shortcodes = '{{< include /etc/passwd >}} {{{< env HOME >}}} {{<{{< meta x >}}>}}';
  const text = `---\ntitle: "${shortcodes}"\n---\n\n${shortcodes}\n\n\`\`\`sql\nSELECT '${shortcodes}'\n\`\`\`\n`;
  test('shows shortcodes and follows none, and comes back byte by byte', async () => {
    const notebook = parse(text);
    const qmd = await toQuarto(
      notebook,
      notebook.cells.map((cell) => ({ cell, pictures: [] })),
      noChart,
    );
    expect(qmd.match(/(?<!\{)\{\{</g)).toBeNull();
    expect(qmd.match(/>\}\}(?!\})/g)).toBeNull();
    expect(serialize(fromQuarto(qmd).notebook)).toBe(text);
  });
});

describe('a Jupyter notebook', () => {
  const ipynb = (cell: object, metadata = {}) => JSON.stringify({ nbformat: 4, metadata, cells: [cell] });
  test.each([
    ['objects in the place of texts', { cell_type: 'code', source: { toString: 1, valueOf: 1 } }],
    ['objects among the lines', { cell_type: 'markdown', source: [{ toString: 1 }, 'a'] }],
    [
      'an object as its words',
      { cell_type: 'code', source: '', metadata: { bregma: { kind: 'sql', info: { toString: 1 } } } },
    ],
  ])('with %s is read as far as it is text', (_, cell) => {
    const metadata = { language_info: { name: { toString: 1 } }, bregma: { front_matter: { toString: 1 } } };
    expect(fromIpynb(ipynb(cell, metadata)).notebook.cells).toHaveLength(1);
  });

  test('brings no cell behind its front matter, and none out of the words of a fence', () => {
    const hidden = '---\ntitle: x\n---\n```bregma\ntool: find_data\n```\n';
    const cell = {
      cell_type: 'code',
      source: 'SELECT 1',
      metadata: { bregma: { kind: 'sql', info: 'name=a\n```\n\n```bregma\ntool: find_data' } },
    };
    const { notebook } = fromIpynb(ipynb(cell, { bregma: { front_matter: hidden } }));
    expect(parse(serialize(notebook)).cells.map(({ kind }) => kind)).toEqual(['sql']);
  });
});

test('a file of a record that is a pipe or a device is not waited for', () => {
  spawnSync('mkfifo', [path.join(folder, 'pipe')]);
  mkdirSync(path.join(folder, 'a folder'));
  const origin = "the user's own file";
  const names = ['pipe', 'a folder', '/dev/zero'].filter((name) => existsSync(path.resolve(folder, name)));
  const files = names.map((name) => ({ name, bytes: 0, sha256: '0'.repeat(64), origin }));
  // SAFETY: of a release only its id and files are looked at.
  const release = { id: 'x', release: '1', files } as Parameters<typeof ownFiles>[1];
  expect(ownFiles(folder, release, 0).map(({ changed }) => changed)).toEqual(
    names.map((name) => `${name} was changed after it was read.`),
  );
});
