import type { Append, Ledger, LedgerReader } from './ledger.ts';
import type { LedgerRecord, NewRecord } from './records.ts';
import { mustRead } from './records.ts';

/** What a call may do with the ledger: read it, append to it, and read and append while nobody else can. Nothing leaves a tool but through it. */
export interface Door extends LedgerReader {
  /** Appends records in one transaction, all or none. durable: they also survive power loss. */
  append(records: NewRecord[], options?: { durable?: boolean }): LedgerRecord[] | Promise<LedgerRecord[]>;
  /**
   * Runs `work` while holding the write lock: what it reads is still true when it appends. If it throws, nothing is appended. While
   * another process has the lock, other calls are answered.
   */
  transact<Result>(work: (append: Append) => Result, options?: { durable?: boolean }): Result | Promise<Result>;
}

/** The door of one call, and the ids of what was appended through it so far, oldest first. */
export function openDoor(ledger: Ledger): { door: Door; made(): string[] } {
  const made: string[] = [];
  const transact: Door['transact'] = async (work, options) => {
    const appended: string[] = [];
    const result = await ledger.inTurn((append) => work((record) => noted(append(record), appended)), options);
    made.push(...appended);
    return result;
  };
  const door: Door = {
    list: (kind, subject) => ledger.list(kind, subject),
    stored: (kind, subject) => ledger.stored(kind, subject),
    latest: (kind, subject) => ledger.latest(kind, subject),
    find: (kind, id) => ledger.find(kind, id),
    byId: (id) => ledger.byId(id),
    makersOf: (name) => ledger.makersOf(name),
    holdersOf: (object) => ledger.holdersOf(object),
    recent: (limit) => ledger.recent(limit),
    head: () => ledger.head(),
    rowBySeq: (seq) => ledger.rowBySeq(seq),
    latestTime: () => ledger.latestTime(),
    append: (records, options) => transact((append) => records.map((record) => append(record)), options),
    transact,
  };
  return { door, made: () => [...made] };
}

/** Holds what a tool appends to the form of its kind: a record that nobody could read later is not appended. */
function noted<Kind extends LedgerRecord['kind']>(record: LedgerRecord<Kind>, appended: string[]): LedgerRecord<Kind> {
  appended.push(mustRead(record).id);
  return record;
}
