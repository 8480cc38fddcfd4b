import type { DatasetRelease, Table } from '@bregma/core/contracts/dataset';
import type { Prediction, TestSpend } from '@bregma/core/contracts/hypothesis';
import type { MeasuredQuestion } from '@bregma/core/contracts/question';
import { howToState } from '@bregma/core/contracts/value-kind';
import { BregmaError } from '@bregma/core/errors';
import { mayShow } from '@bregma/core/experiment/seen-evidence';
import { datasetRef, findDataset, listDatasets } from '@bregma/core/ledger/catalogue';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import { holdsRowsOf } from '@bregma/core/questions/same-rows';
import { type Columns, columnsRead, inOrder } from '@bregma/core/questions/sample';
import type { Workspace } from '@bregma/core/workspace';
import { columnsOfTable, columnsWithheld, mostRows, rowsOf, tableAsked } from '@bregma/readers/question-rows';
import { silentTools } from './seen-elsewhere.ts';

/** Rows that a prediction about a table is tested on. Nothing of them was shown. */
export interface TableEvidence {
  release: DatasetRelease;
  table: Table;
  columns: Columns;
  question: MeasuredQuestion;
  /** Who could have seen them: anybody; or whoever has this machine. */
  exposure: 'public' | 'same-machine';
  /** When they had been seen before the prediction was frozen: the test can be post hoc alone. */
  postHoc?: string;
  rows: NonNullable<TestSpend['rows']>;
  /** Of a sequential test that had too few units: its spend, which more of them go on from. */
  continues?: TestSpend & { id: string };
}

type Frozen = Pick<LedgerRecord<'hypothesis'>, 'subject' | 'seq'>;

/**
 * The rows that a frozen prediction about a table may be tested on: those that its release withholds, else those in the open. Throws
 * `not-allowed` where they are not measured, were seen before the prediction was frozen, or decided it already. postHoc: rows that
 * had been seen are no reason to throw, and it is told.
 */
export async function collectRows(
  frozen: Frozen,
  prediction: Prediction,
  { data, postHoc }: { data?: string; postHoc: boolean },
  workspace: Workspace,
): Promise<TableEvidence> {
  const { ledger, objects, bregma } = workspace;
  if (!prediction.measured) throw new Error(`Prediction ${prediction.id} is about no table.`);
  const question = { ...prediction.measured, metric: prediction.metric };
  const release = findDataset(ledger, data ?? question.data);
  const reference = datasetRef(release);
  if (question.data !== release.id && question.data !== reference)
    throw refuse('other-data', `Prediction ${prediction.id} is about ${question.data}, not about ${reference}.`);
  if (release.card.kind !== 'measured')
    throw refuse(
      'not-measured',
      `The rows of ${reference} are ${release.card.kind === 'not stated' ? 'of a kind that nobody stated' : release.card.kind}: only measured ones are evidence.`,
      release.card.kind === 'not stated' ? howToState : undefined,
    );
  const table = tableAsked(release, question.table);
  const withheld = release.withheld?.tables.find(({ name }) => name === table.name)?.part;
  const columns = withheld ? await columnsWithheld(table, withheld, bregma) : await columnsOfTable(table, objects);
  const rows = { table: table.name, columns: columnsRead(question), withheld };
  const { told, continues } = await toldBefore(frozen, prediction, columns, rows, workspace);
  const seen = (await shownBefore(frozen, reference, columns, workspace)) ?? told;
  if (seen && !postHoc)
    throw refuse(
      'after-the-fact',
      `${seen}.`,
      `Explore what is in the open and withhold a part with add_data, or measure anew. ${howPostHoc}`,
    );
  return {
    continues,
    release,
    table,
    columns,
    question,
    rows,
    postHoc: seen,
    exposure: release.card.exposure === 'public' ? 'public' : 'same-machine',
  };
}

/** What to do where evidence was seen before. */
export const howPostHoc =
  'post_hoc: true gives the numbers all the same, marked as post hoc: they support nothing and spend nothing.';

