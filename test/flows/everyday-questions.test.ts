import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answered, type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';
import wanted from '../fixtures/everyday/answers.json' with { type: 'json' };
import { rowsOf } from '../fixtures/table-rows.ts';

// Donors and paired expression, as public tables have them; test/reference/everyday_questions.py makes them and answers with pandas,
// scipy and statsmodels. Each is asked once, with the tools alone.
const donors = 'donors.donors';
const stages = ['Braak 0', 'Braak II', 'Braak III', 'Braak IV', 'Braak V', 'Braak VI'];
const grams = `SELECT *, (Sex = 'Male')::INT AS male, regexp_extract("Fresh Brain Weight", '[-+0-9.]+')::DOUBLE
  * CASE WHEN "Fresh Brain Weight" LIKE '%kg' THEN 1000 ELSE 1 END AS grams FROM ${donors}`;
const carriers = `SELECT *, "APOE Genotype" LIKE '%4%' AS e4 FROM ${donors}`;
const byGene =
  'UNPIVOT expression.expression ON COLUMNS(* EXCLUDE (patient, tissue, batch)) INTO NAME gene VALUE level';
const casi = 'Last CASI Score';
const status = 'Cognitive Status';

type Value = Answered['value'];
const first =
  (...names: string[]) =>
  ({ answers: [{ details, ...answer }] }: Value) =>
    names.map((name) => answer[name] ?? details[name]);
const everyCell = ({ rows }: Value) => rows.flat();
const everyNumber = ({ rows }: Value) => rows.flatMap((row: unknown[]) => row.slice(1));
const ofMembers =
  (...names: string[]) =>
  ({ answers }: Value) =>
    names.flatMap((name) => rowsOf(answers).map((answer: Value) => answer[name]));

interface Asked {
  tool: string;
  args: Record<string, unknown>;
  numbers: (value: Value) => number[];
  within?: number;
}

const sql = (statement: string, numbers: Asked['numbers']): Asked => ({
  tool: 'query_data',
  args: { sql: statement, digits: 17 },
  numbers,
});
/** The first question of a metric is drawn. */
const isNew = (metric: unknown) => !drawn.has(metric) && drawn.add(metric) !== undefined;
const drawn = new Set<unknown>();
const ask = (
  question: Record<string, unknown>,
  numbers: Asked['numbers'],
  of: Record<string, unknown> = { data: donors },
): Asked => ({ tool: 'analyse_data', args: { ...of, question, digits: 17, draw: isNew(question.metric) }, numbers });
const paired = { groups: ['tumour', 'normal'], subject: 'patient', paired: true };

