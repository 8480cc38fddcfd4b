import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  const write = (name: string, text: string) => writeFileSync(path.join(space.folder, name), text);
  write('cells.csv', 'cell_type,cells\nMi1,10\nT4a,20\nmi1,5\n,7\nTm9,1\n');
  write('genes.csv', 'cell_type,gene\nMi1,Gad1\nT4a,ChAT\nT4a,Rdl\nDm3,nAChR\n');
  write('ids.csv', 'root_id,size\na1,1\na2,2\n');
  write('ids-next.csv', 'root_id,size\na1,1\nb2,2\n');
  write(
    'map.csv',
    'subject_id,predicate_id,object_id,confidence\nMi1,skos:exactMatch,Mi1,1\nTm9,skos:exactMatch,T4a,0.75\nTm9,skos:exactMatch,Dm3,0.25\nT4a,skos:broadMatch,Dm3,1\nTm9,skos:exactMatch,Dm3,0.25\n',
  );
  atlas = await connect('atlas', space.folder);
  for (const source of ['cells.csv', 'genes.csv', 'ids.csv', 'ids-next.csv', 'map.csv'])
    await atlas.call('add_data', { source, options: { types: 'text' } });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const sides = { left: 'cells.cells.cell_type', right: 'genes.genes.cell_type' };
const rowsOf = async (table: string) =>
  (await atlas.call('query_data', { sql: `SELECT * FROM ${table} ORDER BY ALL`, digits: 17 })).value.rows;

test('equal keys: what matched, what is ambiguous, what matched nothing and what has no key are told first', async () => {
  const { value, completeness, release } = await atlas.call('join_data', { ...sides, id: 'joined' });
  expect(value).toMatchObject({ matched: 1, ambiguous: 1, unmatched: 2, withoutKey: 1, unmatchedRight: 1, pairs: 3 });
  expect(completeness).toEqual({ returned: 2, available: 5, of: 'rows on the left' });
  expect(release).toHaveLength(2);
  expect(await rowsOf('joined.joined')).toEqual([
    ['Mi1', '10', 'Mi1', 'Gad1', 'matched', 1],
    ['T4a', '20', 'T4a', 'ChAT', 'ambiguous', 0.5],
    ['T4a', '20', 'T4a', 'Rdl', 'ambiguous', 0.5],
  ]);
  // Capitals are characters: mi1 is no Mi1.
  expect((await rowsOf('joined.unmatched_left')).map(([type]: [string | null]) => type).sort()).toEqual(
    [null, 'Tm9', 'mi1'].sort(),
  );
  expect(await rowsOf('joined.unmatched_right')).toEqual([['Dm3', 'nAChR']]);
  expect((await atlas.call('describe_data', { data: 'joined' })).value.card.description).toContain('by equal keys');
});

test('a mapping: shares by confidence; what says the same twice says it once; a broader term is no match until it is asked for', async () => {
  const mapped = { ...sides, mapping: 'map.map', id: 'mapped' };
  const { value } = await atlas.call('join_data', mapped);
  expect(value).toMatchObject({ matched: 1, ambiguous: 1, unmatched: 2, predicatesNotUsed: { broadMatch: 1 } });
  const shares = (await rowsOf('mapped.joined')).map((row: unknown[]) => [row[0], row[3], row[5]]);
  expect(shares).toEqual([
    ['Mi1', 'Gad1', 1],
    ['Tm9', 'nAChR', expect.closeTo(0.25 / 1.75, 9)],
    ['Tm9', 'ChAT', expect.closeTo(0.75 / 1.75, 9)],
    ['Tm9', 'Rdl', expect.closeTo(0.75 / 1.75, 9)],
  ]);
  const wider = await atlas.call('join_data', { ...mapped, predicates: ['exactMatch', 'broadMatch'] });
  expect(wider.value).toMatchObject({ matched: 2, ambiguous: 1, unmatched: 1 });
  expect(wider.value.dataset).not.toBe(value.dataset);
});

test('ids of two releases are not joined until someone says that they mean the same', async () => {
  const ids = { left: 'ids.ids.root_id', right: 'ids-next.ids_next.root_id' };
  const error = await atlas.fail('join_data', ids);
  expect([error.code, error.message]).toEqual(['needs-agreement', expect.stringContaining('ids of two releases')]);
  expect((await atlas.call('join_data', { ...ids, same_ids: true })).value).toMatchObject({ matched: 1, unmatched: 1 });
});

test.each<[string, object, RegExp]>([
  ['a column that is not there', { left: 'cells.cells.typ' }, /no column 'typ'/],
  ['a table that is not there', { left: 'cells.cell.cell_type' }, /no table 'cell'/],
  ['a place without a column', { left: 'cells' }, /names no column/],
  ['a mapping that is none', { mapping: 'genes.genes' }, /is no mapping/],
  ['an id that cannot be one', { id: 'A B' }, /cannot be a data set's id/],
])('%s is refused', async (_, more, message) => {
  const error = await atlas.fail('join_data', { ...sides, ...more });
  expect(error.message).toMatch(message);
  expect(error.next).toBeTruthy();
});
