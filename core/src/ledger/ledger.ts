import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { canonicalJson } from '../canonical.ts';
import type { RecordKind } from '../contracts/answer.ts';
import type { Row } from '../contracts/ledger-row.ts';
import { BregmaError } from '../errors.ts';
import { onlyName, ownFile, ownFolder, storageError } from '../storage.ts';
import { checkForm, ledgerApplication, ledgerVersion } from './check-form.ts';
import { HeadMark } from './heads.ts';
import { guards, tableForm, withoutLayout } from './layout.ts';
import { asLedgerError } from './ledger-errors.ts';
import { openToRead, openToWrite } from './ledger-file.ts';
import { indexOf, type LedgerIndex } from './ledger-index.ts';
import { namedThings, olderKey } from './makers.ts';
import {
  asRead,
  genesis,
  type LedgerRecord,
  mustRead,
  type NewRecord,
  recordHash,
  recordId,
  type StoredRecord,
  toRecord,
} from './records.ts';
import { eachRow, rowOf, rowsOf } from './rows.ts';
import { mostPatienceMs, whileHeld } from './while-held.ts';

/** How long a reader waits while another process holds the whole file, ms. */
const readMs = 1000;

/** Appends one record and returns it, sealed. */
export type Append = <Kind extends RecordKind>(record: NewRecord<Kind>) => LedgerRecord<Kind>;

/** What of a ledger can be read; a tool gets no more of it. */
export type LedgerReader = Pick<
  Ledger,
  | 'list'
  | 'stored'
  | 'latest'
  | 'find'
  | 'byId'
  | 'makersOf'
  | 'holdersOf'
  | 'recent'
  | 'head'
  | 'rowBySeq'
  | 'latestTime'
>;

/**
 * The append-only, hash-chained record of a workspace. Any number of processes may append at once: SQLite's write lock
 * orders them. A record is acknowledged when `append` returns; from then on a killed process cannot lose it.
 */
export class Ledger {
  readonly file: string;
  readonly database: DatabaseSync;
  private readonly insert: StatementSync;
  private readonly newest: StatementSync;
  private readonly byHash: StatementSync;
  private readonly bySeq: StatementSync;
  /** undefined: this ledger is only read. */
  private readonly mark: HeadMark | undefined;
  /** The latest time of the records up to this one. */
  private readonly timed = { seq: 0, at: '' };
  /** Which file it was when it was opened: device and inode. */
  private readonly opened: string | undefined;

  /** folder: the workspace's `.bregma`; patienceMs: how long its thread waits while another process holds the file. Throws `failed` when the ledger was written by a newer Bregma or is no ledger. */
  constructor(folder: string, options: { readOnly?: boolean; patienceMs?: number } = {}) {
    if (!options.readOnly) ownFolder(folder);
    this.file = path.join(folder, 'ledger.sqlite');
    for (const end of ['', '-wal', '-shm']) {
      ownFile(`${this.file}${end}`);
      if (!options.readOnly) onlyName(`${this.file}${end}`);
    }
    this.database = opened(this.file, options.readOnly ?? false);
    try {
      if (!options.readOnly) this.prepareFile(options.patienceMs ?? mostPatienceMs);
      checkForm(this.file, this.database);
      this.insert = this.database.prepare(
        'INSERT INTO records (seq, kind, subject, at, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
      );
      this.newest = this.database.prepare('SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1');
      this.byHash = this.database.prepare('SELECT * FROM records WHERE hash >= ? AND hash < ? LIMIT 1');
      this.bySeq = this.database.prepare('SELECT * FROM records WHERE seq = ?');
    } catch (error) {
      this.database.close();
      throw asLedgerError(this.file, error);
    }
    if (!options.readOnly) this.waitFor(readMs);
    this.opened = fileOf(this.file);
    this.mark = options.readOnly
      ? undefined
      : new HeadMark(path.join(folder, 'heads'), `${process.pid}-${randomBytes(6).toString('hex')}`);
  }

