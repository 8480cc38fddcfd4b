import type { Activity } from '../../contracts/activity.ts';
import { BregmaError } from '../../errors.ts';
import { unspentInWords, unspentNumbers } from '../../experiment/unspent.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerRecord } from '../../ledger/records.ts';
import { mediaTypeOf } from '../../objects/media-type.ts';
import type { ObjectStore } from '../../objects/objects.ts';
import { traceRecord } from '../walk.ts';
import { mayRedistribute } from './licences.ts';

/** An object that the records name, and whether its bytes go into the crate. */
export interface CrateObject {
  digest: string;
  /** Bytes, or null when it is not in this workspace. */
  bytes: number | null;
  mediaType: string;
  /** What it is, where a record says so. */
  name?: string;
  /** Path in the crate, or null: it is only named, for the reason in `why`. */
  path: string | null;
  why?: string;
}

/** What goes into a crate: everything that `root` rests on. */
export interface CrateContents {
  /** The id that was exported. */
  root: string;
  title: string;
  /** Oldest first. */
  records: LedgerRecord[];
  objects: Map<string, CrateObject>;
}

const extensions: Record<string, string> = {
  'application/json': 'json',
  'application/x-npy': 'npy',
  'application/vnd.apache.parquet': 'parquet',
  'application/x-parquet': 'parquet',
  'application/onnx': 'onnx',
  'text/csv': 'csv',
  'text/plain': 'txt',
};

/**
 * Collects what a crate of `id` holds. Objects of a data set whose licence does not let it be passed on, what was made from them,
 * and responses of an experiment before its test are named and not copied. Throws `unknown-name` when `id` is not on record.
 */
export function crateContents(ledger: Ledger, objects: ObjectStore, id: string): CrateContents {
  const { trace, lineage, records } = traceRecord(ledger, id, { limit: 1 });
  const [root] = trace.roots;
  if (root === undefined)
    throw new BregmaError('unknown-name', `'${id.slice(0, 80)}' is not on record in this workspace.`, {
      next: 'Name an activity, a hypothesis, a test, an experiment, a twin or a data set.',
      fields: { what: 'record', id },
    });
  const closed = closedReleases(records);
  const unspent = unspentNumbers(ledger);
  const found = new Map<string, CrateObject>();
  const add = (digest: unknown, about: { mediaType?: string; name?: string; closed?: string }) => {
    if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) return;
    const bytes = objects.size(digest) ?? null;
    const known = found.get(digest);
    const mediaType =
      about.mediaType ??
      known?.mediaType ??
      (bytes === null ? 'application/octet-stream' : mediaTypeOf(objects.pathOf(digest)));
    const experiment = unspent.get(digest);
    const why =
      known?.why ??
      (experiment && unspentInWords(experiment)) ??
      about.closed ??
      (bytes === null ? 'It is not in the workspace from which this was exported.' : undefined);
    const path = why ? null : `objects/${digest}.${extensions[mediaType] ?? 'bin'}`;
    found.set(digest, { digest, bytes, mediaType, name: about.name ?? known?.name, path, why });
  };
  for (const record of records) {
    if (record.kind === 'activity') addOfActivity(record.body, closed, add);
    else if (record.kind === 'dataset') {
      const { tables, arrays } = record.body;
      const reason = closed.get(record.subject);
      for (const table of tables)
        add(table.object, { mediaType: 'application/vnd.apache.parquet', name: table.name, closed: reason });
      for (const array of arrays)
        add(array.object, { mediaType: 'application/x-npy', name: array.name, closed: reason });
    }
    for (const reference of references(record.body))
      add(reference.object, { ...reference, closed: closedOf(record, closed) });
  }
  return { root, title: lineage.nodes.get(root)?.label ?? root, records, objects: found };
}

type Add = (digest: unknown, about: { mediaType?: string; name?: string; closed?: string }) => void;

function addOfActivity(body: Activity, closed: Map<string, string>, add: Add): void {
  const reason = (body.releases ?? []).map((release) => closed.get(release)).find(Boolean);
  for (const output of body.outputs ?? []) add(output, { closed: reason });
  if (body.answerObject)
    add(body.answerObject, { mediaType: 'application/json', name: `answer of ${body.tool}`, closed: reason });
}

/** Release → why its bytes stay where they are, for releases whose licence does not let them be passed on. */
function closedReleases(records: LedgerRecord[]): Map<string, string> {
  return new Map(
    records.flatMap((record): [string, string][] => {
      if (record.kind !== 'dataset' || mayRedistribute(record.body.card.licence)) return [];
      const { subject, body } = record;
      return [[subject, `The licence of ${subject} does not let it be passed on: ${body.card.licence}`]];
    }),
  );
}

/** The reason of the release that a record of a data set, a twin or an experiment stands on. */
function closedOf(record: LedgerRecord, closed: Map<string, string>): string | undefined {
  const direct = standsOn(record)
    .map((name) => closed.get(name))
    .find(Boolean);
  // Trials were taken from some data set of this lineage: with a closed one among them, they stay too.
  return direct ?? (record.kind === 'experiment' ? [...closed.values()][0] : undefined);
}

function standsOn({ kind, subject, body }: LedgerRecord): string[] {
  if (kind === 'dataset') return [subject];
  if (kind === 'twin') return [body.data];
  return kind === 'activity' ? body.releases : [];
}

/** Object references anywhere in a body: `{object, mediaType, name?}`. */
function* references(value: unknown): Generator<{ object: string; mediaType: string; name?: string }> {
  if (Array.isArray(value)) for (const item of value) yield* references(item);
  else if (typeof value === 'object' && value !== null) {
    // SAFETY: neither null nor a list, so an object; its members may be anything and are looked at below.
    const { object, mediaType, name } = value as Record<string, unknown>;
    if (typeof object === 'string' && typeof mediaType === 'string')
      yield { object, mediaType, name: typeof name === 'string' ? name : undefined };
    for (const item of Object.values(value)) yield* references(item);
  }
}
