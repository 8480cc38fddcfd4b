// What stands at the head of each contract is a file that keeps it: it is compiled as if it lay where its first line says, and run.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Benchmark } from '@bregma/benchmarks/benchmark';
import type { Question } from '@bregma/core/contracts/question';
import type { Tool } from '@bregma/core/mcp/tool';
import { drawSample } from '@bregma/core/questions/sample';
import { makeRandom } from '@bregma/core/statistics/random';
import type { TableTest } from '@bregma/core/table-tests/table-test';
import { openWorkspace } from '@bregma/core/workspace';
import { build, type Plugin } from 'esbuild';
import { parseHTML } from 'linkedom';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { DatasetAdapter } from '../../mcp-servers/atlas/src/datasets/adapter.ts';
import type { FileFormat } from '../../mcp-servers/atlas/src/formats/format.ts';
import type { LabDriver } from '../../mcp-servers/lab/src/drivers/driver.ts';
import type { TestKind } from '../../mcp-servers/lab/src/test-kinds/test-kind.ts';
import type { TwinKind } from '../../mcp-servers/twin/src/kinds/kind.ts';
import { root, temporaryWorkspace } from '../fixtures/client.ts';

/** A view, without the names of a browser's elements. */
interface View {
  parse(value: unknown): unknown;
  render(place: { model: unknown; el: unknown; host: unknown }): { update(model: unknown): void; dispose(): void };
}

const contracts = {
  tool: 'core/src/mcp/tool.ts',
  format: 'mcp-servers/atlas/src/formats/format.ts',
  dataset: 'mcp-servers/atlas/src/datasets/adapter.ts',
  kind: 'mcp-servers/twin/src/kinds/kind.ts',
  driver: 'mcp-servers/lab/src/drivers/driver.ts',
  testKind: 'mcp-servers/lab/src/test-kinds/test-kind.ts',
  tableTest: 'core/src/table-tests/table-test.ts',
  benchmark: 'benchmarks/src/benchmark.ts',
  view: 'webviews/src/kit/component.tsx',
};

/** The example in the comment that a contract begins with: where it would lie, from the root, and its text. */
function exampleIn(contract: string): { file: string; text: string } {
  const head = readFileSync(path.join(root, contract), 'utf8').split('*/')[0];
  const [, block] = /```tsx?\n([\s\S]*?)\n \* ```/.exec(head) ?? [];
  const text = (block ?? '').replace(/^ \* ?/gm, '');
  const [, file] = /^\/\/ (\S+)/.exec(text) ?? [];
  if (!file) throw new Error(`${contract} begins with no example that says where it would lie.`);
  return { file, text };
}

/** Reads a text as if it lay at `file`; packages of others stay outside. */
const placedAt = (file: string): Plugin => ({
  name: 'placed-at',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path: name, resolveDir }) =>
      resolveDir === root ? { path: path.join(root, path.dirname(file), name) } : undefined,
    );
    onResolve({ filter: /^[^./]/ }, ({ path: name }) => (name.startsWith('@bregma/') ? undefined : { external: true }));
  },
});

