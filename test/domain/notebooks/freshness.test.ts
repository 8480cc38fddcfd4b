import type { ToolForm } from '@bregma/core/contracts/tool-form';
import { freshness, type Recorded, unpinned, type World } from '@bregma/notebooks/freshness';
import { readFrontMatter } from '@bregma/notebooks/front-matter';
import { parse } from '@bregma/notebooks/parse';
import { describe, expect, test } from 'vitest';

const tools: ToolForm[] = [
  {
    server: 'atlas',
    name: 'query_data',
    question: '',
    acts: false,
    input: { properties: { sql: {}, limit: { default: 20 }, timeout_s: { default: 20 } } },
  },
  {
    server: 'twin',
    name: 'build_twin',
    question: '',
    acts: false,
    input: { properties: { kind: {}, seed: { default: 0 } } },
  },
  {
    server: 'twin',
    name: 'run_twin',
    question: '',
    acts: false,
    input: {
      properties: {
        twin: {},
        perturb: {
          properties: { activate: { items: { properties: { rate_hz: { default: 150 } } } }, silence: { default: [] } },
        },
      },
    },
  },
];
const query = (sql: string, more: Partial<Recorded> = {}): Recorded => ({
  tool: 'query_data',
  arguments: { sql, limit: 20, timeout_s: 20 },
  status: 'ok',
  releases: ['worm@1'],
  ...more,
});
const act = (digit: string) => `act-${digit.repeat(16)}`;

function judge(text: string, ledger: Record<string, Recorded>, more: Partial<World> = {}) {
  const { cells, frontMatter } = parse(text);
  const world: World = {
    tools,
    recorded: (id) => ledger[id],
    newest: () => 'worm@1',
    pins: readFrontMatter(frontMatter),
    drawn: () => undefined,
    ...more,
  };
  return freshness(cells, world).filter((state) => state !== undefined);
}
const sql = (text: string, info = `activity=${act('1')}`) => `\`\`\`sql ${info}\n${text}\n\`\`\`\n`;

