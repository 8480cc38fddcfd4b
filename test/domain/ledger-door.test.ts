import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDoor } from '@bregma/core/ledger/door';
import { Ledger } from '@bregma/core/ledger/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-door-'));
let ledger: Ledger;
beforeAll(() => {
  ledger = new Ledger(folder);
  ledger.append(
    ['one', 'another'].map((client) => ({
      kind: 'stop' as const,
      subject: 'exp-1',
      body: { experiment: 'exp-1', client },
    })),
  );
});
afterAll(() => {
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the door of a call shows what the ledger holds', () => {
  const { door } = openDoor(ledger);
  const [{ id }] = ledger.stored('stop', 'exp-1');
  const readings: [name: keyof typeof door, ...given: unknown[]][] = [
    ['list', 'stop'],
    ['stored', 'stop', 'exp-1'],
    ['latest', 'stop', 'exp-1'],
    ['find', 'stop', id],
    ['byId', id],
    ['makersOf', 'exp-1'],
    ['holdersOf', 'f'.repeat(64)],
    ['recent', 1],
    ['head'],
    ['rowBySeq', 1],
    ['latestTime'],
  ];
  const read = (of: object, [name, ...given]: (typeof readings)[number]) =>
    // SAFETY: each is a reading, of the door and of the ledger, that takes what is given here.
    (of as Record<string, (...given: unknown[]) => unknown>)[name](...given);
  for (const one of readings) expect(read(door, one), one[0]).toEqual(read(ledger, one));
  expect(readings.map(([name]) => name).sort()).toEqual(
    Object.keys(door)
      .filter((name) => name !== 'append' && name !== 'transact')
      .sort(),
  );
  expect(door.byId(id)).toBeDefined();
});
