import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { arrowOf } from '@bregma/notebooks/draw/arrow';
import { chartRows } from '@bregma/notebooks/draw/chart-rows';
import { firstRows } from '@bregma/notebooks/draw/plain-picture';
import { readRecords } from '@bregma/readers/rows';
import { NotebookOutput, packOutput, unpackOutput } from '@bregma/webviews/hosts/notebook-output';
import { cellText, tableData } from '@bregma/webviews/table/data';
import { filterRows, parseFilter } from '@bregma/webviews/table/filter';
import { sortRows } from '@bregma/webviews/table/order';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-arrow-'));
const file = path.join(folder, 'x.parquet');
let duck: DuckDBConnection;
beforeAll(async () => {
  duck = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => {
  duck.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

const caption = { title: 't', kind: 'measured' as const };

/** The rows of a query as they come out of the renderer's table, by way of Parquet and Arrow. */
async function through(sql: string) {
  await duck.run(`COPY (${sql}) TO '${file}' (FORMAT parquet, COMPRESSION snappy)`);
  const types = (await duck.runAndReadAll(`DESCRIBE ${sql}`)).getRowObjectsJson();
  const { columns, records } = await readRecords(readFileSync(file), { rows: 200_000 });
  const told = columns.map(({ name }, i) => ({ name, type: String(types[i].column_type) }));
  const arrow = arrowOf(told, records, 1_000_000);
  return {
    model: { ...caption, columns: told, arrow },
    data: tableData({ ...caption, columns: told, arrow }),
    columns,
  };
}

const literal = (type: string) => (value: string | null) =>
  value === null ? `NULL::${type}` : `'${value.replaceAll("'", "''")}'::${type}`;
const between = (min: bigint, max: bigint) => fc.bigInt({ min, max }).map(String);
/** A number with its sign: JavaScript writes −0 as 0. */
const written = (value: number) => (Object.is(value, -0) ? '-0' : String(value));
const some = <T>(one: fc.Arbitrary<T>) => fc.option(one, { freq: 5 });
const micros = between(-30_000_000_000_000_000n, 200_000_000_000_000_000n);

/** DuckDB's type → its values as SQL, and the text that DuckDB itself makes of them. */
const kinds: Record<string, { sql: fc.Arbitrary<string>; text?: string }> = {
  BIGINT: { sql: some(between(-(2n ** 63n), 2n ** 63n - 1n)).map(literal('BIGINT')) },
  UBIGINT: { sql: some(between(0n, 2n ** 64n - 1n)).map(literal('UBIGINT')) },
  UINTEGER: { sql: some(between(0n, 2n ** 32n - 1n)).map(literal('UINTEGER')) },
  INTEGER: { sql: some(between(-(2n ** 31n), 2n ** 31n - 1n)).map(literal('INTEGER')) },
  UTINYINT: { sql: some(between(0n, 255n)).map(literal('UTINYINT')) },
  BOOLEAN: { sql: some(fc.boolean().map(String)).map(literal('BOOLEAN')) },
  VARCHAR: {
    sql: some(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))).map(literal('VARCHAR')),
  },
  'DECIMAL(38,4)': {
    sql: some(between(-(10n ** 37n), 10n ** 37n).map((value) => `${value.slice(0, -4) || 0}.0003`)).map(
      literal('DECIMAL(38,4)'),
    ),
  },
  'DECIMAL(9,2)': { sql: some(between(-9_999_999n, 9_999_999n)).map(literal('DECIMAL(9,2)')) },
  TIMESTAMP: {
    sql: some(micros).map((value) => (value === null ? 'NULL::TIMESTAMP' : `make_timestamp(${value})`)),
    text: "replace(v::VARCHAR, ' ', 'T')",
  },
  'TIMESTAMP WITH TIME ZONE': {
    sql: some(micros).map((value) => (value === null ? 'NULL::TIMESTAMPTZ' : `to_timestamp(${value} / 1000000)`)),
    text: "regexp_replace(replace(v::VARCHAR, ' ', 'T'), '[+]00$', 'Z')",
  },
  DATE: {
    sql: some(between(-100_000n, 1_000_000n)).map((days) => (days ? `DATE '1970-01-01' + ${days}` : 'NULL::DATE')),
  },
  TIME: {
    sql: some(between(0n, 86_399_999_999n)).map((us) =>
      us === null ? 'NULL::TIME' : `TIME '00:00:00' + to_microseconds(${us})`,
    ),
  },
  INTERVAL: {
    sql: fc
      .tuple(fc.nat(40), fc.nat(40), fc.integer({ min: 0, max: 8e7 }))
      .map(([months, days, ms]) => `to_months(${months}) + to_days(${days}) + to_milliseconds(${ms})`),
  },
  BLOB: {
    sql: some(fc.uint8Array({ maxLength: 9 })).map((bytes) =>
      bytes ? `from_hex('${Buffer.from(bytes).toString('hex')}')` : 'NULL::BLOB',
    ),
    text: "'0x' || lower(hex(v))",
  },
};

describe('a result by way of Arrow', () => {
  test.each(Object.keys(kinds))('has every %s as the store has it', async (type) => {
    const { sql, text = 'v::VARCHAR' } = kinds[type];
    await duck.run("SET TimeZone = 'UTC'");
    await fc.assert(
      fc.asyncProperty(fc.array(sql, { minLength: 1, maxLength: 40 }), async (values) => {
        const rows = `SELECT unnest([${values.join(', ')}]) AS v`;
        const { data } = await through(rows);
        const expected = (await duck.runAndReadAll(`SELECT ${text} FROM (${rows})`)).getRows().map(([value]) => value);
        const found = Array.from({ length: data.length }, (_, row) => data.columns[0].cell(row));
        expect(found.map((value) => (value === null ? null : cellText(value)))).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test('has every double to its last bit, and what is not measured as that', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(some(fc.double()), { minLength: 1 }), async (values) => {
        const sql = values.map((value) => (value === null ? 'NULL::DOUBLE' : `'${written(value)}'::DOUBLE`)).join(', ');
        const { data } = await through(`SELECT unnest([${sql}]) AS v`);
        expect(values.map((_, row) => data.columns[0].cell(row))).toEqual(values);
      }),
      { numRuns: 25 },
    );
  });

  test('has lists, structs and maps as JSON, with ids of 64 bits whole', async () => {
    const { data } = await through(
      `SELECT [720575940620875399, NULL] AS list, {'id': 720575940620875398, 'say': 'it''s "so"', 'at': [1.5]} AS struct,
       MAP {'a': 1} AS map, '{"id": 720575940620875397}'::JSON AS json, NULL::INTEGER[] AS none`,
    );
    expect(data.columns.map(({ cell }) => cell(0))).toEqual([
      '["720575940620875399",null]',
      '{"id":"720575940620875398","say":"it\'s \\"so\\"","at":[1.5]}',
      '{"a":1}',
      '{"id": 720575940620875397}',
      null,
    ]);
  });

  test('orders and finds ids of 64 bits as whole numbers', async () => {
    const { data } = await through('SELECT 720575940620875399 - (i * 7919) % 1000 AS id FROM range(1000) t(i)');
    const [id] = data.columns;
    expect([id.order, id.type]).toEqual(['integer', 'BIGINT']);
    const sorted = Array.from(sortRows(filterRows(data.length, []), id, 'ascending'), (row) => String(id.cell(row)));
    expect(sorted).toEqual(Array.from({ length: 1000 }, (_, i) => String(720575940620875399n - 999n + BigInt(i))));
    const one = parseFilter('720575940620875399', id);
    expect(filterRows(data.length, one ? [{ column: id, test: one }] : []).length).toBe(1);
  });

  test('is read alike by the reference implementation', async () => {
    const { model } = await through(
      `SELECT 720575940620875399 - i AS id, i / 3 AS x, 'n' || i AS name, i % 2 = 0 AS even FROM range(300) t(i)`,
    );
    const table = tableFromIPC(model.arrow);
    const own = firstRows(model, 300).rows;
    expect(table.toArray().map((row) => Object.values({ ...row, id: String(row.id) }))).toEqual(own);
  });

  test('gives charts numbers for decimals, and a zone to times that have none', async () => {
    await through(
      `SELECT 1.50 AS narrow, 12345678901234567.5 AS wide, TIMESTAMP '2024-02-29 10:00:00.000001' AS at, DATE '2024-02-29' AS day`,
    );
    const objects = { get: () => readFileSync(file) } as never;
    const { rows } = await chartRows('query_data', { result: { object: 'x' } }, objects);
    expect(rows).toEqual([
      { narrow: 1.5, wide: Number('12345678901234567.5'), at: '2024-02-29T10:00:00.000001Z', day: '2024-02-29' },
    ]);
  });

  test('that is empty has its columns', async () => {
    const { data } = await through('SELECT 1 AS a, [2] AS b WHERE false');
    expect([data.length, data.columns.map(({ name }) => name)]).toEqual([0, ['a', 'b']]);
  });

  test('that is damaged says so', async () => {
    const { model } = await through('SELECT i AS a FROM range(1000) t(i)');
    const damaged = [
      model.arrow.slice(0, 700),
      model.arrow.slice(50),
      new TextEncoder().encode('no table'),
      new Uint8Array(),
    ];
    for (const arrow of damaged) expect(() => tableData({ ...model, arrow })).toThrow(/no Arrow table, or is damaged/);
  });
});

describe('an output of a cell', () => {
  const output = (model: unknown) => ({ key: '0123456789abcdef', pictures: [{ view: 'table', model }], said: ['é'] });

  test('is unpacked as it was packed, bytes and all', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), fc.jsonValue(), (arrays, value) => {
        const plain = JSON.parse(JSON.stringify(value));
        const model = { arrays: arrays.map((bytes) => new Uint8Array(bytes)), plain };
        expect(NotebookOutput.parse(unpackOutput(packOutput(output(model))))).toEqual(output(model));
      }),
    );
  });

  test('that was cut off says so', () => {
    const packed = packOutput(output({ arrow: new Uint8Array(64) }));
    for (const length of [0, 10, 24, packed.length - 1])
      expect(() => unpackOutput(packed.subarray(0, length))).toThrow(/damaged or cut off/);
  });
});
