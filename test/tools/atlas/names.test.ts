import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
/** Ids that stand for something else in SQL. */
const taken = ['temp', 'system', 'main', 'memory', 'information_schema', 'pg-catalog'];
/** Ids that SQL reads as something else unless they are quoted, or that come to one name. */
const ids = [...taken.map((id) => `${id}-data`), 'release-0', 'a.b', 'a-b', 'select', '1st'];
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  for (const [i, id] of ids.entries()) {
    writeFileSync(path.join(space.folder, 't.csv'), `x\n${i}\n`);
    await atlas.call('add_data', { source: 't.csv', id });
  }
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const reference = async (id: string): Promise<string> =>
  (await atlas.call('describe_data', { data: id })).value.dataset;

describe('whatever a data set is called, all of them can be queried', () => {
  test.each(ids.map((id, i) => [id, i] as const))('%s', async (id, i) => {
    const name = await reference(id);
    const { value, release } = await atlas.call('query_data', { sql: `SELECT x FROM "${name}".t` });
    expect([value.rows, release]).toEqual([[[i]], [name]]);
  });

  test.each(taken)('%s is no id: the answer names one that is', async (id) => {
    const error = await atlas.fail('add_data', { source: 't.csv', id });
    expect(error).toMatchObject({ code: 'bad-input', what: 'id', id, next: expect.stringContaining(`${id}-data`) });
  });

  test('a name that two ids come to means neither, and the answer names both', async () => {
    const error = await atlas.fail('query_data', { sql: 'SELECT x FROM a_b.t' });
    expect(error.message).toContain('"a-b"');
    expect(error.message).toContain('"a.b"');
    expect(error).toMatchObject({ what: 'data set', id: 'a_b', nearest: expect.arrayContaining(['a-b', 'a.b']) });
    expect((await atlas.call('query_data', { sql: 'SELECT x FROM "a-b".t' })).release).toEqual([
      await reference('a-b'),
    ]);
  });

  test('the newest release has the short name; an older one keeps its own', async () => {
    const names: string[] = [];
    for (const x of [1, 2]) {
      writeFileSync(path.join(space.folder, 'grown.csv'), `x\n${x}\n`);
      names.push((await atlas.call('add_data', { source: 'grown.csv' })).value.dataset);
    }
    const sum = await atlas.call('query_data', { sql: `SELECT a.x, b.x FROM grown.grown a, "${names[0]}".grown b` });
    expect([sum.value.rows, [...(sum.release ?? [])].sort()]).toEqual([[[2, 1]], [...names].sort()]);
  });
});
