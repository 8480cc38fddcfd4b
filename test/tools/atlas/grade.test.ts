import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  for (const source of ['celegans-cook2019', 'celegans-witvliet2020-3', 'celegans-neurons'])
    await atlas.call('add_data', { source });
  writeFileSync(path.join(space.folder, 'cells.csv'), 'cell,cell_type,depth\nx1,A,1\nx2,A,\nx3,B,3\nx4,B,4\nx5,,5\n');
  await atlas.call('add_data', { source: 'cells.csv', id: 'cells' });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const grade = async (data: string) => (await atlas.call('describe_data', { data, grade: true })).value.grade;

describe('a grade is measured from the data, and says how', () => {
  test('coverage of a domain that is known', async () => {
    const { coverage } = await grade('celegans-cook2019');
    expect(coverage).toEqual({ value: 300 / 302, how: expect.stringContaining('300 of the 302 neurons') });
    const [[neurons]] = (
      await atlas.call('query_data', {
        sql: "SELECT count(DISTINCT name) FROM celegans_witvliet2020_3.neurons WHERE cell_type = 'neuron'",
      })
    ).value.rows;
    expect((await grade('celegans-witvliet2020-3')).coverage.value).toBeCloseTo(neurons / 302, 12);
  });

  test('of a table of one’s own: cells with a value, effective number of types, share that has one', async () => {
    const { coverage, entropy, annotation, access } = await grade('cells');
    expect(coverage.value).toBeCloseTo(13 / 15, 12);
    expect(entropy.value).toBeCloseTo(2, 12); // two types, two cells each
    expect(annotation.value).toBeCloseTo(4 / 5, 12);
    expect(access.fails.map(({ principle }: { principle: string }) => principle)).toEqual(
      expect.arrayContaining(['F1', 'A1', 'R1.1', 'R1.2']),
    );
    for (const part of [coverage, entropy, annotation, access]) expect(part.how.length).toBeGreaterThan(10);
  });

  test('joins: the added releases that name the same things, with how many match', async () => {
    const { joins } = await grade('celegans-cook2019');
    const vocabulary = joins.with.find(({ release }: { release: string }) => release === 'celegans-neurons@1986');
    expect(vocabulary).toMatchObject({ by: 'neurons.name', matched: 300 });
    expect(joins.with.map(({ release }: { release: string }) => release)).not.toContain('cells@1');
    expect(joins.value).toBe(joins.with.length);
  });

  test('and is a resource too, of data sets that were added', async () => {
    const read = (id: string) => atlas.client.readResource({ uri: `bregma://grade/${id}` });
    const [content] = (await read('cells')).contents;
    const { dataset, grade: card } = JSON.parse('text' in content ? content.text : '');
    expect([dataset, card]).toEqual([expect.stringMatching(/^cells@/), await grade('cells')]);
    await expect(read('cellz')).rejects.toThrow(/cellz/);
  });

  test('and none is made that was not asked for', async () => {
    expect((await atlas.call('describe_data', { data: 'cells' })).value.grade).toBeUndefined();
  });
});
