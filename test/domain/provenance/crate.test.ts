import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '@bregma/core/canonical';
import { drain } from '@bregma/core/ledger/activity-page';
import { recordHash } from '@bregma/core/ledger/records';
import { mayRedistribute } from '@bregma/core/provenance/crate/licences';
import { writeCrate } from '@bregma/core/provenance/crate/write';
import { openWorkspace } from '@bregma/core/workspace';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, temporaryWorkspace } from '../../fixtures/client.ts';
import { anyRecord, wholeBody } from '../../fixtures/records.ts';

const made = temporaryWorkspace();
let open = '';
let closed = '';
let digest = '';
let secret = '';

beforeAll(() => {
  const { ledger, objects, close } = openWorkspace(made.folder);
  digest = objects.put('{"rows":[[1,2.5]]}', 'application/json').object;
  secret = objects.put('{"rows":[[7]]}', 'application/json').object;
  const dataset = (id: string, licence: string, object: string) => ({
    kind: 'dataset' as const,
    subject: `${id}@1`,
    body: {
      id,
      release: '1',
      card: {
        title: `Data of ${id}`,
        description: 'Rates',
        kind: 'measured',
        cite: ['Someone 2020'],
        licence,
        doi: '10.1/x',
        modality: 'x',
        exposure: 'public',
      },
      files: [{ name: 'raw.csv', bytes: 9, sha256: sha256(id), origin: 'https://example.org/raw.csv' }],
      tables: [{ name: 'rates', object, rows: 1, columns: [] }],
      arrays: [],
      shape: 'tables',
    },
  });
  const call = (release: string, output: string, status = 'ok') => ({
    kind: 'activity' as const,
    subject: 'query_data',
    body: {
      server: 'bregma-atlas',
      tool: 'query_data',
      effect: 'compute',
      arguments: { sql: 'SELECT <script> FROM "ümläut"', limit: 3 },
      inputs: [release],
      outputs: [output],
      releases: [release],
      code: '0.1.0',
      client: 'a test 1.0',
      start: '2026-01-01T00:00:00.000Z',
      end: '2026-01-01T00:00:01.000Z',
      status,
      valueKind: 'measured',
      answer: { value: { rows: 1 }, kind: 'measured' },
    },
  });
  const free = objects.put('free table', 'application/vnd.apache.parquet').object;
  const bound = objects.put('bound table', 'application/vnd.apache.parquet').object;
  ledger.append([dataset('free', 'CC BY 4.0', free), dataset('bound', 'CC BY-NC 4.0', bound)].map(whole));
  [{ id: open }, { id: closed }] = ledger.append([call('free@1', digest), call('bound@1', secret)].map(whole));
  close();
});
afterAll(() => made.remove());

const whole = ({ kind, subject, body }: { kind: 'dataset' | 'activity'; subject: string; body: object }) =>
  anyRecord(kind, subject, wholeBody(kind, body));

function exported(id: string, name: string) {
  const { ledger, objects, close } = openWorkspace(made.folder);
  try {
    return drain(writeCrate(ledger, objects, id, path.join(made.folder, name)));
  } finally {
    close();
  }
}

