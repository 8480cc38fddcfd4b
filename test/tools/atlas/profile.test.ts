import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  const rows = ['m1,wt,3.5,12', 'm2,wt,NA,13', 'm3,ko,4.5,unknown-dose', 'm4,ko,5.25,12', 'm5,,6,15'];
  writeFileSync(path.join(space.folder, 'mice.csv'), `mouse,genotype,rate,dose\n${rows.join('\n')}\n`);
  await atlas.call('add_data', { source: 'mice.csv', id: 'mice' });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

test('describe_data profiles a table: levels with their rows, what is missing, what is mixed, and no measurement', async () => {
  const { value } = await atlas.call('describe_data', { data: 'mice', table: 'mice' });
  expect(value.profile.rows).toBe(5);
  const columns = Object.fromEntries(value.profile.columns.map((column: { name: string }) => [column.name, column]));
  expect(columns.genotype).toMatchObject({ missing: 1, levels: { ko: 2, wt: 2 } });
  expect(columns.rate).toMatchObject({ missing: 1, distinct: 4 });
  expect(columns.rate).not.toHaveProperty('levels');
  expect(columns.dose).toMatchObject({ levels: { 12: 2 }, mixed: { numbers: 4, texts: 1 } });
  expect((await atlas.call('describe_data', { data: 'mice' })).value).not.toHaveProperty('profile');
});

test('a table that is not there is answered with those that are', async () => {
  const { message, next } = await atlas.fail('describe_data', { data: 'mice', table: 'mouse' });
  expect(message).toContain('mice');
  expect(next).toBe('There are: mice.');
});
