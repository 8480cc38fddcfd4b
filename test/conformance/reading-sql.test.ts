import { cpSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeNpy } from '@bregma/core/npy';
import { ObjectStore } from '@bregma/core/objects/objects';
import { Duck } from '@bregma/readers/duck';
import { readFileSql } from '@bregma/readers/sql-text';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';

const cases = path.resolve(root, '../shared/cases/data-in');
const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  if (existsSync(cases)) cpSync(cases, path.join(space.folder, 'cases'), { recursive: true });
  const store = new ObjectStore(path.join(space.folder, 'made'));
  const { signal } = new AbortController();
  const duck = await Duck.open({ objects: store, also: [space.folder], signal });
  await duck.run(
    `COPY (SELECT * FROM (VALUES ('a', 1.0, [1.0, 'nan'::DOUBLE]), ('b', 'nan'::DOUBLE, []), ('a', 2.0, NULL)) t(c, x, xs)) TO '${path.join(space.folder, 'nan.parquet')}' (FORMAT parquet)`,
  );
  duck.close();
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});
const rows = async (sql: string) => (await atlas.call('query_data', { sql, digits: 17 })).value.rows;

describe('NaN', () => {
  test('is NULL, "not measured", in tables and lists, and counted', async () => {
    const { value } = await atlas.call('add_data', { source: 'nan.parquet', id: 'nan' });
    expect(value.warnings.join()).toMatch(/nan\.x: 1 values are NaN.*nan\.xs: 1 values/s);
    expect(await rows('SELECT count(x), max(x), stddev(x), (SELECT xs FROM nan.nan LIMIT 1) FROM nan.nan')).toEqual([
      [2, 2, Math.SQRT1_2, [1, null]],
    ]);
    expect((await rows('SUMMARIZE nan.nan')).length).toBe(3);
  });

  test('stays where the option nan says so, and a statistic of it says what is wrong', async () => {
    await atlas.call('add_data', { source: 'nan.parquet', id: 'kept', options: { nan: ['x'] } });
    expect(await rows('SELECT count(x) FROM kept.nan')).toEqual([[3]]);
    const { message, next } = await atlas.fail('query_data', { sql: 'SELECT stddev(x) FROM kept.nan' });
    expect(message).toMatch(/NaN/);
    expect(next).toMatch(/isfinite/);
    expect((await atlas.fail('add_data', { source: 'nan.parquet', options: { nan: 3 } })).message).toMatch(
      /options\.nan/,
    );
  });
});

describe('NaN inside lists, structures, maps and arrays', () => {
  const nested = `SELECT * FROM (VALUES (1, [[1.0, 'nan'::DOUBLE], []], {'a b': 'nan'::DOUBLE, 'w': 'x'}, MAP {'k': 'nan'::DOUBLE}), (2, NULL, NULL, MAP {})) t(n, ll, s, m)`;
  beforeAll(async () => {
    const duck = await Duck.open({
      objects: new ObjectStore(path.join(space.folder, 'made')),
      also: [space.folder],
      signal: new AbortController().signal,
    });
    await duck.run(`COPY (${nested}) TO '${path.join(space.folder, 'nested.parquet')}' (FORMAT parquet)`);
    duck.close();
    writeFileSync(path.join(space.folder, 'a.npy'), writeNpy({ data: Float64Array.of(1, Number.NaN, 3), shape: [3] }));
  });

  test('is NULL too, and counted', async () => {
    const { value } = await atlas.call('add_data', { source: 'nested.parquet', id: 'nested' });
    expect(value.warnings.join()).toMatch(/nested\.ll: 1 values.*nested\.s: 1 values.*nested\.m: 1 values/s);
    expect(await rows(`SELECT ll, s."a b", s.w, m['k'], cardinality(m) FROM nested.nested ORDER BY n`)).toEqual([
      [[[1, null], []], null, 'x', null, 1],
      [null, null, null, null, 0],
    ]);
  });

  test('of an array is counted, and a value of its own where the option nan says so', async () => {
    const { value } = await atlas.call('add_data', { source: 'a.npy', id: 'holes' });
    expect(value.warnings).toEqual([expect.stringMatching(/Array a: 1 values are NaN.*NULL\. Option: nan/)]);
    expect(await rows('SELECT count(value), median(value), max(value) FROM holes.a')).toEqual([[2, 2, 3]]);
    const { value: told } = await atlas.call('add_data', { source: 'a.npy', id: 'told', options: { nan: ['a'] } });
    expect(told.warnings).toEqual([]);
    expect(await rows('SELECT count(value), count(*) FILTER (isnan(value)) FROM told.a')).toEqual([[3, 1]]);
  });
});

