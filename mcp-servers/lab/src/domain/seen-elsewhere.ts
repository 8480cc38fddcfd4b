import { isRecording } from '@bregma/core/experiment/exposure';
import { mayShow } from '@bregma/core/experiment/seen-evidence';
import { datasetRef, findDataset, listDatasets } from '@bregma/core/ledger/catalogue';
import type { Workspace } from '@bregma/core/workspace';
import { columnsOfTable, mostRows, rowsOf } from '@bregma/readers/question-rows';
import { holdsResponses, soughtOf } from './held-responses.ts';
import { openRecording } from './recording.ts';

/** Calls that say what a release is, and show nothing of its values. */
export const silentTools: ReadonlySet<string> = new Set([
  'add_data',
  'describe_data',
  'find_data',
  'record_hypothesis',
  'freeze_hypothesis',
  'test_hypothesis',
]);

/** A call that read measurements, and where they lay. */
export interface ReadElsewhere {
  id: string;
  tool: string;
  release: string;
}

/**
 * Which call before a moment read responses of these stimuli where they lie as a table or a bare array: the recording was added a
 * second time in another form, joined, or read from a result. By their numbers, rounded, in another unit, order or mixture too. undefined: none.
 */
export async function readElsewhere(
  seq: number,
  subject: string,
  stimuli: number[],
  workspace: Workspace,
): Promise<ReadElsewhere | undefined> {
  const { ledger, objects } = workspace;
  const others = listDatasets(ledger).filter((release) => !isRecording(release));
  const releaseOf = new Map(
    others.flatMap((release) => rowsOf(release).map(({ object }) => [object, datasetRef(release)] as const)),
  );
  const read = new Map<string, ReadElsewhere>();
  for (const { seq: at, id, body } of ledger.list('activity')) {
    if (at >= seq || !mayShow(body) || silentTools.has(body.tool)) continue;
    const named = body.inputs.flatMap((input) => releaseOf.get(input) ?? []);
    for (const release of [...body.releases, ...named]) read.set(release, { id, tool: body.tool, release });
  }
  const shown = others.filter((release) => read.has(datasetRef(release)));
  if (shown.length === 0 || !ledger.latest('dataset', subject) || !isRecording(findDataset(ledger, subject)))
    return undefined;
  const sought = soughtOf(openRecording(subject, workspace), stimuli);
  for (const release of shown)
    for (const table of rowsOf(release).filter(({ rows }) => rows <= mostRows)) {
      const held = await columnsOfTable(table, objects);
      if (holdsResponses(held, sought)) return read.get(datasetRef(release));
    }
  return undefined;
}

/** "query_data act-1 read the same responses in copy@1" */
export const elsewhereInWords = ({ tool, id, release }: ReadElsewhere) =>
  `${tool} ${id} read the same responses in ${release}`;
