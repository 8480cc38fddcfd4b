import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { ToolForm } from '@bregma/core/contracts/tool-form';
import { OpenObjects } from '@bregma/core/experiment/unspent';
import { Ledger } from '@bregma/core/ledger/ledger';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import { connectServer, type ServerConnection } from '@bregma/core/mcp/client';
import { callOf } from '@bregma/notebooks/call';
import { drawInProcess } from '@bregma/notebooks/chart';
import type { FencedCell } from '@bregma/notebooks/document';
import { draw } from '@bregma/notebooks/draw/draw';
import { type ExportedCell, notebookHtml } from '@bregma/notebooks/export/html';
import { fromIpynb, toIpynb } from '@bregma/notebooks/export/ipynb';
import { parse } from '@bregma/notebooks/parse';
import { notebookColumns } from '@bregma/notebooks/queries/notebook-columns';
import { notebookResultFile } from '@bregma/notebooks/queries/notebook-result-file';
import { notebookSessionCalls } from '@bregma/notebooks/queries/notebook-session-calls';
import { notebookSessions } from '@bregma/notebooks/queries/notebook-sessions';
import { notebookView } from '@bregma/notebooks/queries/notebook-view';
import { serialize } from '@bregma/notebooks/serialize';
import { sessionNotebook } from '@bregma/notebooks/session';
import { tableData } from '@bregma/webviews/table/data';
import type { TableModel } from '@bregma/webviews/table/model';
import { TuningModel } from '@bregma/webviews/tuning/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReadStore } from '../../extension/src/store/queries/query.ts';
import { toolList } from '../../scripts/tool-list.ts';
import { connect, root, serverCommand, temporaryWorkspace } from '../fixtures/client.ts';

const servers = ['atlas', 'twin', 'lab'] as const;

