import type * as z from 'zod';
import { DatasetRelease } from '../contracts/dataset.ts';
import { brief } from '../contracts/plain-text.ts';
import { TwinCard } from '../contracts/twin.ts';
import { BregmaError, unknownName } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { Ledger, LedgerRecord } from './ledger.ts';
import { type Unreadable, whyUnreadable } from './unreadable.ts';

/** What a workspace holds of one sort: what can be read, and the records that cannot. */
interface Holdings<Thing> {
  found: Thing[];
  unreadable: Unreadable[];
}

/** Every data set release that was added to the workspace, newest record of each. */
export const readDatasets = (ledger: Ledger): Holdings<DatasetRelease> => holdings(ledger, 'dataset', DatasetRelease);

/** Every twin of the workspace, oldest first. */
export const readTwins = (ledger: Ledger): Holdings<TwinCard> => holdings(ledger, 'twin', TwinCard);

/** As `readDatasets`. Throws `corrupt` when one cannot be read, so that nothing is found in only a part of them. */
export const listDatasets = (ledger: Ledger): DatasetRelease[] => allOf(readDatasets(ledger), 'data set', 'add_data');

/** As `readTwins`. Throws `corrupt` when one cannot be read. */
export const listTwins = (ledger: Ledger): TwinCard[] => allOf(readTwins(ledger), 'twin', 'build_twin');

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

function holdings<Thing>(ledger: Ledger, kind: 'dataset' | 'twin', form: z.ZodType<Thing>): Holdings<Thing> {
  const result: Holdings<Thing> = { found: [], unreadable: [] };
  for (const { id, subject, body } of newestBySubject(ledger.list(kind))) {
    const parsed = form.safeParse(body);
    if (parsed.success) result.found.push(parsed.data);
    else result.unreadable.push({ id, subject: brief(subject, 120), why: whyUnreadable(parsed.error, body) });
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

function newestBySubject(records: LedgerRecord[]): LedgerRecord[] {
  const newest = new Map<string, LedgerRecord>();
  for (const record of records) {
    newest.delete(record.subject);
    newest.set(record.subject, record);
  }
  return [...newest.values()];
}
