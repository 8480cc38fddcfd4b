import { listExperiments } from '@bregma/core/experiment/experiments';
import { listHypotheses } from '@bregma/core/hypothesis/hypotheses';
import { statusOf, verdictsOf } from '@bregma/core/hypothesis/status';
import type { LedgerReader } from '@bregma/core/ledger/ledger';
import { measured, withDigits } from '@bregma/core/numbers';
import { receiptsOf } from '@bregma/core/scorer/submit';

export const rowKinds = ['hypothesis', 'test', 'plan', 'approval', 'experiment', 'score', 'activity'] as const;
/** Kind of record that `find_records` lists. */
export type RowKind = (typeof rowKinds)[number];

/** One line about a record, as find_records shows it. */
export interface RecordRow {
  id: string;
  kind: RowKind;
  status: string;
  title: string;
  at: string;
}

/** Rows of one kind, newest first. */
export function rowsOf(kind: RowKind, ledger: LedgerReader): RecordRow[] {
  return readers[kind](ledger)
    .map((row) => ({ ...row, kind, title: row.title.length > 120 ? `${row.title.slice(0, 119)}…` : row.title }))
    .reverse();
}

/** Where a hypothesis stands; where its tests contradict one another, which they are. */
function withVerdicts(ledger: LedgerReader, id: string): string {
  const status = statusOf(ledger, id);
  return status === 'contradictory' ? `${status}: ${verdictsOf(ledger, id).join(', ')}` : status;
}

const readers: Record<RowKind, (ledger: LedgerReader) => Omit<RecordRow, 'kind'>[]> = {
  hypothesis: (ledger) =>
    [...listHypotheses(ledger)].map(([id, records]) => ({
      id,
      status: withVerdicts(ledger, id),
      title: records[0].body.content.claim,
      at: records[0].at,
    })),

  test(ledger) {
    const records = ledger.list('test');
    const results = new Map(
      records.flatMap(({ body }) => (body.phase === 'result' ? [[body.test, body] as const] : [])),
    );
    return records.flatMap(({ id, at, body }) =>
      body.phase === 'spent'
        ? [
            {
              id,
              status: results.get(id)?.verdict ?? 'spent, no result',
              title: `${body.hypothesis} ${body.prediction} by ${body.experiment}, ${body.postHoc ? 'post hoc: decides nothing' : `level ${withDigits(body.budget.level, 3)}`}`,
              at,
            },
          ]
        : [],
    );
  },

  plan(ledger) {
    const ran = new Map(listExperiments(ledger).map((experiment) => [experiment.start.plan, experiment.state]));
    const signed = new Map(ledger.list('approval').map(({ subject, body }) => [subject, body.statement?.meaning]));
    return ledger.list('plan').map(({ subject, at, body: { content } }) => ({
      id: subject,
      status: ran.get(subject) ?? (signed.has(subject) ? `signed: ${signed.get(subject)}` : 'waits for a person'),
      title: `${content.hypothesis}: ${content.design.trials} trials of ${content.design.stimuli.length} stimuli, ${content.driver} on ${content.subject.id}`,
      at,
    }));
  },

  approval(ledger) {
    const used = new Set(listExperiments(ledger).map(({ start }) => start.approval));
    return ledger.list('approval').map(({ id, at, subject, body: { statement } }) => ({
      id,
      status: `${statement?.meaning ?? 'unsigned'}${statement?.demo ? ', demo' : ''}${used.has(id) ? ', used' : ''}`,
      title: `${subject} by ${statement?.by ?? 'nobody'} until ${statement?.expires ?? 'never'}`,
      at,
    }));
  },

  experiment: (ledger) =>
    listExperiments(ledger).map(({ id, at, state, start, end }) => ({
      id,
      status: `${state}${start.demo ? ', demo approval' : ''}`,
      title: `${start.hypothesis} ${start.plan}: ${start.driver} on ${start.subject}${end ? `, ${end.delivered} of ${end.asked} trials ${end.kind}` : ''}`,
      at,
    })),

  score: (ledger) =>
    receiptsOf(ledger).map(({ id, attempt, receipt: { statement } }) => ({
      id,
      status: statement.alarm
        ? `alarm: ${statement.alarm}`
        : `${statement.score}${statement.improved ? '' : ', no better'}`,
      title: `${statement.benchmark} ${attempt.tried ?? attempt.of}: open ${measured(statement.open)}, gap ${measured(statement.gap)}, ${attempt.seconds} s${attempt.after ? `, after ${attempt.after}` : ''}`,
      at: statement.at,
    })),

  activity: (ledger) =>
    ledger
      .list('activity')
      .map(({ id, at, body }) => ({ id, status: body.status, title: `${body.server} ${body.tool}`, at })),
};