describe('a crate', () => {
  test('holds the call, what it rests on, and the objects under their digest', () => {
    const written = exported(open, 'crate');
    expect(written).toMatchObject({ activities: 1, records: 2, copied: 2, named: [] });
    const folder = path.join(made.folder, 'crate');
    for (const file of readdirSync(path.join(folder, 'objects')))
      expect(sha256(readFileSync(path.join(folder, 'objects', file)))).toBe(file.slice(0, 64));
    const { '@graph': graph } = JSON.parse(readFileSync(path.join(folder, 'ro-crate-metadata.json'), 'utf8'));
    const action = graph.find((entity: { '@type': string }) => entity['@type'] === 'CreateAction');
    expect(action).toMatchObject({
      actionStatus: 'http://schema.org/CompletedActionStatus',
      result: { '@id': `objects/${digest}.json` },
    });
    const data = graph.find((entity: { identifier?: unknown }) =>
      JSON.stringify(entity.identifier)?.includes('free@1'),
    );
    expect(data).toMatchObject({
      '@type': 'Dataset',
      license: { '@id': 'https://spdx.org/licenses/CC-BY-4.0' },
      version: '1',
    });
  });

  test('carries the records so that anyone can check their hashes', () => {
    const lines = readFileSync(path.join(made.folder, 'crate/records.jsonl'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const row = JSON.parse(line);
      expect(recordHash(row)).toBe(row.hash);
    }
  });

  test('names data whose licence does not let them be passed on, and what was made from them, and copies neither', () => {
    const written = exported(closed, 'bound');
    expect(written.copied).toBe(0);
    expect(written.named).toHaveLength(2);
    expect(written.named[0].why).toContain('CC BY-NC 4.0');
    expect(readdirSync(path.join(made.folder, 'bound/objects'))).toEqual([]);
    expect(readFileSync(path.join(made.folder, 'bound/ro-crate-metadata.json'), 'utf8')).toContain(secret);
  });

  test('is a zip with the same files when its name ends so', () => {
    exported(open, 'crate.zip');
    const files = unzipSync(readFileSync(path.join(made.folder, 'crate.zip')));
    expect(Object.keys(files).sort()).toEqual(
      [
        'ro-crate-metadata.json',
        'prov.jsonld',
        'records.jsonl',
        ...readdirSync(path.join(made.folder, 'crate/objects')).map((name) => `objects/${name}`),
      ].sort(),
    );
    expect(Buffer.from(files[`objects/${digest}.json`]).toString()).toBe('{"rows":[[1,2.5]]}');
  });

  test('never replaces what is there, and leaves nothing behind when an object was changed', () => {
    expect(() => exported(open, 'crate')).toThrow(/exists already/);
    const file = path.join(made.folder, '.bregma/objects', digest.slice(0, 2), digest.slice(2));
    const bytes = readFileSync(file);
    writeFileSync(file, 'tampered');
    try {
      expect(() => exported(open, 'tampered')).toThrow(/does not match its digest/);
      expect(() => exported(open, 'tampered.zip')).toThrow(/does not match its digest/);
    } finally {
      writeFileSync(file, bytes);
    }
    expect(readdirSync(made.folder).filter((name) => name.startsWith('tampered'))).toEqual([]);
  });

  test('goes into an empty folder, and is refused for a name that is not on record', () => {
    mkdirSync(path.join(made.folder, 'empty'));
    exported(open, 'empty');
    expect(existsSync(path.join(made.folder, 'empty/ro-crate-metadata.json'))).toBe(true);
    expect(() => exported('act-0000000000000000', 'nothing')).toThrow(/not on record/);
  });
});

test('a licence is open only when it is known to be', () => {
  const words = {
    'CC0-1.0': true,
    'CC BY 4.0': true,
    'CC-BY-SA-4.0': true,
    'MIT (table as packaged by OpenWorm); cite the paper': true,
    'GPL-3.0': true,
    'CC BY-NC 4.0 (Allen Brain Cell Atlas); confirm before commercial use': false,
    'CC BY-ND 4.0': false,
    'FlyWire terms; non-commercial, with citation': false,
    'unclear: the deposits name none; ask before redistributing': false,
    'my own licence': false,
  };
  for (const [licence, expected] of Object.entries(words))
    expect([licence, mayRedistribute(licence)]).toEqual([licence, expected]);
});

describe.skipIf(!process.env.BREGMA_REFERENCE_PYTHON)('roc-validator, the reference validator of RO-Crates', () => {
  const validate = (folder: string) => {
    const python = process.env.BREGMA_REFERENCE_PYTHON ?? '';
    const script = path.join(root, 'test/reference/validate_crate.py');
    const { stdout, stderr } = spawnSync(python, [script, path.join(made.folder, folder), 'REQUIRED'], {
      encoding: 'utf8',
    });
    if (!stdout) throw new Error(stderr);
    return JSON.parse(stdout) as { passed: boolean; issues: { message: string }[] };
  };

  beforeAll(() => {
    exported(open, 'valid');
    exported(closed, 'valid-bound');
    exported(open, 'broken');
  });

  test('finds that a crate is a valid Process Run Crate', () => {
    expect(validate('valid')).toEqual({ passed: true, issues: [] });
    expect(validate('valid-bound')).toEqual({ passed: true, issues: [] });
  });

  test('rdflib reads the lineage in PROV-O: the call used the data and made the object', () => {
    const query = `
import rdflib, sys
g = rdflib.Graph().parse(sys.argv[1], format="json-ld")
p = rdflib.Namespace("http://www.w3.org/ns/prov#")
call, = g.subjects(rdflib.RDF.type, p.Activity)
print(sorted(str(o) for o in g.objects(call, p.used)), [str(s) for s in g.subjects(p.wasGeneratedBy, call)], g.value(call, p.startedAtTime).datatype)`;
    const { stdout, stderr } = spawnSync(
      process.env.BREGMA_REFERENCE_PYTHON ?? '',
      ['-c', query, path.join(made.folder, 'valid/prov.jsonld')],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(stdout.trim()).toContain(`['urn:bregma:free%401']`);
    expect(stdout).toContain(digest);
    expect(stdout).toContain('XMLSchema#dateTime');
  });

  test('finds what is missing when something is: the check can fail', () => {
    const file = path.join(made.folder, 'broken/ro-crate-metadata.json');
    const metadata = JSON.parse(readFileSync(file, 'utf8'));
    delete metadata['@graph'][1].license;
    writeFileSync(file, JSON.stringify(metadata));
    const { passed, issues } = validate('broken');
    expect(passed).toBe(false);
    expect(issues[0].message).toContain('license');
  });
});
