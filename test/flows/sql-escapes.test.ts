import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  await atlas.call('add_data', { source: 'celegans-cook2019' });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const target = path.join(space.folder, 'stolen');

/** The server still answers, and nothing was written where the attack pointed. */
async function unharmed(): Promise<void> {
  const { value } = await atlas.call('query_data', { sql: 'SELECT count(*) AS n FROM celegans_cook2019.edges' });
  expect(value.rows).toEqual([[7379]]);
  expect(existsSync(target)).toBe(false);
}

describe('a user’s SQL cannot leave its data sets', () => {
  test.each([
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_parquet('/etc/*')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM 'data.parquet'",
    "SELECT * FROM read_csv('https://example.org/x.csv')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    `COPY (SELECT 1) TO '${target}'`,
    `COPY celegans_cook2019.edges TO '${target}' (FORMAT parquet)`,
    `EXPORT DATABASE '${target}'`,
    `ATTACH '${target}' AS x`,
    "ATTACH ':memory:' AS x",
    'INSTALL httpfs',
    'LOAD httpfs',
    'SET enable_external_access = true',
    'SET lock_configuration = false',
    "SET memory_limit = '100GB'",
    'RESET lock_configuration',
    'PRAGMA enable_external_access',
    'PRAGMA database_list',
    'CREATE TABLE t (x INTEGER)',
    'CREATE VIEW v AS SELECT 1',
    'CREATE SECRET s (TYPE s3)',
    'INSERT INTO celegans_cook2019.edges VALUES (1)',
    'UPDATE celegans_cook2019.edges SET weight = 0',
    'DELETE FROM celegans_cook2019.edges',
    'DROP VIEW celegans_cook2019.edges',
    'DROP SCHEMA celegans_cook2019 CASCADE',
    'PREPARE p AS SELECT 1',
    'EXECUTE p',
    'CALL pragma_version()',
    'CHECKPOINT',
    'USE memory',
    'VACUUM',
    'BEGIN TRANSACTION',
    'DETACH release_0',
    'SELECT 1; SELECT 2',
    `SELECT 1; COPY (SELECT 1) TO '${target}'`,
    '-- nothing but a comment',
    '',
    ';',
    'SELEKT 1',
    "SELECT * FROM query($$COPY (SELECT 1) TO '/tmp/x'$$)",
  ])('%s', async (sql) => {
    const error = await atlas.fail('query_data', { sql });
    expect(['not-allowed', 'bad-input']).toContain(error.code);
    expect(error.message.length).toBeGreaterThan(5);
    await unharmed();
  });

  test.each([
    'SELECT * FROM duckdb_secrets()',
    'SELECT * FROM duckdb_settings()',
    'SELECT * FROM duckdb_databases()',
    'SELECT * FROM checkpoint()',
    'SELECT * FROM force_checkpoint()',
    'SELECT * FROM enable_logging()',
    `SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = '${target}')`,
    `SELECT 1 WHERE EXISTS (FROM enable_profiling(format = 'json', save_location = '${target}'))`,
    'WITH log AS (FROM truncate_duckdb_logs()) SELECT 1',
    'DESCRIBE FROM enable_logging()',
    'SUMMARIZE FROM enable_logging()',
    'EXPLAIN ANALYZE SELECT * FROM enable_logging()',
    "SELECT * FROM query('SELECT count(*) FROM celegans_cook2019.edges')",
    "SELECT count(*) FROM query_table('celegans_cook2019.edges')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    'SELECT * FROM arrow_scan(1, 2, 3)',
    "SELECT * FROM seq_scan('edges')",
    "SELECT * FROM read_duckdb('/etc/passwd')",
    "SELECT * FROM read_json(['/etc/passwd'])",
    "SELECT * FROM parquet_metadata('/etc/passwd')",
    "SELECT * FROM which_secret('s3://x', 's3')",
    'PRAGMA version',
    '/* a */ -- b\n PRAGMA database_size',
    'PRAGMA show_tables',
    'FORCE INSTALL httpfs',
    'UPDATE EXTENSIONS',
    "IMPORT DATABASE '/tmp'",
    'SET VARIABLE x = 1',
    'CREATE TEMP TABLE t AS SELECT 1',
    'CREATE MACRO m() AS 1',
    'ALTER VIEW celegans_cook2019.edges RENAME TO x',
    "COMMENT ON VIEW celegans_cook2019.edges IS 'x'",
    'WITH t AS (DELETE FROM celegans_cook2019.edges RETURNING *) SELECT * FROM t',
    'SELECT 1 INTO t',
    'COPY FROM DATABASE "celegans-cook2019@2019" TO temp',
    'COMMIT',
    'ROLLBACK',
    '/* nothing /* but */ comments */ -- here',
    ` ${';'.repeat(50)} `,
    `${'/**/'.repeat(20_000)}PRAGMA version`,
    `SELECT ${'('.repeat(30_000)}1${')'.repeat(30_000)}`,
  ])('%.80s', async (sql) => {
    const error = await atlas.fail('query_data', { sql });
    expect(['not-allowed', 'bad-input', 'too-large']).toContain(error.code);
    expect(error.next).toBeTruthy();
    await unharmed();
  });

  test('finds no environment, and no folder of the person', async () => {
    expect((await atlas.fail('query_data', { sql: "SELECT getenv('HOME')" })).message).toContain('getenv');
    const settings = await atlas.fail('query_data', { sql: "SELECT current_setting('home_directory')" });
    expect(settings.code).toBe('not-allowed');
  });
});