const asked: Record<keyof typeof wanted, Asked> = {
  counts: sql(`SELECT "${status}", count(*) AS n FROM ${donors} GROUP BY ALL ORDER BY n DESC`, everyNumber),
  cross: sql(
    `SELECT Braak, count(*) FILTER ("${status}" = 'Dementia') AS yes, count(*) FILTER ("${status}" = 'No dementia') AS no FROM ${donors} GROUP BY Braak ORDER BY Braak`,
    everyNumber,
  ),
  missing: sql(
    `SELECT count(*) - count("${casi}"), count(*) - count(RIN), count(*) - count("APOE Genotype") FROM ${donors}`,
    everyCell,
  ),
  outliers: sql(
    `SELECT count(*) FROM ${donors}, (SELECT quantile_cont("AT8 % area", [0.25, 0.75]) AS q FROM ${donors}) WHERE "AT8 % area" > q[2] + 1.5 * (q[2] - q[1])`,
    everyCell,
  ),
  quartiles: sql(
    `SELECT Braak, unnest(quantile_cont("PMI (hours)", [0.25, 0.5, 0.75])) AS q FROM ${donors} GROUP BY Braak ORDER BY Braak, q`,
    everyNumber,
  ),
  sem: sql(`SELECT Sex, sem(RIN) FROM ${donors} GROUP BY Sex ORDER BY Sex`, everyNumber),
  fold: sql('SELECT tissue, avg(GFAP) FROM expression.expression GROUP BY tissue ORDER BY tissue DESC', everyNumber),
  groups: ask(
    { metric: 'mean_difference', columns: { value: casi, group: status }, groups: ['Dementia', 'No dementia'] },
    first('estimate', 'low', 'high', 't', 'pClassical'),
  ),
  ancova: ask(
    { metric: 'mean_difference', columns: { value: casi, group: status, covariates: ['Age at Death', 'Sex'] } },
    first('estimate', 'pClassical', 'low', 'high'),
  ),
  trend: ask(
    { metric: 'trend', columns: { value: 'AT8 % area', group: 'Braak' }, groups: stages },
    first('estimate', 'pClassical'),
  ),
  anova: ask({ metric: 'one_way', columns: { value: 'AT8 % area', group: 'Braak' } }, first('F', 'pClassical')),
  kruskal: ask({ metric: 'one_way_ranks', columns: { value: 'AT8 % area', group: 'Braak' } }, first('H', 'pClassical')),
  odds: ask(
    {
      metric: 'odds_ratio',
      columns: { outcome: status, group: 'e4' },
      ...{ groups: ['true', 'false'], happens: 'Dementia' },
    },
    first('estimate', 'low', 'high'),
    { sql: carriers },
  ),
  shares: ask(
    {
      metric: 'proportion_difference',
      columns: { outcome: status, group: 'e4' },
      ...{ groups: ['true', 'false'], happens: 'Dementia' },
    },
    first('estimate', 'low', 'high'),
    { sql: carriers },
  ),
  late: ask(
    { metric: 'proportion_difference', columns: { outcome: 'Braak', group: status }, happens: 'Braak VI' },
    first('estimate'),
  ),
  pearson: ask(
    { metric: 'pearson', columns: { x: 'AT8 % area', y: '6E10 % area' } },
    first('estimate', 'low', 'high', 'pClassical'),
  ),
  'by sex': ask(
    { metric: 'pearson', columns: { x: 'AT8 % area', y: '6E10 % area' }, family: 'Sex' },
    ofMembers('estimate'),
  ),
  spearman: ask({ metric: 'spearman', columns: { x: 'AT8 % area', y: casi } }, first('estimate', 'pClassical')),
  kendall: ask({ metric: 'kendall', columns: { x: 'stage', y: casi } }, first('estimate'), {
    sql: `SELECT *, list_position(['${stages.join("', '")}'], Braak) AS stage FROM ${donors}`,
  }),
  covariates: ask(
    {
      metric: 'slope',
      columns: { value: casi, x: 'AT8 % area', covariates: ['Age at Death', 'Sex', 'APOE Genotype'] },
    },
    first('estimate', 'standardError', 't', 'pClassical', 'low', 'high'),
  ),
  weight: ask(
    { metric: 'slope', columns: { value: 'grams', x: 'Age at Death', covariates: 'Sex' } },
    first('estimate', 'pClassical'),
    { sql: grams },
  ),
  'slopes differ': ask(
    { metric: 'slope', columns: { value: 'grams', x: 'both', covariates: ['Age at Death', 'male'] } },
    first('estimate', 'pClassical'),
    { sql: `SELECT *, "Age at Death" * male AS both FROM (${grams})` },
  ),
  'two way': ask(
    { metric: 'two_way', columns: { value: 'AT8 % area', group: status, second: 'Sex' } },
    first('F', 'pClassical'),
  ),
  interaction: ask(
    { metric: 'two_way_interaction', columns: { value: 'AT8 % area', group: status, second: 'Sex' } },
    first('F', 'pClassical'),
  ),
  survival: ask(
    {
      metric: 'log_hazard_ratio',
      columns: { time: 'Years to dementia', event: status, group: 'Sex' },
      happens: 'Dementia',
    },
    first('chi2', 'pClassical'),
  ),
  logistic: ask(
    {
      metric: 'log_odds_slope',
      columns: { outcome: status, x: 'Age at Death', covariates: ['AT8 % area', 'Sex'] },
      happens: 'Dementia',
    },
    first('estimate', 'low', 'high', 'z', 'pClassical'),
  ),
  cox: ask(
    {
      metric: 'log_hazard_slope',
      columns: { time: 'Years to dementia', event: status, x: 'AT8 % area', covariates: ['Age at Death', 'Sex'] },
      happens: 'Dementia',
    },
    first('estimate', 'low', 'high', 'z', 'pClassical'),
  ),
  crosstab: ask({ metric: 'cramers_v', columns: { x: 'APOE Genotype', y: status } }, first('chi2', 'pClassical')),
  paired: ask(
    { metric: 'mean_difference', columns: { value: 'EGFR', group: 'tissue' }, ...paired },
    first('estimate', 'low', 'high', 't', 'pClassical'),
    { data: 'expression.expression' },
  ),
  'wilcoxon median': ask(
    { metric: 'median_difference', columns: { value: 'PTEN', group: 'tissue' }, ...paired },
    first('estimate'),
    { data: 'expression.expression' },
  ),
  genes: ask(
    { metric: 'mean_difference', columns: { value: 'level', group: 'tissue' }, ...paired, family: 'gene' },
    ofMembers('pClassical'),
    { sql: byGene },
  ),
  effects: ask(
    {
      metric: 'mean_difference',
      columns: { value: 'level', group: 'tissue' },
      ...{ ...paired, groups: ['T', 'N'], family: 'gene' },
    },
    ofMembers('estimate'),
    {
      sql: `SELECT gene, split_part(sample, '_', 1) AS patient, split_part(sample, '_', 2) AS tissue, level
        FROM (UNPIVOT expression_matrix.expression_matrix ON COLUMNS(* EXCLUDE gene) INTO NAME sample VALUE level)`,
    },
  ),
  mixed: {
    ...ask({ metric: 'mixed_slope', columns: { value: 'SNAP25', x: 't' }, subject: 'patient' }, first('estimate'), {
      sql: `SELECT *, (tissue = 'tumour')::INT AS t FROM expression.expression`,
    }),
    // As far as the optimiser of statsmodels goes.
    within: 1e-7,
  },
  'correlated genes': ask({ metric: 'spearman', columns: { x: 'EGFR', y: 'VEGFA' } }, first('estimate'), {
    sql: `SELECT * FROM expression.expression WHERE tissue = 'tumour'`,
  }),
  batch: ask({ metric: 'one_way', columns: { value: 'ACTB', group: 'batch' } }, first('F', 'pClassical'), {
    data: 'expression.expression',
  }),
};

