import type { RecordKind } from '../contracts/answer.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { namedThings } from '../ledger/makers.ts';
import { type LedgerRecord, mustRead } from '../ledger/records.ts';
import { type Lineage, lineageOf, sourcesOf } from './lineage.ts';
import { type Trace, type TraceOptions, traceBack } from './trace.ts';

/**
 * What `id` rests on, read by walking from it: only its own ancestry is read, however long the ledger is. id: an activity, a
 * record, a hypothesis (with its tests), a twin, a data set (also without its release), or the sha256 of an object or file.
 * The trace has no roots when nothing of that name is on record.
 */
export function traceRecord(
  ledger: LedgerReader,
  id: string,
  options: TraceOptions,
): { trace: Trace; lineage: Lineage; records: LedgerRecord[] } {
  const walk = new Walk(ledger);
  walk.visit(withRelease(ledger, id));
  const records = walk.read();
  const lineage = lineageOf(records);
  return { trace: traceBack(lineage, rootsOf(lineage, withRelease(ledger, id)), options), lineage, records };
}

/** Names that a trace can start from, newest first, from the last 20,000 records: for hints at what was meant. */
export function traceableNames(ledger: LedgerReader): string[] {
  const names = ledger.recent(20_000).flatMap(({ kind, subject, id }) => (isNamed(kind) ? [subject, id] : [id]));
  return [...new Set(names)];
}

const isNamed = (kind: string) => namedThings.some((named) => named === kind);

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
function withRelease(ledger: LedgerReader, id: string): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,79}$/.test(id) || /^[0-9a-f]{64}$/.test(id)) return id;
  return ledger.stored('dataset').findLast(({ subject }) => subject.startsWith(`${id}@`))?.subject ?? id;
}

/** Reads records backwards, from each name to the records that describe it and the activities that made it. */
class Walk {
  private readonly ledger: LedgerReader;
  private readonly records = new Map<number, LedgerRecord>();
  private readonly seen = new Set<string>();
  private readonly waiting: string[] = [];

  constructor(ledger: LedgerReader) {
    this.ledger = ledger;
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
        this.addMakerOf(name);
        for (const holder of this.ledger.holdersOf(name)) this.add(mustRead(holder));
        continue;
      }
      const record = this.ledger.byId(name);
      if (record) this.add(mustRead(record));
      else for (const kind of namedThings) for (const found of this.rows(kind, name)) this.add(found);
    }
    return [...this.records.values()].sort((a, b) => a.seq - b.seq);
  }

  private rows(kind: RecordKind, subject: string): LedgerRecord[] {
    return this.ledger.stored(kind, subject).map(mustRead);
  }

  private add(record: LedgerRecord): void {
    if (this.records.has(record.seq)) return;
    this.records.set(record.seq, record);
    for (const source of sourcesOf(record)) this.visit(source);
    this.addMakerOf(record.id);
    switch (record.kind) {
      case 'dataset':
      case 'twin':
      case 'plan':
        this.visit(record.subject);
        break;
      case 'hypothesis':
      case 'test':
        this.visit(record.subject);
        for (const test of this.rows('test', record.subject)) this.add(test);
        break;
      case 'experiment':
        for (const end of this.rows('experiment', record.id)) this.add(end);
        break;
    }
  }

  /** The call that made the thing first. */
  private addMakerOf(name: string): void {
    const [maker] = this.ledger.makersOf(name);
    if (maker) this.add(maker);
  }
}
