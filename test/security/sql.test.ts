import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';

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
      ['pragma_database_list', 'duckdb_databases', 'duckdb_settings', 'pg_settings'].map((name) => `${schema}.${name}`),
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

test('a column of such a name can be read, and random numbers repeat', async () => {
  const ask = async (sql: string) => (await atlas.call('query_data', { sql })).value.rows;
  expect(await ask('SELECT t.current_date FROM (SELECT 1 AS "current_date") t')).toEqual([[1]]);
  expect(await ask('SELECT random()')).toEqual(await ask('SELECT random()'));
});

test('what stands behind a NUL is not left out without a word', async () => {
  expect((await atlas.fail('query_data', { sql: 'SELECT 1\0 FROM nowhere' })).message).toMatch(/NUL/);
});
