import { sha256 } from '@bregma/core/canonical';
import { Question } from '@bregma/core/contracts/question';
import { BregmaError } from '@bregma/core/errors';
import { pause } from '@bregma/core/in-slices';
import { listDatasets } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import { shortNumbers } from '@bregma/core/numbers';
import { sameMetric } from '@bregma/core/questions/also-called';
import { type Answered, analyse, tableMetricNames } from '@bregma/core/questions/analyse';
import type { Cell, Columns, LeftOut } from '@bregma/core/questions/sample';
import type { Check } from '@bregma/core/table-tests/table-test';
import { SqlStatistics } from '@bregma/readers/sql-statistic';
import * as z from 'zod';
import { briefAnalysis } from '../brief-analysis.ts';
import { askRows } from '../query/ask-rows.ts';
import { statementOf } from '../query/asked.ts';
import { figureOf, keptFigure } from '../question-figure.ts';

/** Rows that are analysed at most: fewer than there are would answer another question, and are refused. */
const most = { rows: 1_000_000 };
/** A statistic in SQL may take this long, exchanges and all. */
const longestMs = 120_000;

export const analyseData = defineTool({
  name: 'analyse_data',
  question: 'Explore a question on a table: effect, interval, n, checks, figure; no evidence.',
  input: z.object({
    sql: z.string().optional(),
    data: z.string().optional().describe('A table as after FROM'),
    question: z
      .record(z.string(), z.unknown())
      .describe(
        `{metric: ${tableMetricNames.join('|')}, columns: {value, group} or {x, y}, groups, unit, subject, paired, family}; custom: {exchange, with}, blocks, sql over rows`,
      ),
    level: z.number().gt(0.5).lt(1).default(0.95),
    digits: z.number().int().min(1).max(17).default(6),
    draw: z.boolean().default(false),
  }),
  output: z.looseObject({ status: z.literal('exploratory'), answers: z.array(z.looseObject({})) }),
  effect: 'read',
  digits: 'asked',
  brief: briefAnalysis,
  async run({ sql, data, question: raw, level, draw }, { workspace, signal }) {
    const asked = questionOf(raw);
    const question = { ...asked, metric: sameMetric(asked.metric) ?? asked.metric };
    const statement = statementOf({ sql, data }, listDatasets(workspace.ledger));
    const { columns, rows, found, sources } = await askRows(statement, most, workspace, signal);
    if (!found.complete || rows.length < found.rows)
      throw new BregmaError('too-large', `There are more than ${rows.length} rows.`, {
        next: 'Aggregate to one row a unit in SQL first.',
      });
    const seed = Number.parseInt(sha256(JSON.stringify([statement, question])).slice(0, 8), 16);
    const breathe = () => pause(signal);
    const statistics = new SqlStatistics({ signal, timeoutMs: longestMs });
    const table = tableOf(columns, rows);
    const { test, metric, answers } = await analyse(table, question, {
      ...{ seed, level, breathe, openStatistic: statistics.open },
    }).finally(() => statistics.close());
    const [first] = answers;
    const figure = draw
      ? await figureOf(test, table, question, { ...sources, n: together(answers) }, signal)
      : undefined;
    const pictures = figure && keptFigure(figure, workspace.objects);
    return {
      value: {
        status: 'exploratory' as const,
        taken: question.metric === asked.metric ? undefined : question.metric,
        metric: metric.title,
        unit: metric.unit,
        assumes: `bregma://test/${test.name}`,
        family: answers.length > 1 ? { members: answers.length, adjusted: 'Benjamini & Hochberg' } : undefined,
        answers: answers.map((answer) => shortNumbers(said(answer, metric.nothing, first?.measured?.interval), digits)),
        ...pictures,
      },
      ...sources,
      outputs: pictures && Object.values(pictures),
      images: pictures && [pictures.png],
      n: first?.measured?.n ?? { count: rows.length, of: 'rows' },
      // Its ends stand beside each estimate.
      uncertainty:
        first?.measured && first.measured.interval !== 'none' ? { method: first.measured.interval, level } : undefined,
      seed,
    };
  },
});

/** Units of all members together. */
function together(answers: Answered[]): { count: number; of: string } | undefined {
  const counts = answers.flatMap(({ measured }) => (measured ? [measured.n] : []));
  return counts.length > 0 ? { count: counts.reduce((sum, { count }) => sum + count, 0), of: counts[0].of } : undefined;
}

/** nothing: the value that means no effect. usual: how intervals are made where an answer does not say. */
function said({ member, measured, refused, leftOut, p, adjusted }: Answered, nothing: number, usual?: string) {
  if (!measured) return { member, refused };
  const { estimate, low, high, interval, how, n, groups, checks, details } = measured;
  const { eAbove, eBelow } = measured;
  const evidence = p === null && eAbove && eBelow ? { above: eAbove(nothing), below: eBelow(nothing) } : undefined;
  return {
    ...(member !== null && { member }),
    ...{ estimate, low, high, interval: interval === usual ? undefined : interval, n, groups, p, evidence, how },
    ...(adjusted !== null && { adjusted }),
    // Members of a family are not compared group by group.
    ...(member === null && measured.pairs && { pairs: measured.pairs() }),
    ...{ details, ...looked(checks), leftOut: leftOut && counted(leftOut) },
  };
}

/** What was looked at of what the test assumes: what is fine, and what leaves a doubt. */
function looked(all: Check[]) {
  const [checks, doubtful] = [true, false].map((wanted) => {
    const found = all.filter(({ fine }) => fine === wanted).map(({ what, value }) => [what, value]);
    return found.length > 0 ? Object.fromEntries(found) : undefined;
  });
  return { checks, doubtful };
}

/** What was left out, by why; undefined where nothing was. */
function counted(leftOut: LeftOut): Partial<LeftOut> | undefined {
  const found = Object.entries(leftOut).filter(([, count]) => count > 0);
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** Digits of a number that is recorded: those below are not what two orders of one sum agree on. */
const digits = 12;

/** The question as it was written. Throws `bad-input`, naming the member. */
function questionOf(raw: Record<string, unknown>): Question {
  try {
    return z.strictObject(Question.shape).parse(raw);
  } catch (error) {
    // SAFETY: `parse` throws nothing else.
    const why = z.prettifyError(error as z.ZodError).replaceAll('\n', ' ');
    throw new BregmaError('bad-input', `The question cannot be read: ${why}`, {
      next: 'For example {"metric": "mean_difference", "columns": {"value": "rate", "group": "area"}, "subject": "mouse"}.',
    });
  }
}

/** Rows as columns. Lists and structures are no levels: they are read as their JSON. */
function tableOf(columns: string[], rows: Record<string, unknown>[]): Columns {
  const cell = (value: unknown): Cell => {
    if (value === null || value === undefined) return null;
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
    return JSON.stringify(value);
  };
  return Object.fromEntries(columns.map((name) => [name, rows.map((row) => cell(row[name]))]));
}
