import { existsSync, lstatSync } from 'node:fs';
import path from 'node:path';
import type { RecordKind } from '../contracts/answer.ts';
import type { Row } from '../contracts/ledger-row.ts';
import { unknownName } from '../errors.ts';
import { ObjectStore } from '../objects/objects.ts';
import { unsignedScores } from '../scorer/check.ts';
import { unwitnessed } from '../witness/check.ts';
import { drain } from './activity-page.ts';
import { digestOfFile } from './digest-of-file.ts';
import type { Fault, VerifyStep } from './fault.ts';
import { type Head, readHeads } from './heads.ts';
import { recordsWithNul } from './hidden-bytes.ts';
import { Ledger } from './ledger.ts';
import { genesis, recordHash, recordId } from './records.ts';
import { rowsOf } from './rows.ts';
import { addSeal, cacheFaults, type Seals } from './verify-cache.ts';

/** What was checked, in numbers, and every fault that was found. */
export interface Verification {
  records: number;
  objects: number;
  marks: number;
  faults: Fault[];
}

/** Clocks of processes that append in turn may differ by this much, ms. */
const clockSkewMs = 5 * 60_000;

const digestKeys = new Set(['object', 'answerObject']);

/** Object digests that a record's body refers to by `object` or `answerObject`, or lists in `outputs`. */
function* referredObjects(value: unknown, key = ''): Generator<string> {
  if (typeof value === 'string') {
    if ((digestKeys.has(key) || key === 'outputs') && /^[0-9a-f]{64}$/.test(value)) yield value;
  } else if (Array.isArray(value)) {
    for (const item of value) yield* referredObjects(item, key);
  } else if (value && typeof value === 'object') {
    for (const [name, member] of Object.entries(value)) yield* referredObjects(member, name);
  }
}

/** Records that are checked between two steps. */
const recordsAStep = 500;

/**
 * Checks a workspace: every record's hash and its link to the one before, SQLite's own structure, every acknowledged head,
 * every object's bytes against its name, that every object a record refers to is there, and the copies of the cache against the
 * bytes on record. Changes nothing.
 * folder: the workspace's `.bregma`.
 */
export function verifyStore(folder: string): Verification {
  return drain(verifySteps(folder));
}

/** As `verifyStore`, in steps between which the caller can report, do other things, or stop. */
export function* verifySteps(folder: string): Generator<VerifyStep, Verification> {
  const faults: Fault[] = [];
  const objects = new ObjectStore(path.join(folder, 'objects'));
  const marks = marksOf(folder, faults);
  const { hashes, referred, seals }: Chain = existsSync(path.join(folder, 'ledger.sqlite'))
    ? yield* verifyChain(folder, faults)
    : { hashes: new Map(), referred: new Map(), seals: new Map() };
  const unopened = faults.some(({ what }) => what === 'ledger.sqlite');
  for (const mark of marks) {
    if (unopened) break; // what nobody could read is not missing
    if (Number.isNaN(mark.seq))
      faults.push({ what: `mark ${mark.writer}`, problem: 'is not a head mark any more: its bytes were changed' });
    else if (!hashes.has(mark.seq))
      faults.push({
        what: `record number ${mark.seq}`,
        problem: `was acknowledged (mark ${mark.writer}) and is gone: the ledger's tail is missing`,
      });
    else if (hashes.get(mark.seq) !== mark.hash)
      faults.push({
        what: `record number ${mark.seq}`,
        problem: `is not the one that was acknowledged (mark ${mark.writer})`,
      });
  }
  const place = lstatSync(objects.folder, { throwIfNoEntry: false });
  if (place && !place.isDirectory()) faults.push({ what: '.bregma/objects', problem: 'is no folder' });
  const all = [...objects.list()];
  for (const [i, digest] of all.entries()) {
    const problem = yield* objectProblem(objects, digest, { done: i, total: all.length });
    if (problem) faults.push({ what: `object ${digest}`, problem });
  }
  for (const [digest, record] of referred) {
    if (!objects.has(digest)) faults.push({ what: `object ${digest}`, problem: `is missing; ${record} refers to it` });
  }
  faults.push(...(yield* cacheFaults(path.join(folder, 'cache'), seals)));
  return { records: hashes.size, objects: all.length, marks: marks.length, faults };
}

function marksOf(folder: string, faults: Fault[]): Head[] {
  try {
    return readHeads(path.join(folder, 'heads'));
  } catch (error) {
    faults.push({
      what: 'heads',
      problem: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    });
    return [];
  }
}

/** What is wrong with an object's file, or undefined. */
function* objectProblem(
  objects: ObjectStore,
  digest: string,
  at: { done: number; total: number },
): Generator<VerifyStep, string | undefined> {
  if (!/^[0-9a-f]{64}$/.test(digest)) return 'has a name that is no sha256';
  const found = yield* digestOfFile(objects.pathOf(digest), { ...at, of: 'objects' });
  if ('problem' in found) return found.problem;
  return found.digest === digest ? undefined : 'does not match its digest: its bytes were changed';
}

