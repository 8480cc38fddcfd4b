import { digestOf } from '@bregma/core/canonical';
import type { Activity } from '@bregma/core/contracts/activity';
import type { Ledger } from '@bregma/core/ledger/ledger';
import { indexOf } from '@bregma/core/ledger/ledger-index';
import { asRead, type LedgerRecord, recordId, type StoredRecord, toRecord } from '@bregma/core/ledger/records';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { type LineageNode, lineageOf } from '@bregma/core/provenance/lineage';
import { answerOf, replayable } from '@bregma/core/provenance/replay';
import type { RecordLink, RecordModel } from '@bregma/webviews/activity/model';

/** Most characters of one JSON text that a page is given. */
const mostJson = 60_000;
const mostText = 2000;
const mostLabel = 160;
const mostLinks = 500;

/** A record as a page shows it. Texts are cut, and what cannot be read of its answer is said. */
export function describeRecord(ledger: Ledger, objects: ObjectStore, record: StoredRecord): RecordModel {
  const node = nodeOf(ledger, record);
  const body = JSON.stringify(record.body, null, 2) ?? 'null';
  const isActivity = record.kind === 'activity';
  const read = asRead(record);
  return cut({
    id: record.id,
    seq: record.seq,
    kind: record.kind,
    subject: record.subject.slice(0, mostLabel),
    at: record.at,
    hash: record.hash,
    previous: record.previous,
    title: node?.label || record.subject || record.kind,
    status: node?.status?.slice(0, mostLabel),
    valueKind: node?.valueKind,
    demo: node?.demo,
    call: read?.kind === 'activity' ? describeCall(ledger, objects, read) : null,
    names: isActivity ? [] : namesIn(record).map((id) => linkTo(ledger, objects, id)),
    body: body.slice(0, mostJson),
    bodyLength: body.length,
    noReplay: isActivity ? whyNoReplay(ledger, record.id) : 'Only activities are replayed.',
  });
}

/** Members that hold JSON, which is cut where it is made. */
const jsonMembers = new Set(['arguments', 'value', 'body']);

/** Cuts every other text: a record may hold anything in any field. */
function cut<Value>(value: Value, name = ''): Value {
  // SAFETY: what is cut stays what it is: a text, a list or an object of the same names.
  return cutAny(value, name) as Value;
}

function cutAny(value: unknown, name: string): unknown {
  if (typeof value === 'string') return jsonMembers.has(name) ? value : value.slice(0, mostText);
  if (Array.isArray(value)) return value.slice(0, mostLinks).map((item) => cutAny(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cutAny(item, key)]));
}

