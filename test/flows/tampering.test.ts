import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ledger } from '@bregma/core/ledger/ledger';
import { verifyStore } from '@bregma/core/ledger/verify';
import { makeRandom } from '@bregma/core/statistics/random';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryWorkspace } from '../fixtures/client.ts';
import { anyRecord } from '../fixtures/records.ts';

const made = temporaryWorkspace();
const original = path.join(made.folder, '.bregma');
let copies = 0;
let digest = '';

beforeAll(() => {
  const store = openWorkspace(made.folder);
  digest = store.objects.put('the responses of forty neurons', 'text/plain').object;
  for (let i = 0; i < 60; i++) {
    store.ledger.append([
      anyRecord('activity', 'query_data', { i, text: `row ${i} `.repeat(40), outputs: i === 3 ? [digest] : [] }),
    ]);
  }
  store.close();
});
afterAll(() => made.remove());

/** A copy of the store in which `file` was changed by `change`. */
function tampered(file: string, change: (bytes: Buffer) => Buffer): string {
  const copy = path.join(made.folder, `copy-${copies++}`);
  cpSync(original, copy, { recursive: true });
  const target = path.join(copy, file);
  writeFileSync(target, change(readFileSync(target)));
  return copy;
}

const flip = (at: number) => (bytes: Buffer) => {
  bytes[at] ^= 0x01;
  return bytes;
};

function dump(folder: string): string {
  const ledger = new Ledger(folder, { readOnly: true });
  try {
    return JSON.stringify([...ledger.rows()]);
  } finally {
    ledger.close();
  }
}

describe('verify', () => {
  test('finds nothing in a store that nobody touched', () => {
    expect(verifyStore(original)).toEqual({ records: 60, objects: 1, marks: 1, faults: [] });
  });

  test('names the record whose body was changed', () => {
    const at = readFileSync(path.join(original, 'ledger.sqlite')).indexOf('row 31 row 31');
    const { faults } = verifyStore(tampered('ledger.sqlite', flip(at)));
    expect(faults[0].what).toMatch(/^record number 32 /);
    expect(faults[0].problem).toContain('does not match its hash');
  });

  test('names the object whose bytes were changed, and one that is gone', () => {
    const file = path.join('objects', digest.slice(0, 2), digest.slice(2));
    expect(verifyStore(tampered(file, flip(5))).faults).toEqual([
      { what: `object ${digest}`, problem: 'does not match its digest: its bytes were changed' },
    ]);
    const cut = tampered(file, () => Buffer.alloc(0));
    expect(verifyStore(cut).faults[0].what).toBe(`object ${digest}`);
  });

  test('notices that the newest records were cut off, which the chain alone cannot show', () => {
    const folder = tampered('ledger.sqlite', (bytes) => bytes);
    const ledger = new Ledger(folder);
    ledger.database.exec('DROP TRIGGER records_never_go; DELETE FROM records WHERE seq > 50');
    ledger.close();
    const problems = verifyStore(folder).faults.map(({ what, problem }) => `${what} ${problem}`);
    expect(problems.join('\n')).toMatch(/record number 60 was acknowledged .* and is gone/);
  });

  test('finds a flipped byte anywhere in the ledger file, except where SQLite keeps nothing', () => {
    const size = readFileSync(path.join(original, 'ledger.sqlite')).length;
    const before = dump(original);
    const random = makeRandom(7);
    let found = 0;
    const missed: number[] = [];
    for (let i = 0; i < 150; i++) {
      const at = random.integer(size);
      const folder = tampered('ledger.sqlite', flip(at));
      if (verifyStore(folder).faults.length > 0) found++;
      else if (dump(folder) !== before) missed.push(at); // a change that a reader would see and verify did not
    }
    expect(missed).toEqual([]);
    expect(found).toBeGreaterThan(75);
  });

  test('finds a flipped byte in a log that was not yet folded into the ledger file', () => {
    const folder = path.join(made.folder, `copy-${copies++}`);
    const live = new Ledger(folder);
    for (let i = 0; i < 20; i++) live.append([anyRecord('activity', 'x', { i })]);
    // as a killed process leaves it: log and ledger file copied while the writer is still open
    const killed = path.join(made.folder, `copy-${copies++}`);
    cpSync(folder, killed, { recursive: true });
    live.close();
    expect(verifyStore(killed).faults).toEqual([]);
    const log = path.join(killed, 'ledger.sqlite-wal');
    const bytes = readFileSync(log);
    bytes[bytes.length - 2000] ^= 1;
    writeFileSync(log, bytes);
    expect(verifyStore(killed).faults.length).toBeGreaterThan(0);
  });

  test('finds a changed head mark', () => {
    const ledger = path.join(made.folder, `copy-${copies++}`);
    cpSync(original, ledger, { recursive: true });
    const [mark] = verifyMarks(ledger);
    writeFileSync(mark, readFileSync(mark, 'utf8').replace(/6/, '7'));
    expect(verifyStore(ledger).faults.length).toBeGreaterThan(0);
  });
});

function verifyMarks(folder: string): string[] {
  const heads = path.join(folder, 'heads');
  return readdirSync(heads).map((name) => path.join(heads, name));
}
