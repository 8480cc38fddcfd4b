import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '@bregma/core/canonical';
import { verifyStore } from '@bregma/core/ledger/verify';
import { openWorkspace } from '@bregma/core/workspace';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, serverCommand, temporaryWorkspace } from '../../fixtures/client.ts';
import { addSynthetic, syntheticConnectome } from '../../fixtures/connectome.ts';
import { childrenOf } from '../../fixtures/processes.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  await addSynthetic(space.folder);
  atlas = await connect('atlas', space.folder);
  await atlas.call('add_data', { source: 'celegans-cook2019' });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const ask = (sql: string, more = {}) => atlas.call('query_data', { sql, ...more });
const cache = path.join(space.folder, '.bregma/cache');

describe('what a result says about itself', () => {
  test('a column of whole numbers is text, all of it, when one of them does not fit a JSON number', async () => {
    const { value } = await ask(
      'SELECT x::BIGINT AS small, CASE x WHEN 2 THEN 9007199254740993 ELSE x END AS big, x::HUGEINT AS huge FROM range(3) t(x)',
    );
    expect([value.columns, value.types]).toEqual([['small', 'big', 'huge'], { big: 'BIGINT', huge: 'HUGEINT' }]);
    expect(value.rows).toEqual([
      [0, '0', 0],
      [1, '1', 1],
      [2, '9007199254740993', 2],
    ]);
  });

  test('the row that makes a column text may lie beyond the preview', async () => {
    const { value } = await ask(
      'SELECT CASE x WHEN 4999 THEN 720575940620875399 ELSE x END AS id FROM range(5000) t(x)',
      {
        limit: 1,
      },
    );
    expect([value.types, value.rows]).toEqual([{ id: 'BIGINT' }, [['0']]]);
  });

  test('dates, bytes, decimals, lists and infinities have a form in JSON, and NaN has none', async () => {
    const { value } = await ask(
      `SELECT DATE '2024-02-29', TIMESTAMP '2024-02-29 10:00:00.5', TIMESTAMPTZ '2024-02-29 10:00:00+02', '\\xAB\\x01'::BLOB,
        1.25, 12345678901234567890.5, [1, 720575940620875399], {'a': [NULL, 'x']}, MAP {'k': 2}, 1::DOUBLE / 0, 'nan'::DOUBLE, NULL,
        'b'::ENUM('a', 'b'), '00000000-0000-0000-0000-00000000000a'::UUID`,
    );
    expect(value.rows[0]).toEqual([
      '2024-02-29',
      '2024-02-29T10:00:00.5',
      '2024-02-29T08:00:00Z',
      '0xab01',
      1.25,
      '12345678901234567890.5',
      [1, '720575940620875399'],
      { a: [null, 'x'] },
      { k: 2 },
      'Infinity',
      null,
      null,
      'b',
      '00000000-0000-0000-0000-00000000000a',
    ]);
  });

  test('the Parquet object has the types and every digit, and columns that differ in case alone', async () => {
    const { value } = await ask(
      "SELECT 9007199254740993 AS id, 170141183460469231731687303715884105727::HUGEINT AS huge, 18446744073709551615::UBIGINT AS u, 1 AS a, 2 AS A, DATE '2024-02-29' AS d",
      { limit: 0 },
    );
    const store = openWorkspace(space.folder);
    const file = store.objects.pathOf(value.result.object);
    store.close();
    const duck = await (await DuckDBInstance.create(':memory:')).connect();
    const [row] = (await duck.runAndReadAll(`SELECT * FROM read_parquet('${file}')`)).getRowsJson();
    expect(row[0]).toBe('9007199254740993');
    expect(row[2]).toBe('18446744073709551615');
    expect([row[3], row[4], row[5]]).toEqual([1, 2, '2024-02-29']);
    duck.closeSync();
  });

  test('a preview stops at about 6,000 characters, and says how many rows it shows of how many', async () => {
    const { value, completeness } = await ask("SELECT repeat('abc', 500) AS long FROM range(100)", { limit: 100 });
    expect(JSON.stringify(value.rows).length).toBeLessThan(6_700);
    expect(value.rows[0][0]).toBe(`${'abc'.repeat(100)}…`);
    expect(completeness).toEqual({ returned: value.rows.length, available: 100, of: 'rows' });
  });

  test('more than 5,000,000 rows or 256 MB are cut, and the answer says that the number is not known', async () => {
    const many = await ask('SELECT 1 AS x FROM range(5100000)', { limit: 1, timeout_s: 300 });
    expect(many.completeness.available).toBeNull();
    expect(many.completeness.of).toContain('there are more');
    expect(many.n?.count).toBeGreaterThan(4_990_000);
    expect(many.n?.count).toBeLessThanOrEqual(5_000_000);
    const wide = await ask("SELECT repeat('0123456789', 1000) || x AS y FROM range(100000) t(x)", {
      limit: 1,
      timeout_s: 300,
    });
    expect(wide.completeness.available).toBeNull();
    expect(wide.n?.count).toBeGreaterThan(10_000);
    const again = await ask("SELECT repeat('0123456789', 1000) || x AS y FROM range(100000) t(x)", {
      limit: 1,
      timeout_s: 300,
    });
    expect(again.value).toEqual(wide.value);
  });
});