function whyNoReplay(ledger: Ledger, id: string): string | null {
  try {
    replayable(ledger, id);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The lineage node of a record, with what later records of the same thing say; undefined when it cannot be read. */
function nodeOf(ledger: Ledger, stored: StoredRecord): LineageNode | undefined {
  const record = asRead(stored);
  if (!record) return undefined;
  const { nodes, alias } = lineageOf(recordsOfThing(ledger, record));
  return nodes.get(alias.get(record.id) ?? record.id) ?? nodes.get(record.subject);
}

/** The records that tell the whole of an experiment or a test, for one of them; else the record alone. */
function recordsOfThing(ledger: Ledger, record: LedgerRecord): LedgerRecord[] {
  if (record.kind === 'experiment') {
    const id = record.body.phase === 'started' ? record.id : record.body.experiment;
    const start = ledger.find('experiment', id) ?? record;
    return [start, ...ledger.list('experiment', start.id)];
  }
  if (record.kind === 'test') {
    const id = record.body.phase === 'spent' ? record.id : record.body.test;
    const spent = ledger.find('test', id) ?? record;
    const results = ledger.list('test', spent.subject);
    return [spent, ...results.filter(({ body }) => body.phase === 'result' && body.test === spent.id)];
  }
  return [record];
}

function describeCall(
  ledger: Ledger,
  objects: ObjectStore,
  { id, body }: LedgerRecord<'activity'>,
): RecordModel['call'] {
  const ms = Date.parse(body.end) - Date.parse(body.start);
  const link = (name: string) => linkTo(ledger, objects, name);
  const links = (names: string[] | undefined) => (names ?? []).slice(0, mostLinks).map(link);
  return {
    server: text(body.server),
    tool: text(body.tool),
    effect: text(body.effect),
    status: text(body.status),
    client: text(body.client),
    code: text(body.code),
    environment: body.environment ?? null,
    start: text(body.start),
    end: text(body.end),
    ms: Number.isFinite(ms) ? ms : null,
    seed: body.seed ?? null,
    run: body.run ?? null,
    replayOf: body.replayOf ?? null,
    replays: replaysOf(ledger, id),
    error: body.error ?? null,
    arguments: json(body.arguments),
    argumentsDigest: body.argumentsObject ?? digestOf(body.arguments),
    releases: links(body.releases),
    inputs: links(body.inputs),
    outputs: links(body.outputs),
    answer: body.status === 'ok' ? describeAnswer(body, objects) : null,
  };
}

function describeAnswer(body: Activity, objects: ObjectStore): NonNullable<RecordModel['call']>['answer'] {
  const digest = body.answerDigest ?? '';
  try {
    // SAFETY: a record may hold any answer: its members are handed on as they lie, and the view holds them to its form.
    const answer = (answerOf(body, objects) ?? {}) as Record<string, never>;
    const { kind, n, uncertainty, completeness, licence, cite, value } = answer;
    return {
      kind: kind ?? null,
      n,
      uncertainty,
      completeness,
      licence: licence ?? [],
      cite: cite ?? [],
      value: json(value),
      digest,
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { kind: body.valueKind ?? null, licence: [], cite: [], value: '', digest, problem };
  }
}

/** Ids of later activities that repeat this one, newest first, at most 20. */
function replaysOf(ledger: Ledger, id: string): string[] {
  const index = indexOf(ledger);
  index.update();
  return index.replays(id, 20).flatMap((seq) => {
    const row = ledger.rowBySeq(seq);
    return row ? [recordId('activity', row.hash)] : [];
  });
}

/** Ids and digests that a record names anywhere in its body, each once. */
function namesIn(record: StoredRecord): string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (found.size >= mostLinks) return;
    if (typeof value === 'string') {
      if (
        /^((act|tst|exp|apr|rec|stp|twin|hyp|plan)-[0-9a-f]{16}|[0-9a-f]{64}|[a-z0-9][a-z0-9._-]*@[\w.-]+)$/.test(value)
      )
        found.add(value);
    } else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) look(item);
  };
  look(record.body);
  found.delete(record.subject);
  return [...found];
}

/** What can be said in a line about something that a record names. */
function linkTo(ledger: Ledger, objects: ObjectStore, id: string): RecordLink {
  if (/^[0-9a-f]{64}$/.test(id)) {
    const holder = indexOf(ledger).holders(id)[0];
    const row = holder === undefined ? undefined : ledger.rowBySeq(holder);
    const holds = row && asRead(toRecord(row));
    const node = holds && lineageOf([holds]).nodes.get(id);
    return {
      id,
      kind: node?.kind ?? 'object',
      label: node ? `${node.label} (${row?.subject})`.slice(0, mostLabel) : '',
      bytes: objects.size(id) ?? null,
    };
  }
  const record = ledger.byId(id) ?? newestOf(ledger, id);
  if (!record) return { id: id.slice(0, mostLabel), kind: 'unknown', label: 'not in this workspace' };
  const node = nodeOf(ledger, record);
  const label = [node?.label, node?.status].filter(Boolean).join(', ');
  return { id, kind: record.kind, label: label.slice(0, mostLabel) };
}

/** The newest record about a thing that is named by its subject: a data set, a twin, a hypothesis, a plan. */
export function newestOf(ledger: Ledger, subject: string): StoredRecord | undefined {
  for (const kind of ['dataset', 'twin', 'hypothesis', 'plan'] as const) {
    const found = ledger.stored(kind, subject).at(-1);
    if (found) return found;
  }
  return undefined;
}

const json = (value: unknown): string => {
  const whole = JSON.stringify(value, null, 2) ?? '';
  return whole.length > mostJson ? `${whole.slice(0, mostJson)}\n… (${whole.length} characters)` : whole;
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