/** Which call read these rows in the open before the freeze, under whatever name they were added. */
async function shownBefore(
  frozen: Frozen,
  reference: string,
  columns: Columns,
  workspace: Workspace,
): Promise<string | undefined> {
  const { ledger, objects } = workspace;
  const shown = new Map<string, { id: string; tool: string }>();
  for (const { seq, id, body } of ledger.list('activity'))
    if (seq < frozen.seq && mayShow(body) && !silentTools.has(body.tool))
      for (const release of body.releases) shown.set(release, { id, tool: body.tool });
  for (const release of listDatasets(ledger)) {
    const by = shown.get(datasetRef(release));
    if (!by) continue;
    for (const table of rowsOf(release).filter(({ rows }) => rows <= mostRows))
      if (holdsRowsOf(await columnsOfTable(table, objects), columns) || isOpen(release, reference))
        return `${frozen.subject} was frozen after its evidence was seen: ${by.tool} ${by.id} read ${datasetRef(release)}`;
  }
  return undefined;
}

const isOpen = (release: DatasetRelease, reference: string) => datasetRef(release) === reference && !release.withheld;

/**
 * Which test told something of these rows before the freeze, or at any time without spending a level. Throws `conflict` where they
 * decided this very prediction. A sequential test that is not decided goes on when more rows follow those that it saw; then its
 * spend is returned.
 */
async function toldBefore(
  frozen: Frozen,
  prediction: Prediction,
  columns: Columns,
  { columns: read }: TableEvidence['rows'],
  workspace: Workspace,
): Promise<{ told?: string; continues?: TableEvidence['continues'] }> {
  const { ledger, objects, bregma } = workspace;
  let continues: TableEvidence['continues'];
  for (const { id, seq, body } of ledger.list('test')) {
    if (body.phase !== 'spent' || !body.rows) continue;
    const { rows } = body;
    const again = body.hypothesis === frozen.subject && body.prediction === prediction.id;
    const early = seq < frozen.seq || body.postHoc;
    if (!again && !(early && rows.columns.some((column) => read.includes(column)))) continue;
    // A sequential test saw more with each result.
    const told = ledger.list('test').findLast(({ body: one }) => one.phase === 'result' && one.test === id)?.body;
    const release = listDatasets(ledger).find((one) => datasetRef(one) === (told ?? body).experiment);
    const table = release && rowsOf(release).find(({ name }) => name === rows.table);
    if (!table) continue;
    const part = told ? release?.withheld?.tables.find(({ name }) => name === rows.table)?.part : rows.withheld;
    const used = part ? await columnsWithheld(table, part, bregma) : await columnsOfTable(table, objects);
    if (!holdsRowsOf(columns, used) && !holdsRowsOf(used, columns)) continue;
    if (again && goesOn(id, prediction, columns, used, read, workspace)) {
      continues = { id, ...body };
      continue;
    }
    if (again)
      throw new BregmaError('conflict', `${id} tested this prediction on the same rows already.`, {
        next: 'New evidence needs new rows; find_records shows the test.',
        fields: { refusal: 'same-rows', test: id },
      });
    const says =
      seq < frozen.seq
        ? `${frozen.subject} was frozen after ${id} told what ${body.experiment} says of the same columns`
        : `${id}, a post hoc test, told what ${body.experiment} says of the same columns`;
    return { told: says, continues };
  }
  return { continues };
}

/** Whether a sequential test that is not decided has more rows now, after those that it saw, unchanged and in their order. */
function goesOn(
  id: string,
  prediction: Prediction,
  columns: Columns,
  used: Columns,
  read: string[],
  { ledger }: Workspace,
): boolean {
  const { judge } = prediction.measured ?? {};
  if (!judge || judge.by === 'bayes-factor') return false;
  const results = ledger
    .list('test')
    .flatMap(({ body }) => (body.phase === 'result' && body.test === id ? [body] : []));
  const last = results.at(-1);
  if (last?.verdict !== 'inconclusive' || last.sequence?.why === 'futile') return false;
  const [seen, now] = [inTurn(used, read, judge.order), inTurn(columns, read, judge.order)];
  return now.length > seen.length && seen.every((row, i) => row === now[i]);
}

/** Rows as texts of the columns that are read, in the order in which they came. */
function inTurn(table: Columns, read: string[], order: string | undefined): string[] {
  const rows = Array.from({ length: table[read[0]]?.length ?? 0 }, (_, row) => row);
  return inOrder(table, rows, order).map((row) => JSON.stringify(read.map((column) => table[column]?.[row])));
}

/** A test that is ruled out before it costs budget. */
export function refuse(refusal: string, message: string, next?: string): BregmaError {
  return new BregmaError('not-allowed', message, {
    next: `No error budget was spent.${next ? ` ${next}` : ''}`,
    fields: { refusal },
  });
}
