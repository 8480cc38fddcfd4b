import type { Activity } from '../contracts/activity.ts';
import type { RecordKind } from '../contracts/answer.ts';
import { type Ledger, type LedgerRecord, type Row, recordId, toRecord } from '../ledger/ledger.ts';
import { indexOf, type LedgerIndex } from '../ledger/ledger-index.ts';
import { type Lineage, lineageOf, names, sourcesOf } from './lineage.ts';
import { type Trace, type TraceOptions, traceBack } from './trace.ts';

/** Kinds of things that are named by the subject of their records. */
const subjectKinds = ['dataset', 'twin', 'hypothesis', 'plan'];

/**
 * What `id` rests on, read by walking from it: only its own ancestry is read, however long the ledger is. id: an activity, a
 * record, a hypothesis (with its tests), a twin, a data set (also without its release), or the sha256 of an object or file.
 * The trace has no roots when nothing of that name is on record.
 */
export function traceRecord(
  ledger: Ledger,
  id: string,
  options: TraceOptions,
): { trace: Trace; lineage: Lineage; records: LedgerRecord[] } {
  const walk = new Walk(ledger);
  walk.visit(withRelease(ledger, id));
  const records = walk.read();
  const lineage = lineageOf(records);
  return { trace: traceBack(lineage, rootsOf(lineage, withRelease(ledger, id)), options), lineage, records };
}

/** Names that a trace can start from, newest first, at most 20,000: for hints at what was meant. */
export function traceableNames(ledger: Ledger): string[] {
  const rows = ledger.database
    .prepare('SELECT kind, subject, hash FROM records ORDER BY seq DESC LIMIT 20000')
    .all() as { kind: RecordKind; subject: string; hash: string }[];
  return [
    ...new Set(
      rows.flatMap(({ kind, subject, hash }) =>
        subjectKinds.includes(kind) ? [subject, recordId(kind, hash)] : [recordId(kind, hash)],
      ),
    ),
  ];
}

/** Where a trace of `id` starts: the node of that name; for a hypothesis also its tests. */
function rootsOf(lineage: Lineage, id: string): string[] {
  const name = lineage.alias.get(id) ?? id;
  const found = lineage.nodes.get(name);
  if (!found) return [];
  if (found.kind !== 'hypothesis') return [name];
  const tests = lineage.edges
    .filter(({ from, to }) => from === name && lineage.nodes.get(to)?.kind === 'test')
    .map(({ to }) => to);
  return [name, ...new Set(tests)];
}

/** `id@release` of the data set that was added last, when `id` is a data set without its release; else `id`. */
function withRelease(ledger: Ledger, id: string): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,79}$/.test(id) || /^[0-9a-f]{64}$/.test(id)) return id;
  const row = ledger.database
    .prepare(
      "SELECT subject FROM records WHERE kind = 'dataset' AND substr(subject, 1, ?) = ? ORDER BY seq DESC LIMIT 1",
    )
    .get(id.length + 1, `${id}@`) as { subject: string } | undefined;
  return row?.subject ?? id;
}

/** Reads records backwards, from each name to the records that describe it and the activities that made it. */
class Walk {
  private readonly ledger: Ledger;
  private readonly index: LedgerIndex;
  private readonly records = new Map<number, LedgerRecord>();
  private readonly seen = new Set<string>();
  private readonly waiting: string[] = [];
  private readonly bySubject;
  private readonly naming;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
    this.index = indexOf(ledger);
    this.index.update();
    this.bySubject = ledger.database.prepare('SELECT * FROM records WHERE kind = ? AND subject = ? ORDER BY seq');
    // Most records that have a name in them used the thing; the one that made it names it in its answer.
    this.naming = ledger.database.prepare(`
      SELECT * FROM records WHERE seq > ?1 AND +kind = 'activity' AND instr(body, ?2) > 0 AND json_valid(body)
        AND instr(coalesce(json_extract(body, '$.answer'), '') || coalesce(json_extract(body, '$.outputs'), ''), ?2) > 0
      ORDER BY seq LIMIT 1`);
  }

  visit(name: string): void {
    if (this.seen.has(name)) return;
    this.seen.add(name);
    this.waiting.push(name);
  }

  /** Everything that was visited and what it rests on, oldest first. */
  read(): LedgerRecord[] {
    for (let name = this.waiting.pop(); name !== undefined; name = this.waiting.pop()) {
      if (/^[0-9a-f]{64}$/.test(name)) {
        this.addSeq(this.index.maker(name));
        for (const seq of this.index.holders(name)) this.addSeq(seq);
        continue;
      }
      const record = this.ledger.byId(name);
      if (record) this.add(record);
      else for (const kind of subjectKinds) for (const found of this.rows(kind, name)) this.add(found);
    }
    return [...this.records.values()].sort((a, b) => a.seq - b.seq);
  }

  private rows(kind: string, subject: string): LedgerRecord[] {
    return (this.bySubject.all(kind, subject) as unknown as Row[]).map((row) => toRecord(row));
  }

  private addSeq(seq: number | undefined): void {
    if (seq === undefined || this.records.has(seq)) return;
    const row = this.ledger.rowBySeq(seq);
    if (row) this.add(toRecord(row));
  }

  private add(record: LedgerRecord): void {
    if (this.records.has(record.seq)) return;
    this.records.set(record.seq, record);
    for (const source of sourcesOf(record)) this.visit(source);
    switch (record.kind) {
      case 'dataset':
      case 'twin':
      case 'plan':
        this.visit(record.subject);
        this.addMaker(record, record.subject);
        break;
      case 'hypothesis':
        this.visit(record.subject);
        this.addMaker(record, record.subject);
        for (const test of this.rows('test', record.subject)) this.add(test);
        break;
      case 'test':
        this.visit(record.subject);
        for (const test of this.rows('test', record.subject)) this.add(test);
        if ((record.body as { phase?: string }).phase === 'spent') this.addMaker(record, record.id);
        break;
      case 'experiment':
        for (const end of this.rows('experiment', record.id)) this.add(end);
        break;
    }
  }

  /** The first later activity whose answer names the thing. It nearly always follows at once. */
  private addMaker(after: LedgerRecord, name: string): void {
    let row = this.naming.get(this.index.lookedUpTo(after.seq, name), name) as Row | undefined;
    while (row && !names(toRecord<Activity>(row).body, name)) row = this.naming.get(row.seq, name) as Row | undefined;
    if (row) this.add(toRecord(row));
    else this.index.notNamed(after.seq, name);
  }
}