describe('everyday questions about donors and paired expression, with the tools alone', () => {
  const space = temporaryWorkspace();
  let atlas: Connection;
  beforeAll(async () => {
    atlas = await connect('atlas', space.folder);
    const names = ['donors.csv', 'expression.csv', 'expression_matrix.csv'];
    for (const name of names)
      copyFileSync(path.join(root, 'test/fixtures/everyday', name), path.join(space.folder, name));
    await atlas.call('add_data', { source: names, options: { kind: 'measured' } });
  });
  afterAll(async () => {
    await atlas?.close();
    space.remove();
  });

  test.each(Object.entries(asked))('%s', async (name, { tool, args, numbers, within = 1e-9 }) => {
    const { value, ...rest } = await atlas.call(tool, args);
    const found = numbers(value);
    // SAFETY: a name of `asked` is one of `wanted`.
    const expected = wanted[name as keyof typeof wanted];
    expect(found).toHaveLength(expected.length);
    expected.forEach((one, i) =>
      expect(Math.abs(found[i] - one)).toBeLessThanOrEqual(within * Math.max(1, Math.abs(one))),
    );
    expect(rest.release?.[0]).toMatch(/^(donors|expression)/);
    if (args.draw) expect(value.png).toMatch(/^[0-9a-f]{16}$/);
  });

  test('p-values of a family are adjusted by Benjamini & Hochberg', async () => {
    const { answers } = (await atlas.call(asked.genes.tool, { ...asked.genes.args, draw: false })).value;
    const sorted = rowsOf(answers).toSorted((a: Value, b: Value) => b.p - a.p);
    let least = 1;
    sorted.forEach(({ p, adjusted }: Value, i: number) => {
      least = Math.min(least, (p * sorted.length) / (sorted.length - i));
      expect(adjusted).toBeCloseTo(least, 10);
    });
  });

  test('groups have their n, and what is assumed is looked at', async () => {
    const about = async (question: Record<string, unknown>) =>
      (await atlas.call('analyse_data', { data: donors, question })).value.answers[0];
    const survival = await about(asked.survival.args.question as Record<string, unknown>);
    expect(rowsOf(survival.groups).map(({ n, events }: Value) => [n, events])).toEqual([
      [47, 30],
      [37, 21],
    ]);
    const twoWay = await about(asked['two way'].args.question as Record<string, unknown>);
    expect(twoWay.groups.rows).toHaveLength(4);
    expect(rowsOf(twoWay.groups).reduce((sum: number, { n }: Value) => sum + n, 0)).toBe(84);
    const oneWay = await about(asked.anova.args.question as Record<string, unknown>);
    expect(rowsOf(oneWay.groups).map(({ name }: Value) => name)).toEqual(stages);
    expect(oneWay.doubtful['largest variance by smallest']).toBeGreaterThan(4);
    expect(oneWay.pairs).toMatchObject({ how: 'Games–Howell', columns: expect.arrayContaining(['difference', 'p']) });
    expect(oneWay.pairs.rows).toHaveLength((stages.length * (stages.length - 1)) / 2);
  });

  test('a test is found by the name that it has elsewhere, and which was taken is said', async () => {
    const about = { columns: { value: 'RIN', group: 'Braak' } };
    const [{ value: own }, { value: other }] = [
      await atlas.call('analyse_data', { data: donors, question: { ...about, metric: 'one_way_ranks' } }),
      await atlas.call('analyse_data', { data: donors, question: { ...about, metric: 'Kruskal-Wallis' } }),
    ];
    expect(other).toEqual({ ...own, taken: 'one_way_ranks', answers: other.answers });
    expect(other.answers[0]).toMatchObject({ estimate: own.answers[0].estimate, details: own.answers[0].details });
    expect(
      (await atlas.fail('analyse_data', { data: donors, question: { ...about, metric: 'wilcoxon' } })).message,
    ).toBe("No metric 'wilcoxon'. Did you mean median_difference?");
  });

  test('digits hold within lists, and a figure is read by the beginning of its digest', async () => {
    const sql = `SELECT [1 / 3, 2 / 3] AS q, {a: 1 / 7} AS s`;
    expect((await atlas.call('query_data', { sql, digits: 3 })).value.rows).toEqual([[[0.333, 0.667], { a: 0.143 }]]);
    const { value } = await atlas.call('draw_chart', { data: donors, chart: { marks: ['box'], x: 'Braak', y: 'RIN' } });
    expect([...value.shows.matchAll(/(Braak \w+): n/g)].map(([, stage]) => stage)).toEqual(stages);
    const { contents } = await atlas.client.readResource({ uri: `bregma://object/${value.svg}` });
    // SAFETY: what is no JSON comes as bytes.
    const svg = Buffer.from((contents[0] as { blob: string }).blob, 'base64').toString('utf8');
    expect(svg).toMatch(/^<svg/);
    await expect(atlas.client.readResource({ uri: 'bregma://object/000000000000' })).rejects.toThrow(/begins with/);
  });

  test('what cannot be asked so says what to ask', async () => {
    const refused = async (question: Record<string, unknown>) =>
      (await atlas.fail('analyse_data', { data: donors, question })).next;
    expect(await refused({ metric: 'slope', columns: { value: 'Fresh Brain Weight', x: 'RIN' } })).toMatch(
      /Its values are in g, kg: make one unit of them in SQL: CASE WHEN "Fresh Brain Weight" LIKE '%kg' THEN/,
    );
    const bound = { sql: `SELECT *, CASE WHEN RIN > 8 THEN '8+' ELSE RIN::VARCHAR END AS capped FROM ${donors}` };
    const capped = { ...bound, question: { metric: 'pearson', columns: { x: 'capped', y: casi } } };
    expect((await atlas.fail('analyse_data', capped)).next).toMatch(/^8\+ says how much at least.*rtrim\("?capped/);
    expect(await refused({ metric: 'trend', columns: { value: 'RIN', group: 'Braak' } })).toMatch(
      /Name the levels as groups/,
    );
    expect(await refused({ metric: 'odds_ratio', columns: { outcome: 'Braak', group: 'Sex' } })).toMatch(
      /happens: "Braak VI"/,
    );
    expect(await refused({ metric: 'pearson', columns: { x: 'RIN', y: casi }, happens: 'Dementia' })).toMatch(
      /proportion_difference, odds_ratio, log_odds_slope, log_hazard_ratio and log_hazard_slope/,
    );
    expect(
      await refused({ metric: 'median_difference', columns: { value: 'RIN', group: 'Sex', covariates: 'Braak' } }),
    ).toMatch(/Ask mean_difference/);
  });
});
