import { canonicalJson } from '../canonical.ts';
import type { DatasetRelease } from '../contracts/dataset.ts';
import type { TwinCard } from '../contracts/twin.ts';
import type { ReleaseRead, ValidityRecord } from '../contracts/validity.ts';
import { datasetRef, readDatasets, readTwins } from '../ledger/catalogue.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { LedgerRecord } from '../ledger/records.ts';
import { codeVersion } from '../version.ts';
import { isNetwork, readNow } from './rests-on.ts';

/** What changed since something was judged. */
export const changes = ['release', 'weights', 'mapping', 'code'] as const;

/** One thing that is not any more as it was when a validity was measured. */
export interface Change {
  what: (typeof changes)[number];
  /** In words: what was, and what is. */
  because: string;
}

/** A validity, the newest to its question, and whether what it rests on is as it was. */
export interface Standing {
  record: LedgerRecord<'validity'>;
  /** Empty: it stands. */
  stale: Change[];
  /** The twin that would be judged now: the one that was, or what took its place. */
  twin?: TwinCard;
  /** Record of the re-test by which it stands although the code changed: the same kind and protocol, the same bytes. */
  confirmedBy?: string;
  /** Record of a re-test of the same kind and protocol that gave other bytes with the code of now. */
  refutedBy?: string;
}

/** What there is now, to which validities are held. */
export interface Now {
  code: string;
  releases: DatasetRelease[];
  twins: TwinCard[];
}

/** Every validity of a workspace, the newest to each question, oldest first. code: of the program that asks. */
export function standings(ledger: LedgerReader, code = codeVersion): Standing[] {
  const now = { code, releases: readDatasets(ledger).found, twins: readTwins(ledger).found };
  const records = ledger.list('validity');
  const newest = new Map<string, LedgerRecord<'validity'>>();
  for (const record of records) {
    const question = questionOf(record.body, now.twins);
    newest.delete(question);
    newest.set(question, record);
  }
  const again = askedAgain(records, now);
  return [...newest.values()].map((record) => standingOf(record, now, again));
}

/** Which question a record answers: what is judged, on which data, how. A twin that was made anew answers that of the one before. */
function questionOf({ twin, kind, options, data, protocol, by, controls, seed }: ValidityRecord, twins: TwinCard[]) {
  const card = twins.find(({ id }) => id === twin);
  return canonicalJson([card ? lineOf(card) : (twin ?? [kind, options]), idOf(data), protocol, by, controls, seed]);
}

/** What a twin was asked to be, whatever came of it. */
const lineOf = ({ kind, options, data, fittedOn, seed }: TwinCard) =>
  canonicalJson([kind, options, idOf(data), fittedOn.part, seed]);

const idOf = (reference: string) => reference.split('@')[0];

function standingOf(record: LedgerRecord<'validity'>, now: Now, again: ReadonlyMap<string, Again>): Standing {
  const { body } = record;
  const own = now.twins.find(({ id }) => id === body.twin);
  const twin = own && (now.twins.findLast((other) => lineOf(other) === lineOf(own)) ?? own);
  const stale = [
    ...body.rests.releases.flatMap((read) => changesOfRelease(read, now.releases)),
    ...(own && twin && isOther(own, twin)
      ? [{ what: 'weights' as const, because: `${own.id} was made anew with other weights: ${twin.id}` }]
      : []),
  ];
  if (body.rests.code === now.code) return { record, stale, twin };
  const retest = again.get(wayOf(body));
  if (retest?.same && stale.length === 0) return { record, stale, twin, confirmedBy: retest.id };
  const refuted = retest && !retest.same ? retest.id : undefined;
  const found = refuted ? `, with which ${refuted} found something else` : '';
  stale.push({ what: 'code', because: `judged by ${body.rests.code}; this is ${now.code}${found}` });
  return { record, stale, twin, refutedBy: refuted };
}

const isOther = (a: TwinCard, b: TwinCard) =>
  a.files.map(({ object }) => object).join() !== b.files.map(({ object }) => object).join();

function changesOfRelease(read: ReleaseRead, releases: DatasetRelease[]): Change[] {
  const newest = releases.findLast(({ id }) => id === idOf(read.reference));
  if (!newest) return [];
  const is = readNow(newest);
  const found: Change[] = [];
  if (is.reference !== read.reference || is.values !== read.values)
    found.push({
      what: isNetwork(newest) ? 'weights' : 'release',
      because:
        is.reference === read.reference
          ? `${read.reference} holds other values`
          : `${datasetRef(newest)} was added after ${read.reference}`,
    });
  if (is.names !== read.names)
    found.push({ what: 'mapping', because: `neurons of ${is.reference} have other names than in ${read.reference}` });
  return found;
}

/** By which code a validity was computed in which way: what a change of the code can make different. */
const wayOf = ({ kind, protocol, by, judged, rests }: ValidityRecord) =>
  canonicalJson([kind, protocol, by, judged, rests.code]);

/** What a question is about, and what it rests on but the code. */
const askedOf = ({ domains: _, perUnit: __, rests, ...asked }: ValidityRecord) =>
  canonicalJson({ ...asked, rests: { ...rests, code: '' } });

/** A question that was asked again with the code of now, of the same data and weights, and whether the bytes were the same. */
interface Again {
  id: string;
  same: boolean;
}

/** What a way of an earlier code came to with the code of now: one difference is a difference. */
function askedAgain(records: LedgerRecord<'validity'>[], { code }: Now): Map<string, Again> {
  const found = new Map<string, Again>();
  const ofNow = new Map(records.flatMap((one) => (one.body.rests.code === code ? [[askedOf(one.body), one]] : [])));
  for (const { body } of records) {
    const now = ofNow.get(askedOf(body));
    if (!now || body.rests.code === code) continue;
    const known = found.get(wayOf(body));
    if (known?.same !== false) found.set(wayOf(body), { id: now.id, same: now.body.perUnit === body.perUnit });
  }
  return found;
}
