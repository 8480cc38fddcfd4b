import path from 'node:path';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { datasetRef, listDatasets } from '@bregma/core/ledger/catalogue';
import { memberOf } from '@bregma/core/members';
import { answerOf } from '../draw/answer.ts';
import type { Recorded } from '../freshness.ts';
import { type OwnFile, ownFiles } from '../own-files.ts';
import type { Records } from './records.ts';

/** What the ledger knows of the calls that a notebook shows. */
export interface NotebookFacts {
  /** By activity id; what the ledger does not have is not in it. */
  recorded: Record<string, Recorded & { kind?: ValueKind }>;
  /** Id of a data set → its newest release, `id@release`. */
  newest: Record<string, string>;
  /** Files of a person's own of which the releases were made that these calls read. */
  files: OwnFile[];
}

/** Kinds of records that calls list. */
const listedKinds = ['dataset', 'twin', 'hypothesis', 'test', 'plan', 'approval', 'experiment', 'score'] as const;

/** What freshness is decided from: the calls behind these activities, the values of some of them, and the newest releases. */
export function notebookFacts(
  { bregma, ledger, objects }: Records,
  activities: string[],
  valuesOf: string[],
): NotebookFacts {
  const recorded: NotebookFacts['recorded'] = {};
  const seqs = Object.fromEntries(listedKinds.map((kind) => [kind, ledger.list(kind).map(({ seq }) => seq)]));
  for (const id of activities) {
    const record = ledger.find('activity', id);
    if (record?.kind !== 'activity') continue;
    const { tool, arguments: args, status, releases, answer } = record.body;
    recorded[id] = {
      tool,
      arguments: args,
      status,
      releases,
      code: record.body.code,
      environment: record.body.environment,
      newer: Object.fromEntries(listedKinds.map((kind) => [kind, seqs[kind].filter((seq) => seq > record.seq).length])),
      // SAFETY: only the call path writes answers, each with the kind of its value.
      kind: memberOf(answer, 'kind') as ValueKind | undefined,
    };
    if (status !== 'ok' || (recorded[id].kind && !valuesOf.includes(id))) continue;
    const whole = answerOf(record, objects);
    recorded[id].kind = whole.kind;
    if (valuesOf.includes(id)) recorded[id].value = whole.value;
  }
  const read = new Set(Object.values(recorded).flatMap(({ releases }) => releases));
  const files = ledger
    .list('dataset')
    .flatMap(({ body, at }) =>
      read.has(datasetRef(body)) ? ownFiles(path.dirname(bregma), body, Date.parse(at)) : [],
    );
  return { recorded, newest: Object.fromEntries(listDatasets(ledger).map((set) => [set.id, datasetRef(set)])), files };
}
