import { sha256 } from '../canonical.ts';
import type { RecordKind } from '../contracts/answer.ts';
import { hashedText, type Row } from '../contracts/ledger-row.ts';
import { type BodyOf, recordForms } from '../contracts/records.ts';
import { BregmaError } from '../errors.ts';
import { contentId } from '../ids.ts';
import { whyUnreadable } from './unreadable.ts';

/** One entry of the chain. `hash` covers everything else, `previous` is the hash of the entry before. */
export interface Entry<Kind extends RecordKind, Body> {
  seq: number;
  id: string;
  kind: Kind;
  /** What the record is about: a data set release, a hypothesis, a plan; empty when only the record itself matters. */
  subject: string;
  at: string;
  body: Body;
  previous: string;
  hash: string;
}

/** A record whose body is of the form of its kind. */
export type LedgerRecord<Kind extends RecordKind = RecordKind> = { [K in Kind]: Entry<K, BodyOf<K>> }[Kind];

/** A record of which nobody has looked whether its body is of the form of its kind. */
export type StoredRecord<Kind extends RecordKind = RecordKind> = Entry<Kind, unknown>;

/** What is appended: the ledger adds number, time and hashes. */
export type NewRecord<Kind extends RecordKind = RecordKind> = {
  [K in Kind]: { kind: K; subject: string; body: BodyOf<K> };
}[Kind];

/** The hash that the first record names as its predecessor. */
export const genesis = sha256('bregma ledger 1');

const idPrefix: Record<RecordKind, string> = {
  activity: 'act',
  run: 'rec',
  dataset: 'rec',
  twin: 'rec',
  hypothesis: 'rec',
  test: 'tst',
  plan: 'rec',
  approval: 'apr',
  experiment: 'exp',
  stop: 'stp',
  trust: 'tru',
  cache: 'rec',
  witness: 'wit',
  score: 'scr',
  validity: 'val',
};

/** Hash of a record: sha256 over its fields, one a line, body last. */
export function recordHash(row: Omit<Row, 'hash'>): string {
  return sha256(hashedText(row));
}

/** Id of a record: its kind and the first 16 hex digits of its hash. */
export function recordId(kind: RecordKind, hash: string): string {
  return contentId(idPrefix[kind], hash);
}

/** A row as a record. Throws `corrupt` when its body is no JSON. */
export function toRecord(row: Row): StoredRecord {
  // SAFETY: only `append` writes rows, and it takes a RecordKind; any other kind has no form and stays unread.
  const kind = row.kind as RecordKind;
  const id = recordId(kind, row.hash);
  try {
    return { ...row, kind, id, body: JSON.parse(row.body) };
  } catch {
    throw new BregmaError('corrupt', `Record number ${row.seq} (${id}) holds no valid JSON: it was changed.`, {
      next: 'Run `bregma verify`; restore the ledger from a backup.',
    });
  }
}

/** The record, when its body is of the form of its kind; members that the form does not know stay in it. */
export function asRead<Kind extends RecordKind>(record: StoredRecord<Kind>): LedgerRecord<Kind> | undefined {
  const read = recordForms[record.kind]?.safeParse(record.body).success;
  // SAFETY: the body was just held to the form of this kind, and no form changes what it reads.
  return read ? (record as LedgerRecord<Kind>) : undefined;
}

/** As `asRead`. Throws `corrupt`, which says what of the body is wrong. */
export function mustRead<Kind extends RecordKind>(record: StoredRecord<Kind>): LedgerRecord<Kind> {
  const read = asRead(record);
  if (read) return read;
  throw new BregmaError('corrupt', `The record ${record.id} cannot be read: ${whyUnread(record)}.`, {
    next: 'It was changed, or written by a newer Bregma: run `bregma verify`, or update.',
  });
}

/** Why a record's body is not of the form of its kind, in plain words. */
export function whyUnread(record: StoredRecord): string {
  const parsed = recordForms[record.kind]?.safeParse(record.body);
  if (!parsed) return `this Bregma knows no records of its kind`;
  return parsed.success ? 'it can be read' : whyUnreadable(parsed.error, record.body);
}
