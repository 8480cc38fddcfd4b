import { DatasetRelease } from '../contracts/dataset.ts';
import { TwinCard } from '../contracts/twin.ts';
import { unknownName } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Ledger, LedgerRecord } from './ledger.ts';

/** Every data set release that was added to the workspace, newest record of each. */
export function listDatasets(ledger: Ledger): DatasetRelease[] {
  return newestBySubject(ledger.list('dataset')).map((record) => DatasetRelease.parse(record.body));
}

/** The release that `reference` names: `id@release`, or `id` for the one added last. Throws `unknown-name` with the nearest. */
export function findDataset(ledger: Ledger, reference: string): DatasetRelease {
  const all = listDatasets(ledger);
  const found = all.findLast((dataset) => dataset.id === reference || datasetRef(dataset) === reference);
  if (found) return found;
  throw unknownName(
    'data set',
    reference,
    nearest(reference, all.map(datasetRef)),
    'Call find_data to see what there is and add_data to add it to this workspace.',
  );
}

/** `id@release`: how a release is named everywhere. */
export function datasetRef(dataset: { id: string; release: string }): string {
  return `${dataset.id}@${dataset.release}`;
}

/** Every twin of the workspace, oldest first. */
export function listTwins(ledger: Ledger): TwinCard[] {
  return newestBySubject(ledger.list('twin')).map((record) => TwinCard.parse(record.body));
}

/** The twin with this id. Throws `unknown-name` with the nearest. */
export function findTwin(ledger: Ledger, id: string): TwinCard {
  const record = ledger.latest('twin', id);
  if (record) return TwinCard.parse(record.body);
  throw unknownName(
    'twin',
    id,
    nearest(
      id,
      listTwins(ledger).map((twin) => twin.id),
    ),
    'Call find_twins to see what there is and build_twin to build one.',
  );
}

function newestBySubject(records: LedgerRecord[]): LedgerRecord[] {
  const newest = new Map<string, LedgerRecord>();
  for (const record of records) {
    newest.delete(record.subject);
    newest.set(record.subject, record);
  }
  return [...newest.values()];
}
