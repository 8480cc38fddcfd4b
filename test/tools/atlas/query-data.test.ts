import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openWorkspace } from '@bregma/core/workspace';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  await atlas.call('add_data', { source: 'celegans-cook2019' });
  writeFileSync(
    path.join(space.folder, 'ids.csv'),
    'root_id,score\n720575940620875399,0.5\n720575940620875392,\n720575940596125868,nan\n',
  );
  await atlas.call('add_data', { source: 'ids.csv', id: 'ids' });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const query = (sql: string, limit = 20) => atlas.call('query_data', { sql, limit });

describe('query_data', () => {
  test('keeps every digit of a 64-bit id, from file to answer', async () => {
    const { value } = await query('SELECT root_id FROM ids.ids ORDER BY root_id DESC');
    expect(value.rows).toEqual([['720575940620875399'], ['720575940620875392'], ['720575940596125868']]);
    const computed = await query(
      'SELECT 720575940620875399::BIGINT AS id, 12::BIGINT AS small, 170141183460469231731687303715884105727::HUGEINT AS huge',
    );
    expect(computed.value.rows).toEqual([['720575940620875399', 12, '170141183460469231731687303715884105727']]);
  });

  test('gives null for NULL and for NaN, which is not measured too, and neither is zero', async () => {
    const { value } = await query('SELECT score, score IS NULL AS missing FROM ids.ids ORDER BY root_id DESC');
    expect(value.rows).toEqual([
      [0.5, false],
      [null, true],
      [null, true],
    ]);
  });

  test('counts all rows, previews some, and keeps all as Parquet', async () => {
    const { value, n, completeness } = await query('SELECT * FROM celegans_cook2019.edges', 3);
    expect(value.rows).toHaveLength(3);
    expect(n).toEqual({ count: 7379, of: 'rows' });
    expect(completeness).toEqual({ returned: 3, available: 7379, of: 'rows' });
    const store = openWorkspace(space.folder);
    const bytes = store.objects.get(value.result.object);
    store.close();
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    });
    expect(rows).toHaveLength(7379);
    expect(rows.slice(0, 3).map((row) => [row.pre, row.post, row.weight, row.kind])).toEqual(value.rows);
  });

  test('shows six significant digits, says so, keeps all, and shows more where it is asked', async () => {
    const sql = 'SELECT 1 / 3.0::DOUBLE AS third, 123456789 AS whole, 1234567.5::DOUBLE AS large, 0.5 AS half';
    const six = await atlas.call('query_data', { sql });
    expect(six.value.rows).toEqual([[0.333333, 123456789, 1234570, 0.5]]);
    expect(six.value.preview).toBe('Rounded to 6 digits.');
    const all = await atlas.call('query_data', { sql, digits: 17 });
    expect(all.value.rows).toEqual([[1 / 3, 123456789, 1234567.5, 0.5]]);
    expect(all.value.preview).toBeUndefined();
    const kept = await atlas.call('query_data', { sql: `SELECT third FROM "${six.activity}".result`, digits: 17 });
    expect([six.value.result, kept.value.rows]).toEqual([undefined, [[1 / 3]]]);
  });

  test('says where the preview was cut by size', async () => {
    const { value } = await query("SELECT repeat('x', 250) AS long FROM range(100)", 100);
    expect(value.rows.length).toBeLessThan(100);
    expect(value.preview).toBe(`Cut by size after ${value.rows.length} rows.`);
  });

  test('reads the result of an earlier call as a table, with what that rests on', async () => {
    const { activity, release } = await query('SELECT kind, weight FROM celegans_cook2019.edges WHERE weight > 3');
    const second = await query(`SELECT kind, count(*) AS n FROM "${activity}".result GROUP BY 1 ORDER BY 1`);
    const direct = await query(
      'SELECT kind, count(*) AS n FROM celegans_cook2019.edges WHERE weight > 3 GROUP BY 1 ORDER BY 1',
    );
    expect(second.value.rows).toEqual(direct.value.rows);
    expect(second.release).toEqual(release);
    expect(second.cite).toEqual(direct.cite);
    const third = await query(`SELECT sum(n) FROM "${second.activity}".result`);
    expect(third.release).toEqual(release);
    const none = await atlas.fail('query_data', { sql: 'SELECT * FROM "act-0123456789abcdef".result' });
    expect(none).toMatchObject({ code: 'unknown-name', message: expect.stringContaining('act-0123456789abcdef') });
  });

  test('an empty result is an answer with no rows', async () => {
    const { value, n } = await query("SELECT * FROM celegans_cook2019.edges WHERE pre = 'nobody'");
    expect(value.rows).toEqual([]);
    expect(value.columns).toEqual(['pre', 'post', 'weight', 'kind']);
    expect(n).toEqual({ count: 0, of: 'rows' });
  });

  test('names release, licence and citation of what was read, under every name of a release', async () => {
    for (const name of ['celegans_cook2019', '"celegans-cook2019"', '"celegans-cook2019@2019"']) {
      const { release, licence, cite, kind, value } = await query(
        `WITH e AS (SELECT * FROM ${name}.edges) SELECT count(*) FROM e`,
      );
      expect([release, value.rows, kind]).toEqual([['celegans-cook2019@2019'], [[7379]], 'derived']);
      expect(licence[0]).toContain('MIT');
      expect(cite[0]).toContain('Cook');
    }
    expect((await query('SELECT 1')).release).toEqual([]);
  });

  test('an unknown table or column names candidates and the next step', async () => {
    const table = await atlas.fail('query_data', { sql: 'SELECT * FROM celegans_cook2019.edge' });
    expect(table.message).toContain('edges');
    expect(table.next).toContain('describe_data');
    const column = await atlas.fail('query_data', { sql: 'SELECT wieght FROM celegans_cook2019.edges' });
    expect(column.message).toContain('weight');
  });

  test('describes, summarises and explains', async () => {
    expect((await query('DESCRIBE celegans_cook2019.edges')).value.rows.map((row: unknown[]) => row[0])).toEqual([
      'pre',
      'post',
      'weight',
      'kind',
    ]);
    expect((await query('SUMMARIZE celegans_cook2019.edges')).value.rows).toHaveLength(4);
    expect(JSON.stringify((await query('EXPLAIN SELECT * FROM celegans_cook2019.edges')).value.rows)).toContain('SCAN');
  });

  test.each([
    'SELECT count(*) FROM celegans_cook2019.edges e JOIN (SELECT *, 1 AS weight FROM ids.ids) i USING (weight)',
    'SELECT count(*) FROM (SELECT pre AS root_id FROM celegans_cook2019.edges) NATURAL JOIN ids.ids',
    'WITH e AS (SELECT pre AS root_id FROM "celegans-cook2019@2019".edges) SELECT count(*) FROM e SEMI JOIN ids.ids USING (root_id)',
    'SELECT (SELECT count(*) FROM (UNPIVOT ids.ids ON score)), (SELECT count(*) FROM celegans_cook2019.edges)',
  ])('names every release that was read, where DuckDB names none: %s', async (sql) => {
    const { release } = await query(sql);
    expect(release.map((one: string) => one.split('@')[0]).sort()).toEqual(['celegans-cook2019', 'ids']);
  });

  test('sees a release that was added after the first query', async () => {
    writeFileSync(path.join(space.folder, 'late.csv'), 'a\n1\n2\n');
    await atlas.call('add_data', { source: 'late.csv', id: 'late' });
    expect((await query('SELECT sum(a) FROM late.late')).value.rows).toEqual([[3]]);
  });

  test('the same question gives the same bytes', async () => {
    const sql = 'SELECT kind, count(*) AS n FROM celegans_cook2019.edges GROUP BY 1 ORDER BY 1';
    const [first, second] = [await query(sql), await query(sql)];
    expect(second.value).toEqual(first.value);
    expect(second.activity).not.toBe(first.activity);
  });
});