describe('what was read', () => {
  test('a synthetic release makes the answer synthetic, whatever it is joined with', async () => {
    const { kind, release } = await ask(
      `SELECT count(*) FROM ${syntheticConnectome.alias}.edges a JOIN celegans_cook2019.edges b ON a.pre = b.pre`,
    );
    expect(kind).toBe('synthetic');
    expect(new Set(release)).toEqual(new Set(['celegans-cook2019@2019', syntheticConnectome.reference]));
  });

  test.each([
    'FROM CELEGANS_COOK2019.Edges',
    'SELECT (SELECT max(weight) FROM "celegans-cook2019@2019".main.edges)',
    'WITH edges AS (FROM celegans_cook2019.edges) SELECT count(*) FROM edges',
    'FROM (SUMMARIZE celegans_cook2019.edges)',
    'EXPLAIN SELECT * FROM celegans_cook2019.edges',
    "SELECT * FROM (PIVOT celegans_cook2019.edges ON kind IN ('chemical', 'electrical') USING sum(weight))",
    '/* a */ -- b\n SELECT 1 WHERE 3 IN (SELECT weight FROM celegans_cook2019.edges)',
  ])('%s', async (sql) => {
    expect((await ask(sql)).release).toEqual(['celegans-cook2019@2019']);
  });

  test('naming a release in a string or a comment does not read it', async () => {
    expect((await ask("SELECT 'celegans_cook2019.edges' AS x -- celegans-cook2019@2019")).release).toEqual([]);
  });

  test('nothing that a statement did is seen by the next, and the same statement has the same bytes', async () => {
    const sql = 'SELECT random() AS r, * FROM celegans_cook2019.edges USING SAMPLE 5 ROWS';
    const first = await ask(sql);
    await ask('SELECT max(random()) AS r FROM range(7)');
    expect((await ask(sql)).value).toEqual(first.value);
  });

  test('a file in the cache that is no longer what was written is made again, whatever seal lies beside it', async () => {
    const count = 'SELECT count(*) AS n FROM celegans_cook2019.edges';
    await ask(count);
    const file = path.join(cache, newest(cache));
    const bytes = readFileSync(file);
    const forged = Buffer.concat([bytes.subarray(0, bytes.length - 4096), Buffer.alloc(4096, 7)]);
    writeFileSync(file, forged);
    writeFileSync(`${file}.sha256`, `${sha256(forged)} ${statSync(file).size}\n`);
    writeFileSync(path.join(space.folder, 'more.csv'), 'a\n1\n');
    await atlas.call('add_data', { source: 'more.csv', id: 'more' }); // so that a new process opens the files
    expect((await ask(count)).value.rows).toEqual([[7379]]);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test('weights that were changed in a copy are not read by the next server either', async () => {
    const sum = 'SELECT sum(weight) AS w FROM celegans_cook2019.edges';
    const { rows } = (await ask(sum)).value;
    await atlas.close();
    const file = path.join(cache, newest(cache));
    const other = path.join(space.folder, 'other.duckdb');
    copyFileSync(file, other);
    const forger = await DuckDBInstance.create(other);
    const connection = await forger.connect();
    await connection.run('UPDATE edges SET weight = weight * 10; CHECKPOINT');
    connection.closeSync();
    forger.closeSync();
    renameSync(other, file);
    expect(verifyStore(path.join(space.folder, '.bregma')).faults).toEqual([
      expect.objectContaining({ what: `copy cache/${path.basename(file)}` }),
    ]);
    atlas = await connect('atlas', space.folder);
    expect((await ask(sum)).value.rows).toEqual(rows);
    expect(verifyStore(path.join(space.folder, '.bregma')).faults).toEqual([]);
  });

  test('a long statement holds up no other', async () => {
    const long = new AbortController();
    const sql = 'SELECT sum(x) FROM generate_series(1, 1000000000000) t(x)';
    const busy = atlas.client
      .callTool({ name: 'query_data', arguments: { sql, timeout_s: 300 } }, { signal: long.signal })
      .catch((error: Error) => error);
    expect((await ask('SELECT 1 AS one')).value.rows).toEqual([[1]]);
    expect((await ask('SELECT count(*) AS n FROM celegans_cook2019.edges')).value.rows).toEqual([[7379]]);
    long.abort();
    await busy;
    expect((await ask('SELECT 2 AS two')).value.rows).toEqual([[2]]);
  });

  test('a release whose object is damaged is refused by name, and the others are read', async () => {
    writeFileSync(path.join(space.folder, 'broken.csv'), 'a\n1\n2\n');
    await atlas.call('add_data', { source: 'broken.csv', id: 'broken' });
    const store = openWorkspace(space.folder);
    const added = store.ledger.list('dataset').at(-1)?.body as { tables: { object: string }[] };
    const file = store.objects.pathOf(added.tables[0].object);
    store.close();
    const good = readFileSync(file);
    writeFileSync(file, 'not parquet');
    const error = await atlas.fail('query_data', { sql: 'FROM broken.broken' });
    expect([error.code, error.message]).toEqual(['corrupt', expect.stringContaining('broken@')]);
    expect((await ask('SELECT count(*) FROM celegans_cook2019.neurons')).value.rows).toEqual([[448]]);
    writeFileSync(file, good);
  });

  test('an unknown data set gets the nearest name', async () => {
    const error = await atlas.fail('query_data', { sql: 'FROM celegans_cook2018.edges' });
    expect([error.code, error.message]).toEqual(['unknown-name', expect.stringContaining('celegans_cook2019')]);
  });
});

describe('the process that runs SQL', () => {
  test('is ended before it takes the machine’s memory, and the next statement is answered', async () => {
    const error = await atlas.fail('query_data', {
      sql: "SELECT count(*) FROM (SELECT DISTINCT repeat('x', 4000000000) || x FROM range(8) t(x))",
      timeout_s: 60,
    });
    expect(error.code).toBe('too-large');
    expect((await ask('SELECT 1 AS x')).value.rows).toEqual([[1]]);
  });

  test('is waited for where all are busy, and one that is cancelled while it waits does not end them', async () => {
    const [long, waiting] = [new AbortController(), new AbortController()];
    const call = (sql: string, { signal }: AbortController) =>
      atlas.client.callTool({ name: 'query_data', arguments: { sql, timeout_s: 300 } }, { signal });
    const endless = [1, 2].map((i) => call(`SELECT sum(x + ${i}) FROM generate_series(1, 1000000000000) t(x)`, long));
    const slow = ask('SELECT sum(a.x * b.x) AS s FROM range(20000) a(x), range(3000) b(x)');
    const cancelled = call('SELECT 2', waiting);
    waiting.abort();
    await expect(cancelled).rejects.toThrow();
    expect((await slow).value.rows[0][0]).toBeTruthy();
    long.abort();
    expect((await Promise.allSettled(endless)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await ask('SELECT 3 AS three')).value.rows).toEqual([[3]]);
  });

  test.skipIf(process.platform !== 'linux')(
    'ends with its server, even one that was killed in the middle',
    async () => {
      const { spawn } = await import('node:child_process');
      const [command, ...args] = serverCommand('atlas');
      const server = spawn(command, [...args, '--workspace', space.folder], { stdio: ['pipe', 'pipe', 'inherit'] });
      const say = (message: object) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
      say({
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
      });
      say({ method: 'notifications/initialized' });
      say({
        id: 2,
        method: 'tools/call',
        params: {
          name: 'query_data',
          arguments: { sql: 'SELECT sum(x) FROM generate_series(1, 1000000000000) t(x)', timeout_s: 60 },
        },
      });
      const worker = await until(() => runnerOf(server.pid ?? 0));
      await until(() => busy(worker)); // it is in the middle
      server.kill('SIGKILL');
      await until(() => !existsSync(`/proc/${worker}`));
    },
  );

  test('leaves no folder of its own behind', async () => {
    await atlas.close();
    expect(readdirSync(cache).filter((name) => name.startsWith('query-') && name.includes('-'))).toHaveLength(1); // of the killed server
    atlas = await connect('atlas', space.folder);
    await ask('SELECT 1');
    await atlas.close();
    expect(readdirSync(cache).filter((name) => name.startsWith('query-'))).toEqual([]);
    atlas = await connect('atlas', space.folder);
  });
});

function newest(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.duckdb'));
  const largest = files.sort(
    (a, b) => readFileSync(path.join(folder, b)).length - readFileSync(path.join(folder, a)).length,
  );
  return largest[0];
}

/** Waits until `look` finds something; fails after 60 s. */
async function until<Found>(look: () => Found | undefined | false): Promise<Found> {
  for (const from = Date.now(); Date.now() - from < 60_000; ) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Waited 60 s for ${look}`);
}

/** The process in which a server runs SQL: it has others, for a moment. */
function runnerOf(pid: number): number | undefined {
  return childrenOf(pid).find((child) => {
    const file = `/proc/${child}/cmdline`;
    return existsSync(file) && readFileSync(file, 'utf8').includes('query-worker');
  });
}

/** Has it used 0.4 s of a processor? */
function busy(pid: number): boolean {
  const [, after] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  return Number(after.split(' ')[11]) > 40;
}
