import type { ToolForm } from '@bregma/core/contracts/tool-form';
import { callOf, namesUsed } from '@bregma/notebooks/call';
import { completions } from '@bregma/notebooks/complete';
import type { FencedCell } from '@bregma/notebooks/document';
import { fromIpynb } from '@bregma/notebooks/export/ipynb';
import { pin, readFrontMatter } from '@bregma/notebooks/front-matter';
import { parse } from '@bregma/notebooks/parse';
import { serialize } from '@bregma/notebooks/serialize';
import { describe, expect, test } from 'vitest';

const tools: ToolForm[] = [
  { server: 'atlas', name: 'query_data', question: 'Ask in SQL.', acts: false, input: { properties: { sql: {} } } },
  {
    server: 'twin',
    name: 'run_twin',
    question: 'What does a twin predict?',
    acts: false,
    input: {
      required: ['twin'],
      properties: {
        twin: { type: 'string' },
        backend: { enum: ['wasm', 'wasm-f64'], default: 'wasm' },
        perturb: { properties: { activate: { items: { properties: { neurons: {}, rate_hz: { default: 150 } } } } } },
      },
    },
  },
];
const bregma = (text: string): FencedCell => ({ kind: 'bregma', info: { more: [] }, text });
const call = (text: string, results: Record<string, unknown> = {}) =>
  callOf(bregma(text), tools, (name) => results[name]);

test('a cell that says a tool and no more is answered with an example of that tool', () => {
  expect(() => call('run_twin')).toThrow(
    expect.objectContaining({ next: 'Write for example\ntool: run_twin\narguments:\n  twin: …' }),
  );
});

describe('a bregma cell', () => {
  test('calls the tool that it names, with ids of any length as text', () => {
    const { server, args } = call(
      'tool: run_twin\narguments:\n  twin: 720575940620875399\n  seed: 3\n  list: [1, 1e3, null]',
    );
    expect([server, args]).toEqual(['twin', { twin: '720575940620875399', seed: 3, list: [1, 1000, null] }]);
  });

  test('takes values from earlier results, whole or in part, and a dollar sign where two are written', () => {
    const results = { model: { twin: 'twin-1', list: [{ id: 'x' }] } };
    const text = 'tool: run_twin\narguments: {twin: $model.twin, a: [$model.list.0.id], b: $$model, c: costs $5}';
    expect(call(text, results).args).toEqual({ twin: 'twin-1', a: ['x'], b: '$model', c: 'costs $5' });
    expect(namesUsed(bregma(text))).toEqual(['model']);
  });

  test.each([
    ['tool: run_twim', /No tool 'run_twim'. Did you mean run_twin/],
    ['tool: run_twin\nserver: atlas', /'atlas' has no tool 'run_twin'; twin has it/],
    ['tool: run_twin\ntwin: x', /no 'twin'/],
    ['arguments: {}', /names a tool/],
    ['tool: run_twin\narguments: [', /is not YAML/],
    ['tool: run_twin\narguments: {twin: $model.twim}', /there is no 'twim' in that answer/],
    ['a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]', /cannot be read/],
  ])('that is wrong says what is wrong: %j', (text, message) => {
    expect(() => call(text, { model: { twin: 't' } })).toThrow(message);
  });

  test('is completed with tools, arguments, values and earlier results', () => {
    const at = (before: string, after = '') =>
      completions(before, before + after, tools, ['model']).map(({ label }) => label);
    expect(at('')).toEqual(['tool', 'arguments', 'server']);
    expect(at('tool: ')).toEqual(['query_data', 'run_twin']);
    expect(at('tool: run_twin\narguments:\n  ')).toEqual(['twin', 'backend', 'perturb']);
    expect(at('tool: run_twin\narguments:\n  twin: x\n  b')).toEqual(['backend', 'perturb']);
    expect(at('tool: run_twin\narguments:\n  backend: ')).toEqual(['wasm', 'wasm-f64', '$model']);
    expect(at('tool: run_twin\narguments:\n  perturb:\n    activate:\n      - ')).toEqual(['neurons', 'rate_hz']);
  });
});

describe('front matter', () => {
  test('is pinned without losing a comment or another member', () => {
    const before = '---\n# mine\ntitle: T # here\nreleases: [a@1]\n---\n';
    const after = pin(before, { releases: ['a@1', 'b@2'], twins: [] });
    expect(after).toContain('# mine');
    expect(after).toContain('title: T # here');
    expect(readFrontMatter(after)).toEqual({ title: 'T', releases: ['a@1', 'b@2'], twins: [] });
  });

  test('that cannot be read says so and pins nothing', () => {
    expect(readFrontMatter('---\nreleases: 3\n---\n')).toMatchObject({
      releases: [],
      problem: expect.stringContaining('list of ids'),
    });
    expect(readFrontMatter('---\n[\n---\n').problem).toMatch(/not YAML/);
  });
});

describe('a Jupyter notebook', () => {
  const jupyter = (cells: unknown[]) => JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 2 });

  test('of another language becomes prose, with its SQL as cells', () => {
    const { notebook, others } = fromIpynb(
      jupyter([
        { cell_type: 'markdown', source: ['# Title\n', 'text'] },
        { cell_type: 'code', source: 'print("```")\n```\n', outputs: [] },
        { cell_type: 'code', source: '%%sql\nSELECT 1\n', outputs: [] },
      ]),
    );
    expect(others).toBe(1);
    const again = parse(serialize(notebook)).cells;
    expect(again.map(({ kind, text }) => [kind, text])).toEqual([
      ['prose', '# Title\ntext'],
      ['prose', '````python\nprint("```")\n```\n\n````'],
      ['sql', 'SELECT 1'],
    ]);
  });

  test.each([
    ['{', /no Jupyter notebook/],
    ['{"worksheets": [], "nbformat": 3}', /no cells/],
    ['[]', /no cells/],
  ])('that is none is refused: %j', (text, message) => {
    expect(() => fromIpynb(text)).toThrow(message);
  });
});
