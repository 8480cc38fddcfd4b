import type { ValueKind } from '../contracts/value-kind.ts';
import { type NpyArray, parseNpy } from '../npy.ts';
import type { Workspace } from '../workspace.ts';
import { samePart } from './same-part.ts';
import { chance, logArrangements, sameMeasurements, sharedVariance } from './same-rows.ts';
import { isShort, isUncommon } from './telling.ts';

type Store = Pick<Workspace, 'ledger' | 'objects'>;

/** Kinds of value that nobody measured, whatever is said of them later. */
export const unmeasured: ReadonlySet<ValueKind> = new Set(['predicted', 'simulated', 'synthetic', 'imputed']);

/** What an activity of this workspace made without measuring, found again in data. */
export interface Made {
  kind: ValueKind;
  /** The activity that made it. */
  activity: string;
  /** How many of the rows that were looked at came from there; left out where the very bytes did, or values in another order. */
  rows?: { found: number; of: number };
}

/** Data that may come from here. */
export interface Candidate {
  /** sha256 of files, tables and arrays that hold values. */
  digests: readonly string[];
  /** One a neuron or a column: what is compared with what was made. */
  rows: readonly Float64Array[];
  /** Number of the record that holds the data: what was made after it made none of them. Default: nothing is that old. */
  before?: number;
}

/** Bytes of an array up to which it is looked into; a larger one is known by its digest alone. */
const mostBytes = 200e6;
/** Multiplications that a comparison of rows may take; beyond, rows at even steps stand for all. */
const mostWork = 3e9;
/** Values of a row at least that prove anything when they are equal. */
const fewestValues = 4;
/** Share of values from which data count as made of what a twin or a generator made: chance gives far less. */
const enough = 0.1;
/** Rows that are looked for in part, at most. */
const mostInPart = 3;
/** r² from which a neuron follows a prediction more closely than measured ones do; share of neurons that must, and how many at least. */
const following = 0.98;
const mostOf = 0.8;
const fewestFollowing = 3;

/**
 * What data are known to be made of: bytes that a call on record made without measuring; single values of it, in any order and
 * selection; or rows of it in another unit, rounded, bent by a rising function, sorted, or cut to the rows' first, middle or last
 * part. What this workspace held as measured before a twin gave it back (one that learned its data by heart) stays measured.
 */
export function madeHere(
  { digests, rows, before = Number.POSITIVE_INFINITY }: Candidate,
  store: Store,
): Made | undefined {
  const makers = store.ledger
    .list('activity')
    .filter(
      ({ seq, body }) => seq < before && body.status === 'ok' && body.valueKind && unmeasured.has(body.valueKind),
    );
  // SAFETY: activities without a kind were left out above.
  for (const { id, body } of makers)
    if (body.outputs.some((output) => digests.includes(output))) return { kind: body.valueKind!, activity: id };
  const own = rows.filter(tellsMuch);
  if (own.length === 0) return undefined;
  const seen = new Set<string>();
  for (const { id, seq, body } of makers)
    for (const output of body.outputs) {
      if (seen.has(output)) continue;
      seen.add(output);
      const lines = arrayRows(output, store);
      const made = [...lines, ...wholesOf(output, store)];
      const alike = own.filter((row) => comesFrom(row, made, own.length));
      const found = alike.length === 0 && isMadeOf(own, made, lines) ? own : alike;
      if (found.length === 0) continue;
      const measured = measuredBefore(seq, store);
      const invented = found.filter((row) => !measured.some((other) => isPartOf(row, other) || isPartOf(other, row)));
      if (invented.length === 0) continue;
      const part = alike.length > 0 ? { rows: { found: invented.length, of: rows.length } } : {};
      // SAFETY: as above.
      return { kind: body.valueKind!, activity: id, ...part };
    }
  return undefined;
}

/** Whether a row has as many different values as prove anything. */
function tellsMuch(row: Float64Array): boolean {
  const values = new Set<number>();
  return row.some((value) => values.add(value).size >= fewestValues);
}

/** Rows of an array that are looked at: of more, those at even steps stand for all. */
const mostRows = 100_000;

/**
 * Rows of an array of numbers [row × …], and of one with repeats [row × … × repeat] their means too; none where the object is no
 * such array, or too large to be looked into, and none of fewer values than prove anything.
 */
export function arrayRows(object: string, store: Pick<Store, 'objects'>): Float64Array[] {
  const array = arrayOf(object, store);
  if (!array) return [];
  return [...rowsOf(array), ...(array.shape.length === 3 ? meansOf(array) : [])];
}

function arrayOf(object: string, { objects }: Pick<Store, 'objects'>): NpyArray | undefined {
  const size = objects.size(object);
  if (size === undefined || size > mostBytes) return undefined;
  const bytes = objects.get(object);
  if (bytes.subarray(1, 6).toString('latin1') !== 'NUMPY') return undefined;
  const array = parseNpy(bytes);
  return array.shape.length < 2 || !/^f[48]$/.test(array.dtype) ? undefined : array;
}