describe('a session of an agent', () => {
  const { folder, remove } = temporaryWorkspace();
  let tools: ToolForm[];
  let store: ReadStore;
  const open = new Map<string, ServerConnection>();

  beforeAll(async () => {
    tools = await toolList();
    await act(folder);
    const bregma = path.join(folder, '.bregma');
    store = {
      bregma,
      ledger: new Ledger(bregma, { readOnly: true }),
      objects: new OpenObjects(path.join(bregma, 'objects'), () => store.ledger),
      task: { signal: new AbortController().signal, report: () => {} },
    };
    for (const server of servers) {
      const [command, program] = serverCommand(server);
      const env = process.env as Record<string, string>;
      const args = [program, '--workspace', folder];
      open.set(server, await connectServer({ server, command, args, env, client: 'bregma-editor' }));
    }
  });
  afterAll(async () => {
    for (const connection of open.values()) await connection.close();
    store?.ledger.close();
    remove();
  });

  const session = () => {
    const [found] = notebookSessions(store).filter(({ client }) => client.startsWith('bregma-test'));
    return sessionNotebook(notebookSessionCalls(store, found.client, found.first, found.last), tools, found);
  };
  const record = (id: string) => store.ledger.find('activity', id) as LedgerRecord<'activity'>;

  test('becomes a notebook whose cells, run again, give the same answers', async () => {
    const { cells } = parse(serialize(session()));
    const calls = cells.filter((cell): cell is FencedCell => cell.kind === 'sql' || cell.kind === 'bregma');
    expect(calls.map(({ kind, info }) => `${kind} ${info.name}`)).toEqual([
      'bregma find_data_1',
      'bregma add_data_1',
      'sql query_data_1',
      'sql query_data_2',
      'bregma build_twin_1',
      'bregma run_twin_1',
      'bregma record_hypothesis_1',
    ]);
    const values = new Map<string, unknown>();
    for (const cell of calls) {
      const call = callOf(cell, tools, (name) => values.get(name));
      const answer = await open.get(call.server)?.call(call.tool, call.args);
      values.set(cell.info.name ?? '', answer?.value);
      const [was, now] = [record(cell.info.activity ?? ''), record(answer?.activity ?? '')];
      expect(now.body.arguments).toEqual(was.body.arguments);
      // What find_data finds says whether it was added; it was added since.
      if (call.tool !== 'find_data')
        expect([call.tool, now.body.answerDigest]).toEqual([call.tool, was.body.answerDigest]);
    }
  });

  test('is told with references where one call used what another made, and with what failed', () => {
    const text = serialize(session());
    expect(text).toContain('twin: $build_twin_1.twin');
    expect(text).toContain('between:\n        - $build_twin_1.twin');
    expect(text).toContain('releases: [ celegans-cook2019@2019 ]');
    expect(text).toMatch(/This call failed: .*no_such_table/);
    expect(text).toContain('> Wiring alone predicts \\<b\\>responses\\</b\\>');
  });

  test('shows its results: whole 64-bit ids, dates, and what was not measured', async () => {
    const [, second] = session().cells.filter((cell) => cell.kind === 'sql');
    const activity = (second as FencedCell).info.activity ?? '';
    const [{ view, model }] = await draw(record(activity), store.objects);
    expect(view).toBe('table');
    expect(model).toMatchObject({
      columns: [
        { name: 'id', type: 'BIGINT' },
        { name: 'day', type: 'DATE' },
        { name: 'x', type: 'DOUBLE' },
        { name: 'says', type: 'VARCHAR' },
      ],
      completeness: { returned: 1, available: 1 },
      kind: 'derived',
      activity,
    });
    const { columns } = tableData(model as TableModel);
    expect(columns.map(({ cell }) => cell(0))).toEqual([
      720575940620875399n,
      '2024-02-29',
      null,
      '<img src=x onerror=alert(1)>,"',
    ]);
    const csv = new TextDecoder().decode(await notebookResultFile(store, activity, 'csv'));
    expect(csv).toBe('id,day,x,says\r\n720575940620875399,2024-02-29,,"<img src=x onerror=alert(1)>,"""\r\n');
    const parquet = await notebookResultFile(store, activity, 'parquet');
    expect(new TextDecoder().decode(parquet.slice(0, 4))).toBe('PAR1');
  });

  test('cuts what is too long to show, and says how much there is', async () => {
    const sql = `SELECT range AS i, repeat('x', 100000) AS long FROM range(20000)`;
    const answer = await (open.get('atlas') as ServerConnection).call('query_data', { sql, limit: 0, timeout_s: 120 });
    const [{ model }] = await draw(record(answer.activity), store.objects);
    const { arrow, completeness, note } = model as TableModel;
    const { length, columns } = tableData(model as TableModel);
    expect(completeness).toMatchObject({ returned: length, available: (answer.n as { count: number }).count });
    expect(note).toContain(`The first ${length} of`);
    expect(arrow?.length).toBeLessThan(15_000_000);
    expect(String(columns[1].cell(0))).toMatch(/… \(100000 characters\)$/);
  });

  test('has 100,000 rows of a result at once, and says how many there are', async () => {
    const sql = 'SELECT 720575940620875399 + range AS id, range / 7 AS x FROM range(120000)';
    const answer = await (open.get('atlas') as ServerConnection).call('query_data', { sql, limit: 0, timeout_s: 120 });
    const [{ model }] = await draw(record(answer.activity), store.objects);
    expect((model as TableModel).completeness).toMatchObject({ returned: 100_000, available: 120_000 });
    const { columns } = tableData(model as TableModel);
    expect(columns[0].cell(99_999)).toBe(720575940620975398n);
  });

  test('is drawn by the views that a plot cell names, over results and over data sets', async () => {
    const atlas = open.get('atlas') as ServerConnection;
    const sql = `SELECT 'n' || (i % 2) AS neuron, (i // 2) % 4 * 45 AS orientation_deg, i % 5 AS rate_hz,
      from_hex('89504e470d0a1a0a') AS picture FROM range(48) t(i)`;
    const { activity } = await atlas.call('query_data', { sql, limit: 0 });
    const spec = { view: 'tuning', data: 'r', x: 'orientation_deg', y: 'rate_hz', unit: 'neuron', period: 180 };
    const { model } = await notebookView(store, spec, activity);
    expect(TuningModel.parse(model)).toMatchObject({
      n: { count: 48, of: 'responses' },
      curves: [{ name: 'n0', points: [{ at: 0, n: 6 }, {}, {}, {}] }, { name: 'n1' }],
      activity,
    });
    const image = await notebookView(store, { view: 'image', data: 'r', image: 'picture' }, activity);
    expect(image.model).toMatchObject({ images: { length: 48 }, n: { count: 48 } });
    await expect(notebookView(store, { ...spec, unit: 'neurn' }, activity)).rejects.toThrow(
      "No column in 'r' 'neurn'. Did you mean neuron",
    );
    await expect(notebookColumns(store, activity)).resolves.toEqual([
      'neuron',
      'orientation_deg',
      'rate_hz',
      'picture',
    ]);
    const wired = await notebookView(store, { view: 'matrix', data: 'celegans-cook2019@2019' });
    expect([wired.view, (wired.model as { release: string[] }).release]).toEqual([
      'matrix',
      ['celegans-cook2019@2019'],
    ]);
    await expect(notebookView(store, { view: 'volume', data: 'celegans-cook2019@2019' })).rejects.toThrow(
      'has nothing that view: volume draws',
    );
  });

  test('is exported as a page without scripts, and as a Jupyter notebook that nbformat accepts and that comes back', async () => {
    const [above, results = ''] = serialize(session()).split(/^(?=<!-- bregma results)/m);
    const notebook = parse(`${above}\n<script>alert(1)</script> [x](javascript:alert(1))\u202Eevil\n\n${results}`);
    const cells: ExportedCell[] = await Promise.all(
      notebook.cells.map(async (cell) => ({
        cell,
        pictures: cell.kind === 'prose' ? [] : await draw(record(cell.info.activity ?? ''), store.objects),
      })),
    );
    const chart = (request: Parameters<typeof drawInProcess>[0]) =>
      drawInProcess(request, new URL('../../notebooks/src/chart-worker.ts', import.meta.url));
    const html = await notebookHtml(notebook, cells, chart, 'session.bregma.md');
    expect(html).not.toMatch(/<script|<img src=x|href="javascript|\u202E/i);
    expect(html).toContain('&#60;img src=x onerror=alert(1)&#62;');
    expect(html).toContain('720575940620875399');
    for (const cell of notebook.cells) if (cell.kind !== 'prose') expect(html).toContain(cell.info.activity);
    const ipynb = await toIpynb(notebook, cells, chart);
    expect(serialize(fromIpynb(ipynb).notebook).replace(/\s+/g, ' ')).toBe(serialize(notebook).replace(/\s+/g, ' '));
    const python = process.env.BREGMA_REFERENCE_PYTHON;
    if (!python) return console.log('Skipped without BREGMA_REFERENCE_PYTHON: validation by nbformat.');
    const checked = spawnSync(python, [path.join(root, 'test/reference/validate_ipynb.py')], {
      input: ipynb,
      encoding: 'utf8',
    });
    expect([checked.status, checked.stderr]).toEqual([0, '']);
  });

  test('stops a call that has become a long job when its cell is cancelled', async () => {
    const [command, program] = serverCommand('atlas');
    const env = { ...(process.env as Record<string, string>), BREGMA_HANDOVER_MS: '300' };
    const args = [program, '--workspace', folder];
    const atlas = await connectServer({ server: 'atlas', command, args, env, client: 'bregma-editor' });
    const { seq } = store.ledger.head();
    const controller = new AbortController();
    const sql = 'SELECT sum(a.range * b.range) FROM range(1000000) a, range(10000000) b';
    const called = atlas.call('query_data', { sql, timeout_s: 300 }, { signal: controller.signal });
    called.catch(() => {});
    await expect
      .poll(() => [...store.ledger.rows(seq)].some(({ kind }) => kind === 'run'), { timeout: 60_000 })
      .toBe(true);
    // The answer with the id of the run is on its way.
    await new Promise((resolve) => setTimeout(resolve, 500));
    controller.abort();
    await expect(called).rejects.toThrow();
    const ended = () =>
      [...store.ledger.rows(seq)]
        .map(({ body }) => JSON.parse(body))
        .find(({ tool, status }) => tool === 'query_data' && status);
    await expect
      .poll(ended, { timeout: 60_000 })
      .toMatchObject({ status: 'cancelled', run: expect.stringMatching(/^run-/) });
    await atlas.close();
  });

  test('charts what vega-lite says, and refuses to load anything', async () => {
    const chart = (spec: Record<string, unknown>) =>
      drawInProcess(
        { spec, data: { cells: [{ kind: '</svg><script>', n: 3 }] } },
        new URL('../../notebooks/src/chart-worker.ts', import.meta.url),
      );
    const encoding = { x: { field: 'kind', type: 'nominal' }, y: { field: 'n', type: 'quantitative' } };
    const { light } = await chart({ data: { name: 'cells' }, mark: 'bar', encoding });
    expect(light).toMatch(/^<svg[^>]*>/);
    expect(light).not.toContain('<script>');
    const outside = await chart({ data: { url: 'http://127.0.0.1:1/x.csv' }, mark: 'bar', encoding });
    expect(outside.warnings.join()).toContain('A chart reads earlier results alone');
    await expect(chart({ data: { name: 'cells' }, mark: 'nonsense', encoding })).rejects.toThrow('cannot be drawn');
  });
});

/** What an agent did: some calls that build on each other, and one that failed. */
async function act(folder: string): Promise<void> {
  const [atlas, twin, lab] = await Promise.all(servers.map((server) => connect(server, folder)));
  await atlas.call('find_data', { query: 'connectome' });
  await atlas.call('add_data', { source: 'celegans-cook2019' });
  await atlas.call('query_data', {
    sql: 'SELECT kind, count(*) AS n FROM celegans_cook2019.edges GROUP BY 1 ORDER BY 1',
    limit: 50,
  });
  await atlas.fail('query_data', { sql: 'SELECT * FROM no_such_table' });
  await atlas.call('query_data', {
    sql: `SELECT 720575940620875399::BIGINT AS id, DATE '2024-02-29' AS day, NULL::DOUBLE AS x, '<img src=x onerror=alert(1)>,"' AS says`,
  });
  const { value } = await twin.call('build_twin', { kind: 'linear-propagation', data: 'celegans-cook2019' });
  await twin.call('run_twin', { twin: value.twin, stimulate: ['AVAL'] });
  await lab.call('record_hypothesis', {
    claim: 'Wiring alone predicts <b>responses</b>',
    rivals: ['Responses follow distance and not wiring'],
    predictions: [{ metric: 'r', direction: 'greater', size: 0.1, between: [value.twin] }],
  });
  await Promise.all([atlas, twin, lab].map((server) => server.close()));
}
