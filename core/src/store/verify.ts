import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RecordKind } from '../contracts/answer.ts';
import { sha256 } from './canonical.ts';
import { readHeads } from './heads.ts';
import { genesis, Ledger, type Row, recordHash, recordId } from './ledger.ts';
import { ObjectStore } from './objects.ts';

export interface Fault {
  /** What is damaged: a record id, an object digest, a mark, the ledger file. */
  what: string;
  problem: string;
}

export interface Verification {
  records: number;
  objects: number;
  marks: number;
  faults: Fault[];
}

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

/**
 * Checks a workspace: every record's hash and its link to the one before, SQLite's own structure, every acknowledged head,
 * every object's bytes against its name, and that every object a record refers to is there. Changes nothing.
 * folder: the workspace's `.bregma`.
 */
export function verifyStore(folder: string): Verification {
  const faults: Fault[] = [];
  const objects = new ObjectStore(path.join(folder, 'objects'));
  const marks = readHeads(path.join(folder, 'heads'));
  const { hashes, referred } = existsSync(path.join(folder, 'ledger.sqlite'))
    ? verifyChain(folder, faults)
    : { hashes: new Map<number, string>(), referred: new Map<string, string>() };
  for (const mark of marks) {
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
  let count = 0;
  for (const digest of objects.list()) {
    count++;
    if (!/^[0-9a-f]{64}$/.test(digest))
      faults.push({ what: `object ${digest}`, problem: 'has a name that is no sha256' });
    else if (sha256(readFileSync(objects.pathOf(digest))) !== digest)
      faults.push({ what: `object ${digest}`, problem: 'does not match its digest: its bytes were changed' });
  }
  for (const [digest, record] of referred) {
    if (!objects.has(digest)) faults.push({ what: `object ${digest}`, problem: `is missing; ${record} refers to it` });
  }
  return { records: hashes.size, objects: count, marks: marks.length, faults };
}

function verifyChain(folder: string, faults: Fault[]): { hashes: Map<number, string>; referred: Map<string, string> } {
  const hashes = new Map<number, string>();
  const referred = new Map<string, string>();
  let ledger: Ledger;
  try {
    ledger = new Ledger(folder, { readOnly: true });
  } catch (error) {
    faults.push({ what: 'ledger.sqlite', problem: error instanceof Error ? error.message : String(error) });
    return { hashes, referred };
  }
  try {
    let previous = genesis;
    let expected = 1;
    for (const row of ledger.rows()) {
      const name = `record number ${row.seq} (${recordId(row.kind as RecordKind, row.hash)})`;
      if (row.seq !== expected)
        faults.push({ what: name, problem: `follows a gap: record number ${expected} is missing` });
      if (recordHash(row) !== row.hash) faults.push({ what: name, problem: 'does not match its hash: it was changed' });
      if (row.previous !== previous) faults.push({ what: name, problem: 'does not follow from the record before it' });
      hashes.set(row.seq, row.hash);
      collectReferences(row, referred, faults);
      previous = row.hash;
      expected = row.seq + 1;
    }
    for (const result of ledger.database.prepare('PRAGMA integrity_check(20)').all() as { integrity_check: string }[]) {
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
  return { hashes, referred };
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
