import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ObjectStore } from '@bregma/core/objects/objects';
import { Duck } from '@bregma/readers/duck';
import { readThrift, type Thrift, type ThriftStruct, writeThrift } from '@bregma/readers/thrift';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mostColumns } from '../../../mcp-servers/atlas/src/import/limits.ts';
import { type Connection, connect } from '../../fixtures/client.ts';
import { pidOf } from '../../fixtures/processes.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-short-'));
const at = (name: string) => path.join(folder, name);
let atlas: Connection;
let honest: Buffer;
beforeAll(async () => {
  const { signal } = new AbortController();
  const duck = await Duck.open({ objects: new ObjectStore(at('made')), also: [folder], signal });
  const rows = "SELECT range AS a, 'x' || range AS b, [range, range] AS c FROM range(5000)";
  await duck.run(`COPY (${rows}) TO '${at('honest.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  await duck.run(`COPY (SELECT 0.5::DOUBLE AS a FROM range(16000000)) TO '${at('same.parquet')}' (FORMAT parquet)`);
  duck.close();
  honest = readFileSync(at('honest.parquet'));
  atlas = await connect('atlas', folder);
});
afterAll(async () => {
  await atlas.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The file with another footer. Fields by number: parquet.thrift. */
function withFooter(edit: (footer: ThriftStruct) => void): Buffer {
  const length = honest.readUInt32LE(honest.length - 8);
  const start = honest.length - 8 - length;
  const footer = readThrift(honest.subarray(start, start + length));
  edit(footer);
  const written = writeThrift(footer);
  const end = Buffer.alloc(4);
  end.writeUInt32LE(written.length);
  return Buffer.concat([honest.subarray(0, start), written, end, Buffer.from('PAR1')]);
}
const set = ({ fields }: ThriftStruct, field: number, value: bigint) => {
  const found = fields.get(field);
  if (found) found.value = value;
};
const list = ({ fields }: ThriftStruct, field: number): ThriftStruct[] => {
  const value = fields.get(field)?.value as { items: Thrift[] };
  return value.items as ThriftStruct[];
};
const firstGroup = (footer: ThriftStruct) => list(footer, 4)[0];
/** Takes a row group out of the footer, and its rows out of their number. */
const leaveOut = (footer: ThriftStruct, at: number) => {
  const [group] = list(footer, 4).splice(at, 1);
  set(footer, 3, BigInt(5000) - (group.fields.get(3)?.value as bigint));
};
const about = (chunk: ThriftStruct) => chunk.fields.get(3)?.value as ThriftStruct;

describe('a Parquet file', () => {
  test('that tells of all its rows is read', async () => {
    expect((await atlas.call('add_data', { source: 'honest.parquet' })).value.tables[0].rows).toBe(5000);
  });

  test.each<[string, (footer: ThriftStruct) => void]>([
    ['of which a row group tells of fewer', (footer) => set(firstGroup(footer), 3, 100n)],
    [
      'of which everything tells of fewer',
      (footer) => {
        set(footer, 3, 3052n);
        set(firstGroup(footer), 3, 100n);
        for (const chunk of list(firstGroup(footer), 1)) set(about(chunk), 5, 100n);
      },
    ],
    ['of which one column tells of fewer', (footer) => set(about(list(firstGroup(footer), 1)[1]), 5, 100n)],
    ['of which the footer tells of fewer than its groups', (footer) => set(footer, 3, 100n)],
    ['of which the footer leaves out the last row group', (footer) => leaveOut(footer, 2)],
    ['of which the footer leaves out the first row group', (footer) => leaveOut(footer, 0)],
    ['of which the footer leaves out one in the middle', (footer) => leaveOut(footer, 1)],
  ])('%s is refused, because rows would be left out without a word', async (_, edit) => {
    writeFileSync(at('short.parquet'), withFooter(edit));
    expect(await atlas.fail('add_data', { source: 'short.parquet' })).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('holds more than it says'),
    });
  });
});

describe('a table of sixteen million equal numbers in few bytes', () => {
  test('is read, and the server makes no object of each to compare it', async () => {
    const { value } = await atlas.call('add_data', { source: 'same.parquet' });
    expect(value.tables[0].rows).toBe(16_000_000);
    const most = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pidOf(atlas)}/status`, 'utf8'));
    expect(1024 * Number(most?.[1])).toBeLessThan(6e8);
  });
});

describe('a header that cannot be read in its time', () => {
  test.each([
    ['names', (i: number) => `c${i}`, ','],
    ['one letter', () => 'a', ','],
    ['nothing', () => '', '\t'],
  ])('of 100,000 columns of %s is refused at once, with another form', async (_, name, separator) => {
    const line = (cell: (i: number) => string) => Array.from({ length: 100_000 }, (_, i) => cell(i)).join(separator);
    writeFileSync(at('wide.csv'), `${line(name)}\n${line(() => '1')}\n`);
    const { code, message, next } = await atlas.fail('add_data', { source: 'wide.csv' });
    expect({ code, message }).toEqual({ code: 'too-large', message: expect.stringContaining('100000 columns') });
    expect(next).toMatch(/NPY.*three columns/);
  });

  test('has more columns than a table of genes', () => {
    expect(mostColumns({ ms: 19_000 })).toBeGreaterThan(25_000);
    expect(mostColumns({ ms: 4 * 19_000 })).toBeGreaterThan(50_000);
  });
});