/**
 * Checks one record: its own hash, its links to the records beside it, and the bytes of the objects that it refers to. What
 * came before and after it is not checked. Throws `unknown-name` when there is no such record.
 */
export function* verifyRecordSteps(folder: string, id: string): Generator<VerifyStep, Verification> {
  const faults: Fault[] = [];
  const objects = new ObjectStore(path.join(folder, 'objects'));
  const ledger = new Ledger(folder, { readOnly: true });
  try {
    const row = ledger.rowById(id);
    if (!row)
      throw unknownName('record', id, [], 'If it was there before, verify all records: it was changed or removed.');
    const name = `record number ${row.seq} (${id})`;
    if (recordHash(row) !== row.hash) faults.push({ what: name, problem: 'does not match its hash: it was changed' });
    const before = row.seq === 1 ? genesis : ledger.rowBySeq(row.seq - 1)?.hash;
    if (row.previous !== before) faults.push({ what: name, problem: 'does not follow from the record before it' });
    const after = ledger.rowBySeq(row.seq + 1);
    if (after && after.previous !== row.hash)
      faults.push({ what: `record number ${after.seq}`, problem: `does not follow from ${name}` });
    const referred = new Map<string, string>();
    collectReferences(row, referred, faults);
    const digests = [...referred.keys()];
    for (const [i, digest] of digests.entries()) {
      const problem = objects.has(digest)
        ? yield* objectProblem(objects, digest, { done: i, total: digests.length })
        : `is missing; ${name} refers to it`;
      if (problem) faults.push({ what: `object ${digest}`, problem });
    }
    return { records: 1, objects: digests.length, marks: 0, faults };
  } finally {
    ledger.close();
  }
}

/** What the records say, as far as they could be read. */
interface Chain {
  /** Hash of each record, by its number. */
  hashes: Map<number, string>;
  /** Object → the record that names it first. */
  referred: Map<string, string>;
  seals: Seals;
}

function* verifyChain(folder: string, faults: Fault[]): Generator<VerifyStep, Chain> {
  const chain: Chain = { hashes: new Map(), referred: new Map(), seals: new Map() };
  const { hashes, referred, seals } = chain;
  let ledger: Ledger;
  try {
    ledger = new Ledger(folder, { readOnly: true });
  } catch (error) {
    faults.push({ what: 'ledger.sqlite', problem: error instanceof Error ? error.message : String(error) });
    return chain;
  }
  try {
    for (const name of ledger.foreignSchema())
      faults.push({
        what: `ledger.sqlite: ${name}`,
        problem:
          'is missing from the schema, was changed, or does not belong there: the ledger is not append-only any more',
      });
    for (const seq of recordsWithNul(ledger.database))
      faults.push({
        what: `record number ${seq}`,
        problem: 'holds a NUL, behind which nothing is read: it was changed',
      });
    let previous = genesis;
    let expected = 1;
    let latest = '';
    const total = ledger.head().seq;
    for (const row of ledger.rows()) {
      // SAFETY: an id is made of whatever kind the row names; it is shown alone.
      const name = `record number ${row.seq} (${recordId(row.kind as RecordKind, row.hash)})`;
      if (row.seq !== expected)
        faults.push({ what: name, problem: `follows a gap: record number ${expected} is missing` });
      if (recordHash(row) !== row.hash) faults.push({ what: name, problem: 'does not match its hash: it was changed' });
      if (row.previous !== previous) faults.push({ what: name, problem: 'does not follow from the record before it' });
      if (latest && Date.parse(row.at) < Date.parse(latest) - clockSkewMs)
        faults.push({
          what: name,
          problem: `is dated ${row.at}, before the record that it follows (${latest}): a clock went back`,
        });
      if (row.at > latest) latest = row.at;
      hashes.set(row.seq, row.hash);
      collectReferences(row, referred, faults);
      if (row.kind === 'cache') addSeal(seals, row);
      previous = row.hash;
      expected = row.seq + 1;
      if (hashes.size % recordsAStep === 0)
        yield { done: hashes.size, total: Math.max(total, hashes.size), of: 'records' };
    }
    faults.push(...unwitnessed(ledger), ...unsignedScores(ledger));
    const integrity = ledger.database.prepare('PRAGMA integrity_check(20)');
    for (const result of rowsOf<{ integrity_check: string }>(integrity)) {
      if (result.integrity_check !== 'ok')
        faults.push({ what: 'ledger.sqlite', problem: `is damaged: ${result.integrity_check}` });
    }
  } catch (error) {
    faults.push({
      what: 'ledger.sqlite',
      problem: `cannot be read to its end: ${error instanceof Error ? error.message : String(error)}`,
    });
  } finally {
    ledger.close();
  }
  return chain;
}

function collectReferences(row: Row, referred: Map<string, string>, faults: Fault[]): void {
  try {
    for (const digest of referredObjects(JSON.parse(row.body))) {
      if (!referred.has(digest)) referred.set(digest, `record number ${row.seq}`);
    }
  } catch {
    faults.push({ what: `record number ${row.seq}`, problem: 'holds no valid JSON' });
  }
}
