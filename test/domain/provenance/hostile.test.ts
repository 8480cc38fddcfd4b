import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { activityCounts, activityPage, drain } from '@bregma/core/ledger/activity-page';
import { ledgerVersion } from '@bregma/core/ledger/check-form';
import { Ledger } from '@bregma/core/ledger/ledger';
import { indexOf } from '@bregma/core/ledger/ledger-index';
import { writeCrate } from '@bregma/core/provenance/crate/write';
import { traceRecord } from '@bregma/core/provenance/walk';
import { openWorkspace } from '@bregma/core/workspace';
import { RecordModel } from '@bregma/webviews/activity/model';
import { afterAll, expect, test } from 'vitest';
import { describeRecord } from '../../../extension/src/provenance/describe-record.ts';
import { temporaryWorkspace } from '../../fixtures/client.ts';
import { attack, hostileRecords } from '../../fixtures/hostile-records.ts';

const made = temporaryWorkspace();
const { ledger, objects, close, bregma } = openWorkspace(made.folder);
const appended = ledger.append(hostileRecords());
indexOf(ledger).update();
afterAll(() => {
  close();
  made.remove();
});

test('a page of hostile activities is short, whatever they hold', () => {
  const { rows } = drain(activityPage(ledger, {}, { limit: 100 }));
  expect(rows).toHaveLength(2);
  expect(JSON.stringify(rows).length).toBeLessThan(6000);
  expect(JSON.stringify(drain(activityCounts(ledger))).length).toBeLessThan(6000);
});

test('every hostile record is described in a form that the view takes, cut to what a page can hold', () => {
  for (const record of appended) {
    const model = describeRecord(ledger, objects, record);
    expect(RecordModel.safeParse(model).success).toBe(true);
    expect(JSON.stringify(model).length).toBeLessThan(700_000);
  }
});

test('a hostile record is traced, and exported without leaving its folder', () => {
  const { id } = appended[appended.length - 1];
  expect(traceRecord(ledger, id, { limit: 100 }).trace.nodes.length).toBeGreaterThan(2);
  const to = path.join(made.folder, 'crate');
  drain(writeCrate(ledger, objects, id, to));
  const metadata = readFileSync(path.join(to, 'ro-crate-metadata.json'), 'utf8');
  expect(() => JSON.parse(metadata)).not.toThrow();
  expect(metadata).toContain(JSON.stringify(attack).slice(1, 60));
});

test('a ledger of a newer Bregma is refused with what to do, and not touched', () => {
  const file = path.join(bregma, 'ledger.sqlite');
  ledger.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const newer = readFileSync(file);
  newer.writeUInt32BE(ledgerVersion + 1, 60); // user_version: https://sqlite.org/fileformat2.html
  const folder = path.join(made.folder, 'newer');
  new Ledger(folder).close();
  writeFileSync(path.join(folder, 'ledger.sqlite'), newer);
  expect(() => new Ledger(folder, { readOnly: true })).toThrow(/written by a newer Bregma/);
  expect(() => new Ledger(folder)).toThrow(/written by a newer Bregma/);
  expect(readFileSync(path.join(folder, 'ledger.sqlite')).equals(newer)).toBe(true);
});