function rowsOf({ data, shape: [count] }: NpyArray): Float64Array[] {
  const length = count === 0 ? 0 : data.length / count;
  if (length < fewestValues) return [];
  return rowsLookedAt(count).map((i) => Float64Array.from(data.subarray(i * length, (i + 1) * length), Number));
}

/** Means over the last axis, of what was measured. */
function meansOf({ data, shape: [count, columns, repeats] }: NpyArray): Float64Array[] {
  if (columns < fewestValues || repeats === 0) return [];
  return rowsLookedAt(count).map((row) =>
    Float64Array.from({ length: columns }, (_, column) => {
      const start = (row * columns + column) * repeats;
      const measured = Array.from(data.subarray(start, start + repeats), Number).filter(Number.isFinite);
      return measured.reduce((sum, value) => sum + value, 0) / measured.length;
    }),
  );
}

function rowsLookedAt(count: number): number[] {
  const step = Math.max(1, Math.ceil(count / mostRows));
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}

/** All rows of an array one after the other, and their means: a long table has one column for an array. */
function wholesOf(object: string, store: Pick<Store, 'objects'>): Float64Array[] {
  const array = arrayOf(object, store);
  if (!array || array.shape[0] < 2) return [];
  const means = array.shape.length === 3 ? meansOf(array) : [];
  return [Float64Array.from(array.data, Number), ...(means.length > 0 ? [oneAfterTheOther(means)] : [])];
}

function oneAfterTheOther(rows: Float64Array[]): Float64Array {
  const all = new Float64Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}

const isMadeOf = (own: readonly Float64Array[], made: readonly Float64Array[], lines: readonly Float64Array[]) =>
  shareOf(own, made) >= enough || followClosely(own, lines) || holdPart(own, lines);

/** Share of the values of some rows that others hold, in single precision; counts and short decimals, which many share, say nothing. */
function shareOf(rows: readonly Float64Array[], others: readonly Float64Array[]): number {
  const known = new Set(others.flatMap((row) => Array.from(row).filter(tells).map(Math.fround)));
  if (known.size === 0) return 0;
  const values = rows.flatMap((row) => Array.from(row).filter(tells).map(Math.fround));
  return values.length === 0 ? 0 : values.filter((value) => known.has(value)).length / values.length;
}

const tells = (value: number) => Number.isFinite(value) && !isShort(value);

/** Whether nearly all rows follow others with so little noise that no prediction of neurons is as good. */
function followClosely(rows: readonly Float64Array[], made: readonly Float64Array[]): boolean {
  const follows = (row: Float64Array) =>
    isUncommon(row) && made.some((other) => other.length === row.length && sharedVariance(row, other) >= following);
  if (rows.length < fewestFollowing || !rows.slice(0, fewestFollowing).some(follows)) return false;
  return rows.filter(follows).length >= mostOf * rows.length;
}

/** Whether a row holds a part of others in another unit and order, among values that are new. */
function holdPart(rows: readonly Float64Array[], made: readonly Float64Array[]): boolean {
  const asked = rows.slice(0, mostInPart);
  const shareIn = (row: Float64Array, other: Float64Array) =>
    (samePart(other, row, made.length * asked.length)?.filter((place) => place >= 0).length ?? 0) / row.length;
  return asked.some((row) => made.some((other) => shareIn(row, other) >= enough));
}

/** Whether a row is one of these, whole or a run of it. rows: how many are asked about, which bounds the work for each. */
function comesFrom(row: Float64Array, made: readonly Float64Array[], rows: number): boolean {
  const step = Math.max(1, Math.ceil((made.length * row.length * rows) / mostWork));
  return made.some((other, i) => i % step === 0 && isPartOf(row, other));
}

/** Whether a row holds the numbers of another, or of its first, middle or last run, up to unit, rounding, order and a rising function. */
function isPartOf(row: Float64Array, other: Float64Array): boolean {
  const spare = other.length - row.length;
  if (spare < 0) return false;
  const runs = [...new Set([0, Math.floor(spare / 2), spare])].map((at) => other.subarray(at, at + row.length));
  if (isTelling(row) && runs.some((run) => row.every((value, i) => Object.is(value, run[i])))) return true;
  if (!isUncommon(row)) return false;
  return (
    runs.some((run) => sameMeasurements(row, run) > 0) ||
    (spare === 0 && sameMeasurements(sorted(row), sorted(other)) > 1)
  );
}

/** Whether two rows would hardly be equal by chance: a few long decimals, or very many ways to order what they hold. */
const isTelling = (row: Float64Array) => tellsMuch(row.filter(tells)) || logArrangements(row) > -Math.log(chance);

/** Measured values, rising. */
const sorted = (row: Float64Array) => row.filter(Number.isFinite).sort();

/** Rows that data sets hold as measured which were here before a call. */
function measuredBefore(call: number, store: Store): Float64Array[] {
  return store.ledger
    .list('dataset')
    .filter(({ seq, body }) => seq < call && !unmeasured.has(body.card.kind))
    .flatMap(({ body }) => body.arrays.filter(({ name }) => name === 'responses'))
    .flatMap(({ object }) => arrayRows(object, store));
}