  private prepareFile(patienceMs: number): void {
    // WAL: readers never wait for the writer. NORMAL: a killed process loses nothing; power loss may cost the last records
    // but never the chain. Records of outer actions ask for FULL (see `append`).
    this.waitFor(patienceMs);
    this.database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON');
    const { user_version } = rowOf<{ user_version: number }>(this.database.prepare('PRAGMA user_version'))!;
    if (user_version !== 0) return;
    this.database.exec('BEGIN IMMEDIATE');
    try {
      this.database.exec(`
        CREATE TABLE IF NOT EXISTS records ${tableForm};
        ${Object.values(guards)
          .map((sql) => `${sql.replace(/^CREATE (INDEX|TRIGGER)/, 'CREATE $1 IF NOT EXISTS')};`)
          .join('\n')}
        PRAGMA application_id = ${ledgerApplication};
        PRAGMA user_version = ${ledgerVersion};`);
      this.database.exec('COMMIT');
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Appends records in one transaction, all or none, and returns them. durable: also survive power loss (fsync). */
  append(records: NewRecord[], options: { durable?: boolean } = {}): LedgerRecord[] {
    return this.transact((append) => records.map((record) => append(record)), options);
  }

  /**
   * Runs `work` while holding the write lock, so that what it reads is still true when it appends. `work` is synchronous.
   * If it throws, nothing is appended. Waits for its turn, up to a minute, and holds its thread meanwhile: a server asks `inTurn`.
   */
  transact<Result>(work: (append: Append) => Result, options: { durable?: boolean } = {}): Result {
    return this.locked(work, { durable: options.durable ?? false, waitMs: mostPatienceMs });
  }

  /** As `transact`, but the thread does other things while another process holds the lock. */
  inTurn<Result>(work: (append: Append) => Result, options: { durable?: boolean } = {}): Promise<Result> {
    return whileHeld(() => this.locked(work, { durable: options.durable ?? false, waitMs: 0 }));
  }

  /** Resolves once the file can be read: another process may hold the whole of it. Throws what keeps it from being read. */
  readable(): Promise<void> {
    return whileHeld(() => this.patiently(0, () => void this.head()));
  }

  /** Does something for which the lock is needed, waiting so long for it. Throws `conflict` with the field `held`. */
  private patiently<Result>(waitMs: number, work: () => Result): Result {
    this.waitFor(waitMs);
    try {
      return work();
    } catch (error) {
      throw asLedgerError(this.file, error);
    } finally {
      this.waitFor(readMs);
    }
  }

  private waitFor(ms: number): void {
    this.database.exec(`PRAGMA busy_timeout = ${ms}`);
  }

  private locked<Result>(work: (append: Append) => Result, how: { durable: boolean; waitMs: number }): Result {
    this.checkSameFile();
    if (!this.mark) throw storageError(this.file, Object.assign(new Error('read only'), { code: 'EROFS' }));
    if (how.durable) this.database.exec('PRAGMA synchronous = FULL');
    let last: { seq: number; hash: string } | undefined;
    try {
      this.patiently(how.waitMs, () => this.database.exec('BEGIN IMMEDIATE'));
      let result: Result;
      try {
        let head = rowOf<{ seq: number; hash: string }>(this.newest) ?? { seq: 0, hash: genesis };
        result = work((record) => {
          const row = this.seal(record, head);
          head = { seq: row.seq, hash: row.hash };
          last = head;
          // SAFETY: the row was just made from a record of this kind.
          return toRecord(row) as never;
        });
        this.database.exec('COMMIT');
      } catch (error) {
        // SQLite has rolled back by itself when the disk is full: the first error is the one to tell.
        if (this.database.isTransaction) this.database.exec('ROLLBACK');
        throw asLedgerError(this.file, error);
      }
      this.checkSameFile();
      if (last) this.mark.acknowledge(last.seq, last.hash);
      return result;
    } finally {
      if (how.durable) this.database.exec('PRAGMA synchronous = NORMAL');
    }
  }

  /** Throws `conflict` when the file under the ledger's name is another one now, or gone: what is appended would be nowhere. */
  private checkSameFile(): void {
    if (fileOf(this.file) === this.opened) return;
    throw new BregmaError(
      'conflict',
      `${this.file} was removed or replaced while it was open: nothing was acknowledged.`,
      {
        next: 'Restart the servers of this folder; `bregma verify` says what the ledger there holds.',
      },
    );
  }

  private seal(record: { kind: RecordKind; subject: string; body: unknown }, head: { seq: number; hash: string }): Row {
    // Node reads a text from SQLite up to its first NUL: such a record would look changed for ever. In a body it is escaped.
    if (record.subject.includes('\0'))
      throw new BregmaError('bad-input', 'What a record is about cannot have the character NUL in its name.', {
        next: 'Leave it out of the name; nothing was written.',
      });
    const row = {
      seq: head.seq + 1,
      kind: record.kind,
      subject: record.subject,
      at: new Date().toISOString(),
      body: canonicalJson(record.body),
      previous: head.hash,
    };
    const hash = recordHash(row);
    const { changes } = this.insert.run(row.seq, row.kind, row.subject, row.at, row.body, row.previous, hash);
    if (Number(changes) !== 1)
      throw new BregmaError('corrupt', `${this.file} did not take record number ${row.seq}: its schema was changed.`, {
        next: 'Run `bregma verify`; restore the ledger from a backup. Nothing was acknowledged.',
      });
    return { ...row, hash };
  }

  /** Records of a kind whose bodies are of its form, oldest first; of one subject when given. */
  list<Kind extends RecordKind>(kind: Kind, subject?: string): LedgerRecord<Kind>[] {
    return this.stored(kind, subject).flatMap((record) => asRead(record) ?? []);
  }

  /** As `list`, with the records whose bodies are of another form: nobody has looked into any of them. */
  stored<Kind extends RecordKind>(kind: Kind, subject?: string): StoredRecord<Kind>[] {
    const where = subject === undefined ? '' : ' AND subject = ?';
    const statement = this.database.prepare(`SELECT * FROM records WHERE kind = ?${where} ORDER BY seq`);
    const rows = subject === undefined ? statement.all(kind) : statement.all(kind, subject);
    // SAFETY: the statement asks for this kind, from the table whose columns are a Row's.
    return (rows as unknown as Row[]).map((row) => toRecord(row) as StoredRecord<Kind>);
  }

  /** The newest record of a subject, or undefined. Throws `corrupt` when its body is of another form. */
  latest<Kind extends RecordKind>(kind: Kind, subject: string): LedgerRecord<Kind> | undefined {
    const row = this.database
      .prepare('SELECT * FROM records WHERE kind = ? AND subject = ? ORDER BY seq DESC LIMIT 1')
      .get(kind, subject);
    // SAFETY: as in `stored`.
    return row && mustRead(toRecord(row as unknown as Row) as StoredRecord<Kind>);
  }

  /** The record of this kind with this id, or undefined. Throws `corrupt` when its body is of another form. */
  find<Kind extends RecordKind>(kind: Kind, id: string): LedgerRecord<Kind> | undefined {
    const record = this.byId(id);
    // SAFETY: its kind was just compared.
    return record?.kind === kind ? mustRead(record as StoredRecord<Kind>) : undefined;
  }

  /** A record by id (`act-0123456789abcdef`), or undefined. */
  byId(id: string): StoredRecord | undefined {
    const row = this.rowById(id);
    return row && toRecord(row);
  }

  /**
   * The calls that made a thing, oldest first, read by key. name: the digest of an object; the id of a record; or what names a
   * twin, a data set release, a hypothesis or a plan, which the maker of its first record made.
   */
  makersOf(name: string): LedgerRecord<'activity'>[] {
    const index = indexOf(this);
    index.update();
    return this.ofSeqs(this.makerSeqs(name, index)).flatMap((record) => {
      const read = asRead(record);
      return read?.kind === 'activity' ? [read] : [];
    });
  }

  /** The records of data sets, twins and experiments that hold the object as a part, oldest first. */
  holdersOf(object: string): StoredRecord[] {
    const index = indexOf(this);
    index.update();
    return this.ofSeqs(index.holders(object));
  }

  private makerSeqs(name: string, index: LedgerIndex): number[] {
    const listed = index.makers(name);
    if (listed.length > 0) return listed;
    const record = this.byId(name) ?? namedThings.flatMap((kind) => this.stored(kind, name).slice(0, 1))[0];
    if (!record) return [];
    const key = olderKey(record);
    const older = () =>
      key === undefined
        ? []
        : index
            .makers(key)
            .filter((seq) => seq > record.seq)
            .slice(0, 1);
    return record.id === name ? older() : this.makerSeqs(record.id, index);
  }

  private ofSeqs(seqs: number[]): StoredRecord[] {
    return seqs.flatMap((seq) => {
      const row = this.rowBySeq(seq);
      return row ? [toRecord(row)] : [];
    });
  }

  /** What the newest records are about, newest first, at most `limit`. */
  recent(limit: number): { kind: RecordKind; subject: string; id: string }[] {
    const rows = this.database.prepare('SELECT kind, subject, hash FROM records ORDER BY seq DESC LIMIT ?').all(limit);
    // SAFETY: these columns are texts, and only kinds of records are appended.
    return (rows as { kind: RecordKind; subject: string; hash: string }[]).map(({ kind, subject, hash }) => ({
      kind,
      subject,
      id: recordId(kind, hash),
    }));
  }

  /** As `byId`, but the row as it lies on disk. */
  rowById(id: string): Row | undefined {
    const match = /^[a-z]{3}-([0-9a-f]{16})$/.exec(id);
    if (!match) return undefined;
    const row = rowOf<Row>(this.byHash, match[1], `${match[1]}g`);
    // SAFETY: an id is only ever made from a known kind; any other kind gives another id.
    return row && recordId(row.kind as RecordKind, row.hash) === id ? row : undefined;
  }

  /** The row of this number as it lies on disk, or undefined. */
  rowBySeq(seq: number): Row | undefined {
    return rowOf<Row>(this.bySeq, seq);
  }

  /** All rows as they lie on disk, oldest first, starting after `seq`. */
  *rows(after = 0): Generator<Row> {
    yield* eachRow<Row>(this.database.prepare('SELECT * FROM records WHERE seq > ? ORDER BY seq'), after);
  }

  /** What of the schema is not as this version makes it: names of what is missing, changed, or there beside it. */
  foreignSchema(): string[] {
    const others = this.database.prepare(
      "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND lower(name) <> 'records'",
    );
    const found = new Map(
      rowsOf<{ name: string; sql: string }>(others).map(({ name, sql }) => [name, withoutLayout(sql ?? '')]),
    );
    const wrong = Object.entries(guards).filter(([name, sql]) => found.get(name) !== withoutLayout(sql));
    return [...wrong.map(([name]) => name), ...[...found.keys()].filter((name) => !(name in guards))];
  }

  /** The newest record's number and hash; seq 0 on an empty ledger. */
  head(): { seq: number; hash: string } {
    return rowOf<{ seq: number; hash: string }>(this.newest) ?? { seq: 0, hash: genesis };
  }

  /** The latest time of any record, ISO 8601; undefined in an empty ledger. Reads what it has not read before. */
  latestTime(): string | undefined {
    const { seq } = this.head();
    const newer = this.database.prepare('SELECT max(at) AS at FROM records WHERE seq > ? AND seq <= ?');
    const found = rowOf<{ at: string | null }>(newer, this.timed.seq, seq)?.at ?? '';
    if (found > this.timed.at) this.timed.at = found;
    this.timed.seq = seq;
    return this.timed.at || undefined;
  }

  close(): void {
    this.mark?.close();
    this.waitFor(0); // what is left in the log is not worth waiting for: the next process reads it
    this.database.close();
  }
}

function opened(file: string, readOnly: boolean): DatabaseSync {
  try {
    return readOnly ? openToRead(file) : openToWrite(file);
  } catch (error) {
    throw asLedgerError(file, error);
  }
}

/** Device and inode of a file; undefined: there is none. */
function fileOf(file: string): string | undefined {
  const found = lstatSync(file, { throwIfNoEntry: false, bigint: true });
  return found && `${found.dev} ${found.ino}`;
}
