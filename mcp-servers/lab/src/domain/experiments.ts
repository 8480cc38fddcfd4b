import { hostname } from 'node:os';
import path from 'node:path';
import type { ExperimentEnd, ExperimentStart } from '@bregma/core/contracts/experiment';
import { unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import type { Ledger, LedgerRecord } from '@bregma/core/store/ledger';

/** One experiment as the ledger shows it. */
export interface ExperimentView {
  id: string;
  start: ExperimentStart;
  startSeq: number;
  at: string;
  /** interrupted: its process is gone and left no end. elsewhere: it runs on another machine, as far as this one can tell. */
  state: 'running' | 'elsewhere' | 'interrupted' | ExperimentEnd['state'];
  end?: ExperimentEnd;
}

/** All experiments, oldest first. */
export function listExperiments(ledger: Ledger): ExperimentView[] {
  const records = ledger.list<ExperimentStart | ExperimentEnd>('experiment');
  const ends = new Map(
    records.flatMap(({ body }) => (body.phase === 'ended' ? [[body.experiment, body] as const] : [])),
  );
  return records.flatMap((record) => {
    const { body } = record;
    return body.phase === 'started' ? [view({ ...record, body }, ends.get(record.id))] : [];
  });
}

/** The experiment of this id, or the newest of this plan. Throws `unknown-name`. */
export function findExperiment(ledger: Ledger, id: string): ExperimentView {
  const all = listExperiments(ledger);
  const found = all.findLast((experiment) => experiment.id === id || experiment.start.plan === id);
  if (found) return found;
  throw unknownName(
    'experiment',
    id,
    nearest(
      id,
      all.map((experiment) => experiment.id),
    ),
    'Call find_records with kind experiment.',
  );
}

function view(record: LedgerRecord<ExperimentStart>, end: ExperimentEnd | undefined): ExperimentView {
  return {
    id: record.id,
    start: record.body,
    startSeq: record.seq,
    at: record.at,
    state: end?.state ?? stateOf(record.body.process),
    end,
  };
}

function stateOf({ pid, host }: ExperimentStart['process']): 'running' | 'elsewhere' | 'interrupted' {
  if (host !== hostname()) return 'elsewhere';
  try {
    process.kill(pid, 0);
    return 'running';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'running' : 'interrupted';
  }
}

/** The kill switch of a workspace: while this file exists no trial starts, in any process. A person makes and removes it. */
export function killSwitch(bregma: string): string {
  return path.join(bregma, 'STOP');
}

/** Stops one experiment, from any process. */
export function stopFile(bregma: string, experiment: string): string {
  return path.join(bregma, `STOP-${experiment}`);
}
