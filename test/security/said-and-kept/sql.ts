import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

describe('SQL shows no machine', () => {
  test.each(
    ['main', 'system.main', 'pg_catalog'].flatMap((schema) =>
      ['pragma_database_list', 'duckdb_databases', 'duckdb_settings', 'pg_settings', 'duckdb_tables', 'pg_class'].map(
        (name) => `${schema}.${name}`,
      ),
    ),
  )('%s is refused or not there', async (name) => {
    const refused = await atlas.fail('query_data', { sql: `SELECT * FROM ${name}` });
    expect(JSON.stringify(refused)).not.toContain(space.folder);
  });
});

test.each([
  'now()',
  'current_timestamp',
  'current_date',
  'today()',
  'uuid()',
  'uuidv7()',
  'gen_random_uuid()',
  'current_localtimestamp()',
  'get_current_timestamp()',
  "age(TIMESTAMP '2020-01-01')",
])('%s, which a repetition answers otherwise, is refused', async (sql) => {
  expect((await atlas.fail('query_data', { sql: `SELECT ${sql}` })).code).toBe('not-allowed');
});

test('and so is every function that DuckDB itself says changes, or whose definition asks for the time', async () => {
  const sql = `SELECT DISTINCT function_name FROM duckdb_functions()
    WHERE (function_type = 'scalar' AND stability <> 'CONSISTENT') OR macro_definition SIMILAR TO '.*(current_time|now\\(|today\\().*'`;
  const { rows } = (await atlas.call('query_data', { sql, limit: 200 })).value;
  // These say the same whenever they are asked here, or take their numbers from a seed that is set before each statement.
  const same = /^(random|error|stats|in_search_path|current_(database|schema|schemas|catalog)|pg_typeof|user)$/;
  const names = rows.flat().filter((name: string) => !same.test(name));
  expect(names.length).toBeGreaterThan(15);
  const refusals = await Promise.all(
    names.map(async (name: string) => [name, (await atlas.fail('query_data', { sql: `SELECT ${name}()` })).code]),
  );
  expect(refusals.filter(([, code]) => code !== 'not-allowed')).toEqual([]);
});

test.each([
  'EXPLAIN ANALYZE SELECT 1',
  'EXPLAIN (FORMAT json, ANALYZE) SELECT 1',
  'SELECT * FROM duckdb_columns()',
  'SELECT table_oid FROM duckdb_tables',
  'SELECT * FROM pg_catalog.pg_attribute',
  'SELECT oid FROM pg_class',
  'SELECT * FROM sqlite_master',
])('%s, which is of the process and not of data, is refused', async (sql) => {
  expect((await atlas.fail('query_data', { sql })).code).toBe('not-allowed');
});

test('names of tables and columns are read from information_schema', async () => {
  const { value } = await atlas.call('query_data', { sql: 'SELECT table_name FROM information_schema.tables' });
  expect(value.rows).toEqual([]);
});

test('a column of such a name can be read, and random numbers repeat', async () => {
  const ask = async (sql: string) => (await atlas.call('query_data', { sql })).value.rows;
  expect(await ask('SELECT t.current_date FROM (SELECT 1 AS "current_date") t')).toEqual([[1]]);
  expect(await ask('SELECT random()')).toEqual(await ask('SELECT random()'));
});

test('what stands behind a NUL is not left out without a word', async () => {
  expect((await atlas.fail('query_data', { sql: 'SELECT 1\0 FROM nowhere' })).message).toMatch(/NUL/);
});