describe('a result in a notebook', () => {
  test('that is a picture of a data set is stale when the notebook pins another release', () => {
    const cell = '```plot\nview: volume\ndata: worm@1\n```\n';
    const drawn = () => ({ text: 'view: volume\ndata: worm@1', activities: {} });
    const pinned = (release: string) => judge(`---\nreleases: [ ${release} ]\n---\n\n${cell}`, {}, { drawn });
    expect(judge(cell, {}, { drawn })).toEqual([{ state: 'fresh' }]);
    expect(pinned('worm@1')).toEqual([{ state: 'fresh' }]);
    expect(pinned('worm@2')).toEqual([{ state: 'stale', reasons: ['It read worm@1; the notebook pins worm@2.'] }]);
    expect(judge(cell, {})).toEqual([{ state: 'not-run' }]);
  });

  test('is fresh when the recorded call is the call that the cell would make', () => {
    expect(judge(sql('SELECT 1'), { [act('1')]: query('SELECT 1') })).toEqual([{ state: 'fresh' }]);
  });

  test('is stale when a file of one’s own was changed of which its data were made, unless the release is pinned or named', () => {
    const changedFiles = (release: string) => (release === 'worm@1' ? ['my.csv was changed after it was read.'] : []);
    const ledger = { [act('1')]: query('SELECT 1') };
    const stale = { state: 'stale', reasons: ['my.csv was changed after it was read.'] };
    expect(judge(sql('SELECT 1'), ledger, { changedFiles })).toEqual([stale]);
    expect(judge(`---\nreleases: [worm@1]\n---\n${sql('SELECT 1')}`, ledger, { changedFiles })[0].state).toBe('fresh');
    const text = 'SELECT * FROM "worm@1".edges';
    expect(judge(sql(text), { [act('1')]: query(text) }, { changedFiles })[0].state).toBe('fresh');
  });

  test('of add_data is stale with its file even where the release is pinned: the call would read another file', () => {
    const tool = { server: 'atlas' as const, name: 'add_data', question: '', acts: false, input: {} };
    const cell = `---\nreleases: [my@1]\n---\n\`\`\`bregma activity=${act('1')}\ntool: add_data\narguments: {source: my.csv}\n\`\`\`\n`;
    const recorded: Recorded = { tool: 'add_data', arguments: { source: 'my.csv' }, status: 'ok', releases: ['my@1'] };
    const world = { tools: [tool], changedFiles: () => ['my.csv cannot be read any more.'] };
    expect(judge(cell, { [act('1')]: recorded }, world)).toEqual([
      { state: 'stale', reasons: ['my.csv cannot be read any more.'] },
    ]);
  });

  test('over the catalogue is stale when a data set was added since, and no other is', () => {
    const tables = 'SELECT table_name FROM duckdb_tables()';
    const stale = judge(sql(tables), { [act('1')]: query(tables, { releases: [], newer: { dataset: 1, twin: 2 } }) });
    expect(stale).toEqual([{ state: 'stale', reasons: ['A data set was recorded since.'] }]);
    const other = judge(sql('SELECT 1'), { [act('1')]: query('SELECT 1', { newer: { dataset: 1 } }) });
    expect(other).toEqual([{ state: 'fresh' }]);
  });

  test('is stale when another version computed it, and fresh when another build of this version did', () => {
    const ledger = { [act('1')]: query('SELECT 1', { code: '0.1.0+aaaa' }) };
    expect(judge(sql('SELECT 1'), ledger, { code: '0.1.0+bbbb' })).toEqual([{ state: 'fresh' }]);
    expect(judge(sql('SELECT 1'), ledger, { code: '0.2.0+aaaa' })).toEqual([
      { state: 'stale', reasons: ['It was computed by Bregma 0.1.0; this is 0.2.0.'] },
    ]);
  });

  test('is stale on another processor, and not under another Node or system', () => {
    const made = (environment: string) => ({ [act('1')]: query('SELECT 1', { environment }) });
    const here = { environment: 'Node 22.23.2 on linux x64' };
    expect(judge(sql('SELECT 1'), made('Node 20.19.0 on darwin x64'), here)).toEqual([{ state: 'fresh' }]);
    expect(judge(sql('SELECT 1'), made('Node 22.23.2 on linux arm64'), here)).toEqual([
      { state: 'stale', reasons: ['It was computed on a processor arm64; this is x64.'] },
    ]);
  });

  test('is stale when its cell was changed, by a text or by an option', () => {
    for (const cell of [sql('SELECT 2'), sql('SELECT 1', `limit=50 activity=${act('1')}`)]) {
      const [state] = judge(cell, { [act('1')]: query('SELECT 1') });
      expect(state).toMatchObject({ state: 'stale', reasons: [expect.stringContaining('was changed after it ran')] });
    }
  });

  test('is stale when an option that was recorded is no longer sent', () => {
    const recorded = query('SELECT 1', { arguments: { sql: 'SELECT 1', limit: 50, timeout_s: 20 } });
    expect(judge(sql('SELECT 1'), { [act('1')]: recorded })[0].state).toBe('stale');
    expect(judge(sql('SELECT 1', `limit=50 activity=${act('1')}`), { [act('1')]: recorded })[0].state).toBe('fresh');
  });

  test('is stale when the ledger does not know its activity, or knows that it failed', () => {
    expect(judge(sql('SELECT 1'), {})[0]).toMatchObject({
      reasons: [`There is no record ${act('1')} in this workspace.`],
    });
    expect(judge(sql('SELECT 1'), { [act('1')]: query('SELECT 1', { status: 'failed' }) })[0].state).toBe('stale');
  });

  test('is stale when it read another release than the pinned one, or when a newer one was added', () => {
    const ledger = { [act('1')]: query('SELECT 1') };
    expect(judge(`---\nreleases: [worm@2]\n---\n${sql('SELECT 1')}`, ledger)[0]).toMatchObject({
      reasons: ['It read worm@1; the notebook pins worm@2.'],
    });
    expect(judge(sql('SELECT 1'), ledger, { newest: () => 'worm@2' })[0]).toMatchObject({
      reasons: ['It read worm@1; worm@2 was added since.'],
    });
    expect(judge(`---\nreleases: [worm@1]\n---\n${sql('SELECT 1')}`, ledger, { newest: () => 'worm@2' })[0].state).toBe(
      'fresh',
    );
  });

  test('is fresh over an older release that its SQL names', () => {
    const text = 'SELECT * FROM "worm@1".edges';
    expect(judge(sql(text), { [act('1')]: query(text) }, { newest: () => 'worm@2' })[0].state).toBe('fresh');
  });

  test('is stale when an earlier result that it names has another value now, or is stale itself', () => {
    const notebook = (seed: number) =>
      `\`\`\`bregma name=model activity=${act('2')}\ntool: build_twin\narguments: {kind: lif, seed: ${seed}}\n\`\`\`\n` +
      `\`\`\`bregma activity=${act('3')}\ntool: run_twin\narguments: {twin: $model.twin}\n\`\`\`\n`;
    const ledger = (twin: string): Record<string, Recorded> => ({
      [act('2')]: {
        tool: 'build_twin',
        arguments: { kind: 'lif', seed: 0 },
        status: 'ok',
        releases: [],
        value: { twin },
      },
      [act('3')]: { tool: 'run_twin', arguments: { twin: 'twin-a' }, status: 'ok', releases: [] },
    });
    expect(judge(notebook(0), ledger('twin-a')).map(({ state }) => state)).toEqual(['fresh', 'fresh']);
    expect(judge(notebook(0), ledger('twin-b')).map(({ state }) => state)).toEqual(['fresh', 'stale']);
    expect(judge(notebook(1), ledger('twin-a'))[1]).toMatchObject({
      reasons: ["It builds on 'model', which is stale."],
    });
  });

  test('is compared with the defaults inside nested arguments too', () => {
    const cell = `\`\`\`bregma activity=${act('3')}\ntool: run_twin\narguments: {twin: t, perturb: {activate: [{neurons: [a]}]}}\n\`\`\`\n`;
    const recorded = (rate: number): Recorded => ({
      tool: 'run_twin',
      arguments: { twin: 't', perturb: { activate: [{ neurons: ['a'], rate_hz: rate }], silence: [] } },
      status: 'ok',
      releases: [],
    });
    expect(judge(cell, { [act('3')]: recorded(150) })[0].state).toBe('fresh');
    expect(judge(cell, { [act('3')]: recorded(50) })[0].state).toBe('stale');
  });

  test('as a chart is stale when its text or the result below it is another', () => {
    const notebook = `${sql('SELECT 1', `name=a activity=${act('1')}`)}\`\`\`plot\ndata: a\nmarks: []\n\`\`\`\n`;
    const ledger = { [act('1')]: query('SELECT 1') };
    const drawn = { text: 'data: a\nmarks: []', activities: { a: act('1') } };
    expect(judge(notebook, ledger)[1].state).toBe('not-run');
    expect(judge(notebook, ledger, { drawn: () => drawn })[1].state).toBe('fresh');
    expect(judge(notebook, ledger, { drawn: () => ({ ...drawn, text: 'other' }) })[1].state).toBe('stale');
    expect(judge(notebook, ledger, { drawn: () => ({ ...drawn, activities: { a: act('9') } }) })[1].state).toBe(
      'stale',
    );
  });

  test('that used what is not pinned says so, where something is pinned', () => {
    const pins = readFrontMatter('---\nreleases: [worm@1]\n---\n');
    expect(unpinned({ releases: ['worm@1', 'fly@3'], twins: ['twin-x'] }, pins)).toEqual([
      'This cell used the release fly@3, which the notebook does not pin.',
    ]);
  });
});