describe('errors of SQL say what is wrong and what to do', () => {
  test.each([
    ['PIVOT nan.nan ON c USING sum(x)', /PIVOT/, /IN \(/],
    ['FROM (PIVOT nan.nan ON c USING sum(x))', /PIVOT/, /IN \(/],
    ['SELECT both FROM (SELECT 1 AS "both")', /both/, /"both"/],
    ['SELECT end FROM (SELECT 1 AS "end")', /end/, /"end"/],
    ['SELECT avg(c) FROM nan.nan', /^Binder Error: No function matches .*'avg\(VARCHAR\)'\.$/, /TRY_CAST/],
    ["SELECT CAST('12 ms' AS INTEGER)", /Could not convert string '12 ms'/, /TRY_CAST/],
    ['SELECT * FROM nan.nane', /no table 'nane'\. Did you mean nan\.nan\?/, /^There are nan\.nan;/],
    ['SELCT 1', /syntax error/, /One SELECT/],
    ['SELECT ln(0)', /logarithm of zero/, /CASE WHEN x > 0/],
    ['SELECT 9223372036854775807 + 1', /Overflow/, /HUGEINT/],
    ['SELECT c, max(x) FROM nan.nan', /GROUP BY/, /GROUP BY ALL/],
  ])('%s', async (sql, message, next) => {
    const refused = await atlas.fail('query_data', { sql });
    expect(refused.message).toMatch(message);
    expect(refused.next).toMatch(next);
  });

  test('the form of PIVOT that they name works', async () => {
    expect(await rows("SELECT * FROM (PIVOT (SELECT c, x FROM nan.nan) ON c IN ('a', 'b') USING sum(x))")).toEqual([
      [3, null],
    ]);
  });

  test('a number beyond the largest double is infinite, and a text that says so stays a text', async () => {
    expect(await rows("SELECT 1e400, -1e400, 'Infinity' AS word")).toEqual([['Infinity', '-Infinity', 'Infinity']]);
  });
});

describe.skipIf(!existsSync(cases))('shared cases (skipped where ../shared/cases is absent)', () => {
  test('nan-sql: what pandas says of the same file', async () => {
    await atlas.call('add_data', { source: 'cases/nan-sql/trials.csv', id: 'trials' });
    expect(
      await rows(
        'SELECT neuron, median(rate), count(rate), arg_max(stim, rate), count(*) FILTER (rate > 100) FROM trials.trials GROUP BY neuron ORDER BY neuron',
      ),
    ).toEqual([
      ['n1', 2, 3, 'c', 0],
      ['n2', 30, 3, 'e', 0],
    ]);
    expect(await rows('SELECT len(map_keys(histogram(rate))) FROM trials.trials')).toEqual([[6]]);
  });

  test('decimal256: decimals of more than 38 digits', async () => {
    await atlas.call('add_data', { source: 'cases/decimal256/d.parquet', id: 'wide' });
    expect((await rows('SELECT d::DOUBLE FROM wide.d')).flat()).toEqual([1.5, -3.25]);
  });

  test('decimal256 is still read wrong by DuckDB itself: when this fails, the detour can go', async () => {
    const { signal } = new AbortController();
    const duck = await Duck.open({ objects: new ObjectStore(space.folder), also: [cases], signal });
    const found = await duck.rows(`SELECT d FROM ${readFileSql('parquet', path.join(cases, 'decimal256/d.parquet'))}`);
    duck.close();
    expect(found.map(({ d }) => Number(d))).not.toEqual([1.5, -3.25]);
  });

  test('duration-parquet: 1500 ms are not 1500 ns', async () => {
    await atlas.call('add_data', { source: 'cases/duration-parquet/lat.parquet', id: 'lat' });
    expect(await rows('SELECT latency, jitter FROM lat.lat LIMIT 1')).toEqual([[1.5, 1.5e-6]]);
    const { value } = await atlas.call('describe_data', { data: 'lat' });
    expect(value.tables[0].columns.map(({ unit }: { unit?: string }) => unit)).toEqual(['s', 's']);
  });
});

test('an id that SQL would write as that of a registered data set is refused', async () => {
  writeFileSync(path.join(space.folder, 'own.csv'), 'a\n1\n');
  const { message } = await atlas.fail('add_data', { source: 'own.csv', id: 'celegans_cook2019' });
  expect(message).toMatch(/celegans-cook2019/);
});
