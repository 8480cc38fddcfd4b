import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeRandom } from '@bregma/core/statistics/random';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../../fixtures/client.ts';

const mice = 20;
const each = 6;
const withhold = { by: 'mouse', share: 0.4, seed: 2 };

/** One table of which mice are withheld, and every form of question that reads its rows. */
describe('what is withheld of a table', () => {
  const { folder, remove } = temporaryWorkspace();
  let atlas: Connection;
  let lab: Connection;
  let table: string;
  let dataset: string;
  /** What tells a row: its mouse, and its rate as it is written. */
  let rows: { mouse: string; rate: string }[];
  let hidden: string[];

  beforeAll(async () => {
    const random = makeRandom(11);
    const names = Array.from({ length: mice }, (_, i) => `mouse${(7919 * (i + 13)) % 100_003}`);
    rows = names.flatMap((mouse) =>
      Array.from({ length: each }, () => ({ mouse, rate: (10 + 3 * random.normal()).toFixed(7) })),
    );
    const lines = rows.map(({ mouse, rate }, i) =>
      [mouse, 'ab'[Math.floor(i / each) % 2], (i % each) * 60, ((i % each) * 0.113).toFixed(3), rate].join(','),
    );
    writeFileSync(path.join(folder, 'rates.csv'), `mouse,drug,angle,time,rate\n${lines.join('\n')}\n`);
    [atlas, lab] = await Promise.all([connect('atlas', folder), connect('lab', folder)]);
    const added = await atlas.call('add_data', { source: 'rates.csv', options: { kind: 'measured' }, withhold });
    dataset = added.value.dataset;
    table = `"${dataset}".rates`;
    const open = await atlas.call('query_data', { sql: `SELECT DISTINCT mouse FROM ${table}`, limit: 200 });
    const seen = new Set(open.value.rows.flat());
    hidden = rows.flatMap(({ mouse, rate }) => (seen.has(mouse) ? [] : [mouse, rate.replace(/0+$/, '')]));
    expect(seen.size).toBe(12);
    expect(leaksIn(JSON.stringify(added))).toEqual([]);
  });
  afterAll(async () => {
    await Promise.all([atlas?.close(), lab?.close()]);
    remove();
  });

  const leaksIn = (text: string) => [...new Set(hidden.filter((value) => text.includes(value)))];
  /** The whole of what a client is given, pictures and resources behind it too; a refusal is an answer too. */
  async function told(tool: string, args: Record<string, unknown>, of = atlas): Promise<string> {
    const result = await of.client.callTool({ name: tool, arguments: args }, { timeout: 290_000 });
    return JSON.stringify(result);
  }

  test('is in no form of SQL: joins, pivots, unions, windows, samples, lists, our own functions', async () => {
    const statements = [
      `SELECT * FROM ${table} JOIN ${table} USING (mouse)`,
      `SELECT * FROM ${table} NATURAL JOIN (SELECT mouse, max(rate) AS top FROM ${table} GROUP BY mouse)`,
      `SELECT * FROM ${table} a LEFT JOIN ${table} b ON a.rate = b.rate`,
      `SELECT * FROM ${table} a FULL OUTER JOIN ${table} b USING (rate)`,
      `SELECT * FROM ${table} a POSITIONAL JOIN ${table} b`,
      `SELECT * FROM ${table} a ASOF JOIN ${table} b ON a.rate >= b.rate`,
      `SELECT * FROM ${table} a SEMI JOIN ${table} b USING (mouse)`,
      `SELECT * FROM ${table} a ANTI JOIN (SELECT 1 AS rate) b USING (rate)`,
      `SELECT * FROM ${table} a, LATERAL (SELECT max(rate) FROM ${table} b WHERE b.mouse = a.mouse)`,
      `SELECT * FROM (UNPIVOT (SELECT mouse, rate, time FROM ${table}) ON rate, time INTO NAME n VALUE v)`,
      `SELECT * FROM (PIVOT ${table} ON drug IN ('a', 'b') USING max(rate) GROUP BY mouse)`,
      `SELECT * FROM ${table} UNION ALL BY NAME SELECT * FROM ${table}`,
      `SELECT mouse, list(rate), histogram(rate), arg_max(mouse, rate) FROM ${table} GROUP BY ALL`,
      `SELECT *, lag(rate) OVER (ORDER BY rate), first_value(mouse) OVER () FROM ${table}`,
      `SELECT * FROM ${table} USING SAMPLE 200 ROWS`,
      `SELECT mode(mouse), min(rate), max(rate), quantile_cont(rate, [0, 0.5, 1]), approx_top_k(mouse, 20) FROM ${table}`,
      `SUMMARIZE ${table}`,
      `FROM ${table} ORDER BY rate LIMIT 200`,
      `WITH RECURSIVE r AS (SELECT * FROM ${table} UNION SELECT * FROM r) SELECT * FROM r`,
      `SELECT * FROM tuning('${table}', 'angle', 'rate')`,
      `SELECT * FROM psth('${table}', 'time')`,
      `SELECT sem(rate), any_value(mouse) FROM ${table}`,
      `SELECT * FROM duckdb_columns()`,
      `SELECT * FROM parquet_metadata('.bregma/withheld/*')`,
      `SELECT * FROM glob('.bregma/withheld/*')`,
    ];
    let read = 0;
    for (const sql of statements) {
      const text = await told('query_data', { sql, limit: 200, digits: 17 });
      expect([sql, leaksIn(text)]).toEqual([sql, []]);
      if (rows.some(({ mouse }) => text.includes(mouse))) read++;
    }
    // What is in the open was seen by most of these.
    expect(read).toBeGreaterThan(12);
  });

  test('is in no profile, grade, question, figure, draft, trace or list', async () => {
    const question = { metric: 'mean_difference', columns: { value: 'rate', group: 'drug' }, subject: 'mouse' };
    const asked: [string, Record<string, unknown>][] = [
      ['describe_data', { data: dataset }],
      ['describe_data', { data: dataset, table: 'rates' }],
      ['describe_data', { data: dataset, grade: true }],
      ['find_data', { query: 'mouse' }],
      ['analyse_data', { data: table, question, draw: true, digits: 17 }],
      [
        'analyse_data',
        {
          data: table,
          question: {
            ...question,
            subject: undefined,
            family: 'mouse',
            columns: { x: 'time', y: 'rate' },
            metric: 'pearson',
          },
        },
      ],
      [
        'analyse_data',
        {
          data: table,
          question: {
            metric: 'custom',
            columns: { exchange: 'drug', with: ['rate'] },
            sql: 'SELECT max(rate) FROM rows',
          },
        },
      ],
      ['draw_chart', { data: table, chart: { marks: ['dot', 'text'], x: 'time', y: 'rate', text: 'mouse' } }],
      ['draw_chart', { data: table, chart: { marks: ['box', 'points'], x: 'mouse', y: 'rate' } }],
      ['join_data', { left: `${dataset}.rates.mouse`, right: `${dataset}.rates.mouse`, same_ids: true, id: 'joined' }],
    ];
    for (const [tool, args] of asked) expect([tool, args, leaksIn(await told(tool, args))]).toEqual([tool, args, []]);
    const id = dataset.replace(/@.*/, '');
    const prediction = {
      metric: 'mean_difference',
      direction: 'greater',
      measured: { ...question, metric: undefined, data: id },
    };
    const { value } = await lab.call('record_hypothesis', {
      claim: 'Drug a raises the rate.',
      rivals: ['It does not.'],
      predictions: [prediction],
    });
    expect(leaksIn(JSON.stringify(value))).toEqual([]);
    for (const of of [value.hypothesis, dataset])
      expect(leaksIn(await told('trace_claim', { id: of }, lab))).toEqual([]);
    expect(leaksIn(await told('find_records', { kind: 'activity' }, lab))).toEqual([]);
  });

  test('is in no resource that a server lists, nor in what stands for the data set: card, Croissant, objects', async () => {
    for (const server of [atlas, lab]) {
      const { resources } = await server.client.listResources();
      const { resourceTemplates } = await server.client.listResourceTemplates();
      const uris = [
        ...resources.map(({ uri }) => uri),
        // A template with the data set, and with its id alone, in the place of what it names.
        ...resourceTemplates.flatMap(({ uriTemplate }) =>
          [dataset, dataset.replace(/@.*/, '')].map((name) => uriTemplate.replace(/\{[^}]*\}/g, name)),
        ),
      ];
      expect(uris.some((uri) => uri.includes('croissant')) || server === lab).toBe(true);
      for (const uri of uris) {
        const read = await server.client.readResource({ uri }).catch((error: Error) => error.message);
        expect([uri, leaksIn(JSON.stringify(read))]).toEqual([uri, []]);
      }
    }
  });

  test('is in no file but its own and the one that the person brought, once exports, pages and traces were made', () => {
    const program = path.join(root, process.env.BREGMA_TEST_DIST ? 'dist/bregma.mjs' : 'cli/src/main.ts');
    writeFileSync(
      path.join(folder, 'all.bregma.md'),
      `\`\`\`sql name=rows limit=200\nSELECT * FROM ${table}\n\`\`\`\n\n\`\`\`plot name=dots\ndata: rows\nmarks:\n  - {mark: points, x: mouse, y: rate}\n\`\`\`\n`,
    );
    const bregma = (...args: string[]) =>
      spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8', env: process.env });
    const said = [
      bregma('run', 'all.bregma.md', '--to', 'html', '--out', 'all.html'),
      bregma('run', 'all.bregma.md', '--to', 'png', '--out', 'all.png'),
      bregma('export', dataset, '--to', 'crate'),
      bregma('trace', dataset),
      bregma('verify'),
    ].map(({ stdout, stderr }) => `${stdout}${stderr}`);
    expect(leaksIn(said.join('\n'))).toEqual([]);
    const withheld = path.join(folder, '.bregma/withheld');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(folder, name))
      .filter((file) => statSync(file).isFile() && !file.startsWith(withheld) && path.basename(file) !== 'rates.csv');
    const html = readFileSync(path.join(folder, 'all.html'), 'utf8');
    expect(rows.some(({ rate }) => html.includes(rate.replace(/0+$/, '').slice(0, 6)))).toBe(true);
    for (const file of files) expect([file, leaksIn(readFileSync(file).toString('latin1'))]).toEqual([file, []]);
  });
});
