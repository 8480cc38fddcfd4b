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

  test('sees no secret, no environment and no setting that names a path outside', async () => {
    for (const sql of [
      'SELECT * FROM duckdb_secrets()',
      "SELECT getenv('HOME') AS home",
      "SELECT current_setting('home_directory') AS x",
    ]) {
      const outcome = await atlas.call('query_data', { sql }).catch(() => undefined);
      expect(JSON.stringify(outcome?.value.rows ?? [])).not.toMatch(/root|home\//);
    }
    await unharmed();
  });
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
  const error = await atlas.fail('query_data', { sql: `SELECT '${'x'.repeat(200_000)}'` });
  expect(error.code).toBe('too-large');
  await unharmed();
  expect(readdirSync(path.join(space.folder, '.bregma/objects/tmp'))).toEqual([]);
});