mkdirSync(path.join(root, '.cache'), { recursive: true });
const scratch = mkdtempSync(path.join(root, '.cache/contracts-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What the type checker says of texts that lie beside the house and are read as if they lay in it. base: the settings. */
function typeErrors(base: string, examples: { file: string; text: string }[]): string[] {
  const files = examples.map(({ file, text }) => {
    const place = path.join(scratch, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
    return place;
  });
  const config = path.join(scratch, 'tsconfig.json');
  const compilerOptions = { rootDirs: [root, scratch] };
  writeFileSync(config, JSON.stringify({ extends: path.join(root, base), compilerOptions, include: [], files }));
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8', cwd: scratch });
  return stdout.split('\n').filter((line) => examples.some(({ file }) => line.startsWith(file)));
}

/** What a file at that place exports under its own name. */
async function exported<Kind>(file: string, text: string): Promise<Kind> {
  const out = path.join(scratch, `${path.basename(file)}.mjs`);
  await build({
    stdin: { contents: text, resolveDir: root, loader: 'tsx' },
    outfile: out,
    bundle: true,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [placedAt(file)],
    logLevel: 'silent',
  });
  const name = path.basename(file, path.extname(file));
  const own = name === 'view' ? path.basename(path.dirname(file)) : name;
  const camel = own.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const module: Record<string, Kind> = await import(pathToFileURL(out).href);
  expect(Object.keys(module)).toEqual([camel]);
  return module[camel];
}

test('the example at the head of each contract is what the contract asks for', () => {
  const examples = Object.values(contracts).map(exampleIn);
  const isView = ({ file }: { file: string }) => file.startsWith('webviews/');
  const broken = { ...exampleIn(contracts.testKind), file: 'mcp-servers/lab/src/test-kinds/broken.ts' };
  broken.text = broken.text.replace("unit: 'r'", 'unit: 1');
  const said = typeErrors('tsconfig.json', [...examples.filter((one) => !isView(one)), broken]);
  expect(said.filter((line) => !line.startsWith(broken.file))).toEqual([]);
  expect(said).toHaveLength(1);
  expect(typeErrors('webviews/tsconfig.json', examples.filter(isView))).toEqual([]);
});

const run = async <Kind>(contract: string): Promise<Kind> => {
  const { file, text } = exampleIn(contract);
  return exported<Kind>(file, text);
};

describe('the examples run', () => {
  test('the benchmark is of its data, and lets that be the release for which clients predict', async () => {
    const benchmark = await run<Benchmark>(contracts.benchmark);
    expect(benchmark).toMatchObject({
      data: ['my-session@2026'],
      predicts: 'my-session@2026',
      metric: 'median-pearson',
    });
  });

  test('the tool reads its arguments, and says what is not there', async () => {
    const tool = await run<Tool>(contracts.tool);
    const space = temporaryWorkspace();
    const workspace = openWorkspace(space.folder);
    const context = { workspace, signal: AbortSignal.timeout(60_000), progress() {}, client: 'test', runs: {} };
    const input = tool.input.parse({ data: 'mice' });
    // biome-ignore lint/suspicious/noExplicitAny: a tool's run is called by the call path alone, with what its form parsed
    const call = tool.run as (input: unknown, context: any) => Promise<unknown>;
    await expect(call(input, context)).rejects.toMatchObject({ code: 'unknown-name', fields: { id: 'mice' } });
    workspace.close();
    space.remove();
  });

  test('the table test measures', async () => {
    const tried = await run<TableTest>(contracts.tableTest);
    const question: Question = tried.example;
    const table = { depth: [1, 2, 3, 4, 5], rate: [2, 4, 6, 8, 10] };
    const sample = drawSample(table, question, tried.roles);
    const [metric] = tried.metrics;
    const measured = await tried.measure(sample, metric, { random: makeRandom(1), finest: 0.01, level: 0.95 });
    // One of the 5! orders of y is as far along the line as the one that was measured.
    expect([measured.estimate, measured.above(0), measured.n]).toEqual([1, 1 / 120, { count: 5, of: 'rows' }]);
  });

  test('the driver describes its stand-in', async () => {
    const driver = await run<LabDriver>(contracts.driver);
    // biome-ignore lint/suspicious/noExplicitAny: this driver asks its context for nothing
    const about = await driver.describe(driver.standIn ?? '', {} as any);
    expect([about.kind, about.stimuli >= 40]).toEqual(['synthetic', true]);
  });

  test('the kind of twin, the kind of test, the format and the data set say what they are', async () => {
    const kind = await run<TwinKind>(contracts.kind);
    expect([kind.needs, kind.options.parse({})]).toEqual(['stimulus-response', { colour: false }]);
    const testKind = await run<TestKind>(contracts.testKind);
    expect(testKind.metric.of(['twin-1'])).toBe('mean over neurons of r(twin-1)');
    expect((await run<FileFormat>(contracts.format)).extensions).toContain('.csv');
    expect((await run<DatasetAdapter>(contracts.dataset)).card.kind).toBe('measured');
  });

  test('the view draws its model, and another in its place', async () => {
    const view = await run<View>(contracts.view);
    const { document } = parseHTML('<div id="place"></div>');
    vi.stubGlobal('document', document);
    const el = document.querySelector('#place');
    if (!el) throw new Error('no place');
    const host = { send() {}, restore: () => undefined, remember() {} };
    const drawn = view.render({ model: view.parse({ title: 'One', id: 'a' }), el, host });
    expect(el.querySelector('h1')?.textContent).toBe('One');
    drawn.update(view.parse({ title: 'Two', id: 'b' }));
    expect(el.querySelector('h1')?.textContent).toBe('Two');
    expect(() => view.parse({ title: 1 })).toThrow(/note/);
    drawn.dispose();
    vi.unstubAllGlobals();
  });
});
