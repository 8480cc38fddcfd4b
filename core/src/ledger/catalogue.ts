import type { RecordKind } from '../contracts/answer.ts';
import type { DatasetRelease } from '../contracts/dataset.ts';
import { brief } from '../contracts/plain-text.ts';
import type { BodyOf } from '../contracts/records.ts';
import type { TwinCard } from '../contracts/twin.ts';
import { BregmaError, unknownName } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { LedgerReader } from './ledger.ts';
import { asRead, type StoredRecord, whyUnread } from './records.ts';
import type { Unreadable } from './unreadable.ts';

/** What a workspace holds of one sort: what can be read, and the records that cannot. */
interface Holdings<Thing> {
  found: Thing[];
  unreadable: Unreadable[];
}

/** Every data set release that was added to the workspace, newest record of each. */
export const readDatasets = (ledger: LedgerReader): Holdings<DatasetRelease> => holdings(ledger, 'dataset');

/** Every twin of the workspace, oldest first. */
export const readTwins = (ledger: LedgerReader): Holdings<TwinCard> => holdings(ledger, 'twin');

/** As `readDatasets`. Throws `corrupt` when one cannot be read, so that nothing is found in only a part of them. */
export const listDatasets = (ledger: LedgerReader): DatasetRelease[] =>
  allOf(readDatasets(ledger), 'data set', 'add_data');

/** As `readTwins`. Throws `corrupt` when one cannot be read. */
export const listTwins = (ledger: LedgerReader): TwinCard[] => allOf(readTwins(ledger), 'twin', 'build_twin');

/** The release that `reference` names: `id@release`, or `id` for the one added last. Throws `unknown-name` with the nearest. */
export function findDataset(ledger: LedgerReader, reference: string): DatasetRelease {
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

/** The twin with this id. Throws `unknown-name` with the nearest. */
export function findTwin(ledger: LedgerReader, id: string): TwinCard {
  const record = ledger.latest('twin', id);
  if (record) return record.body;
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

function holdings<Kind extends 'dataset' | 'twin'>(ledger: LedgerReader, kind: Kind): Holdings<BodyOf<Kind>> {
  const result: Holdings<BodyOf<Kind>> = { found: [], unreadable: [] };
  for (const record of newestBySubject(ledger.stored(kind))) {
    const read = asRead(record);
    if (read) result.found.push(read.body);
    else result.unreadable.push({ id: record.id, subject: brief(record.subject, 120), why: whyUnread(record) });
  }
  return result;
}

function allOf<Thing>({ found, unreadable: [first] }: Holdings<Thing>, what: string, tool: string): Thing[] {
  if (!first) return found;
  throw new BregmaError(
    'corrupt',
    `The record ${first.id} of the ${what} ${first.subject} cannot be read: ${first.why}.`,
    {
      next: `Make it anew with ${tool}: the newer record takes its place.`,
    },
  );
}

function newestBySubject<Kind extends RecordKind>(records: StoredRecord<Kind>[]): StoredRecord<Kind>[] {
  const newest = new Map<string, StoredRecord<Kind>>();
  for (const record of records) {
    newest.delete(record.subject);
    newest.set(record.subject, record);
  }
  return [...newest.values()];
}