describe('EXPLAIN ANALYZE runs what it explains, and what it explains cannot write', () => {
  const forged = 'CREATE OR REPLACE VIEW celegans_cook2019.edges AS SELECT 1 AS pre';
  test.each([
    `EXPLAIN ANALYZE ${forged}`,
    `EXPLAIN (ANALYZE) ${forged}`,
    `EXPLAIN (ANALYZE, FORMAT json) ${forged}`,
    `EXPLAIN ANALYZE /* SELECT 1 */ ${forged}`,
    `EXPLAIN /* ANALYZE SELECT 1 -- */ ANALYZE ${forged}`,
    `EXPLAIN ( ANALYZE /* ) SELECT 1 -- */ ) ${forged}`,
    `EXPLAIN (ANALYZE, FORMAT "json) SELECT 1 --") ${forged}`,
    `/* /* */ EXPLAIN SELECT 1 -- */ EXPLAIN ANALYZE ${forged}\n*/ EXPLAIN ANALYZE ${forged}`,
    'EXPLAIN ANALYZE CREATE TABLE celegans_cook2019.more AS SELECT 1',
    'EXPLAIN ANALYZE CREATE TEMP TABLE edges AS SELECT 1',
    'EXPLAIN ANALYZE CREATE SCHEMA temp.celegans_cook2019',
    'EXPLAIN ANALYZE DROP SCHEMA celegans_cook2019 CASCADE',
    'EXPLAIN ANALYZE DROP VIEW celegans_cook2019.edges',
    'EXPLAIN ANALYZE INSERT INTO "celegans-cook2019@2019".edges FROM "celegans-cook2019@2019".edges',
    'EXPLAIN ANALYZE DELETE FROM "celegans-cook2019@2019".main.edges',
    `EXPLAIN ANALYZE COPY (SELECT 1) TO '${target}'`,
    'EXPLAIN ANALYZE SET threads = 1',
    'EXPLAIN ANALYZE CALL enable_logging()',
    'EXPLAIN EXPLAIN SELECT 1',
    'EXPLAIN',
  ])('%s', async (sql) => {
    const error = await atlas.fail('query_data', { sql });
    expect(['not-allowed', 'bad-input']).toContain(error.code);
    await unharmed();
    await atlas.fail('query_data', { sql: 'SELECT * FROM celegans_cook2019.more' });
    await atlas.fail('query_data', { sql: 'SELECT * FROM edges' });
  });

  test.each(['EXPLAIN', 'explain', '\n EXPLAIN\n', '-- the plan\nEXPLAIN'])(
    '%s shows the plan of a query',
    async (word) => {
      const { value, release } = await atlas.call('query_data', {
        sql: `${word} SELECT sum(weight) FROM celegans_cook2019.edges`,
      });
      expect(JSON.stringify(value.rows)).toContain('AGGREGATE');
      expect(release).toEqual(['celegans-cook2019@2019']);
    },
  );
});

describe('a statement that does not end is ended', () => {
  test.each([
    ["SELECT length(repeat('x', 2000000000)) + length(repeat('y', 2000000000))"],
    [
      'SELECT count(*) FROM celegans_cook2019.edges a, celegans_cook2019.edges b, celegans_cook2019.edges c WHERE a.weight + b.weight > c.weight',
    ],
    ['SELECT sum(x) FROM generate_series(1, 1000000000000) t(x)'],
    ['WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT max(x) FROM r'],
  ])('%s', async (sql) => {
    const error = await atlas.fail('query_data', { sql, timeout_s: 1 });
    expect(['too-large', 'bad-input']).toContain(error.code);
    await unharmed();
  });

  test('when its client cancels, and the next statement is answered', async () => {
    const controller = new AbortController();
    const working = atlas.client.callTool(
      {
        name: 'query_data',
        arguments: { sql: 'SELECT sum(x) FROM generate_series(1, 1000000000000) t(x)', timeout_s: 60 },
      },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 300);
    await expect(working).rejects.toThrow();
    await unharmed();
  });
});

test('too long a statement is refused, and no half-written result stays behind', async () => {
  for (const length of [100_001, 1_000_000]) {
    const error = await atlas.fail('query_data', { sql: 'x'.repeat(length) });
    expect([error.code, error.message]).toEqual(['too-large', expect.stringContaining(String(length))]);
  }
  await unharmed();
  expect(readdirSync(path.join(space.folder, '.bregma/objects/tmp'))).toEqual([]);
});
