import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { canonicalJson, sha256 } from '@bregma/core/canonical';
import { BregmaError } from '@bregma/core/errors';
import { ledgerApplication, ledgerVersion } from '@bregma/core/ledger/check-form';
import { Ledger } from '@bregma/core/ledger/ledger';
import { verifyStore } from '@bregma/core/ledger/verify';
import { ObjectStore } from '@bregma/core/objects/objects';
import { afterAll, describe, expect, test } from 'vitest';
import { temporaryWorkspace } from '../fixtures/client.ts';
import { anyRecord, wholeBody } from '../fixtures/records.ts';

const space = temporaryWorkspace();
afterAll(() => space.remove());
let folders = 0;
const fresh = () => path.join(space.folder, String(folders++));

describe('canonical JSON', () => {
  test('does not depend on the order in which members were set', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'x'] })).toBe('{"a":[true,null,"x"],"b":1}');
    expect(canonicalJson({ a: [true, null, 'x'], b: 1 })).toBe(canonicalJson({ b: 1, a: [true, null, 'x'] }));
  });

  test('writes a number that is not there as null, and leaves out what is undefined', () => {
    expect(canonicalJson({ r: Number.NaN, low: -Infinity, gone: undefined, zero: -0 })).toBe(
      '{"low":null,"r":null,"zero":0}',
    );
  });

  test('refuses a 64-bit integer and a typed array, which would lose digits or fill the ledger', () => {
    expect(() => canonicalJson({ id: 720575940620875399n })).toThrow(/720575940620875399.*string/);
    expect(() => canonicalJson({ r: new Float64Array(2) })).toThrow(/object/);
  });
});

describe('the object store', () => {
  test('names an object by the sha256 of its bytes and gives the bytes back', () => {
    const objects = new ObjectStore(fresh());
    const reference = objects.put('bregma', 'text/plain');
    expect(reference).toEqual({ object: sha256('bregma'), bytes: 6, mediaType: 'text/plain' });
    expect(objects.get(reference.object).toString()).toBe('bregma');
    expect(objects.put('bregma', 'text/plain')).toEqual(reference);
    expect([...objects.list()]).toEqual([reference.object]);
  });

  test('leaves no temporary file behind', () => {
    const objects = new ObjectStore(fresh());
    objects.put('a', 'text/plain');
    expect(readdirSync(path.join(objects.folder, 'tmp'))).toEqual([]);
  });

  test('refuses changed bytes, an unknown object, and ids that are none', () => {
    const objects = new ObjectStore(fresh());
    const { object } = objects.put('bregma', 'text/plain');
    writeFileSync(objects.pathOf(object), 'lambda');
    expect(() => objects.get(object)).toThrow(/bytes were changed/);
    expect(() => objects.get(sha256('never stored'))).toThrow(/not in this workspace/);
    expect(() => objects.get('../../etc/passwd')).toThrow(/no object id/);
  });
});

describe('the ledger', () => {
  test('chains records and finds them by id, kind and subject', () => {
    const ledger = new Ledger(fresh());
    const [first, second] = ledger.append([
      anyRecord('dataset', 'worm@1', wholeBody('dataset', { release: '1' })),
      anyRecord('dataset', 'worm@1', wholeBody('dataset', { release: '2' })),
    ]);
    expect(second.previous).toBe(first.hash);
    expect(ledger.byId(first.id)).toEqual(first);
    expect(ledger.byId('act-0000000000000000')).toBeUndefined();
    expect(ledger.latest('dataset', 'worm@1')?.body.release).toBe('2');
    expect(ledger.list('twin')).toEqual([]);
    ledger.close();
  });

  test('appends all records of a transaction or none', () => {
    const ledger = new Ledger(fresh());
    expect(() =>
      ledger.transact((append) => {
        append(anyRecord('test', 'hyp', {}));
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(ledger.head().seq).toBe(0);
    ledger.close();
  });

  test('refuses a name with NUL, which would be read back cut, and takes it anywhere in a body', () => {
    const ledger = new Ledger(fresh());
    expect(() => ledger.append([anyRecord('activity', 'x\0y', {})])).toThrow(/NUL/);
    expect(ledger.head().seq).toBe(0);
    const [{ id }] = ledger.append([anyRecord('activity', 'x', { text: 'x\0y' })]);
    expect(ledger.byId(id)?.body).toEqual({ text: 'x\0y' });
    ledger.close();
  });

  test('lets nobody change or remove a record', () => {
    const ledger = new Ledger(fresh());
    ledger.append([anyRecord('activity', 'x', {})]);
    expect(() => ledger.database.exec("UPDATE records SET body = '{}'")).toThrow('append-only');
    expect(() => ledger.database.exec('DELETE FROM records')).toThrow('append-only');
    ledger.close();
  });

  test('reads and continues a ledger whose table an earlier build wrote on several lines', () => {
    const folder = fresh();
    mkdirSync(folder, { recursive: true });
    const database = new DatabaseSync(path.join(folder, 'ledger.sqlite'));
    database.exec(`
        CREATE TABLE IF NOT EXISTS records (
          seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, at TEXT NOT NULL,
          body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS records_by_subject ON records (kind, subject, seq);
        CREATE INDEX IF NOT EXISTS records_by_hash ON records (hash);
        CREATE TRIGGER IF NOT EXISTS records_never_change BEFORE UPDATE ON records
          BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS records_never_go BEFORE DELETE ON records
          BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        PRAGMA application_id = ${ledgerApplication};
        PRAGMA user_version = 1;`);
    database.close();
    const ledger = new Ledger(folder);
    ledger.append([anyRecord('run', 'a', {})]);
    ledger.close();
    expect(verifyStore(folder).faults).toEqual([]);
  });

  test('names the version of a ledger whose table is another one, and what to do', () => {
    const folder = fresh();
    mkdirSync(folder, { recursive: true });
    const database = new DatabaseSync(path.join(folder, 'ledger.sqlite'));
    database.exec(`CREATE TABLE records (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
        PRAGMA application_id = ${ledgerApplication};
        PRAGMA user_version = 1;`);
    database.close();
    const opened = () => new Ledger(folder, { readOnly: true });
    expect(opened).toThrow(/ledger of version 1, and does not hold its records in the table/);
    expect(opened).toThrow(
      expect.objectContaining({ code: 'corrupt', next: expect.stringContaining('with the build that made it') }),
    );
  });

  test('refuses a ledger of a newer version, and a file that is no ledger, and changes neither', () => {
    const folder = fresh();
    const ledger = new Ledger(folder);
    ledger.database.exec(`PRAGMA user_version = ${ledgerVersion + 1}`);
    ledger.close();
    expect(() => new Ledger(folder)).toThrow(/newer Bregma/);

    const other = fresh();
    mkdirSync(other, { recursive: true });
    writeFileSync(path.join(other, 'ledger.sqlite'), 'my notes, not a database'.repeat(100));
    expect(() => new Ledger(other)).toThrow(BregmaError);
    expect(existsSync(path.join(other, 'ledger.sqlite'))).toBe(true);
  });
});
