import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';

const cases = path.resolve(root, '../shared/cases/data-in');
const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  if (existsSync(cases)) cpSync(cases, path.join(space.folder, 'cases'), { recursive: true });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const write = (name: string, text: string) => writeFileSync(path.join(space.folder, name), text);
let made = 0;
async function wiring(edges: string, neurons?: string, columns?: object, more: object = {}) {
  const id = `w${++made}`;
  write(`${id}.csv`, edges);
  if (neurons !== undefined) write(`${id}-neurons.csv`, neurons);
  const options = {
    edges: `${id}.csv`,
    ...(neurons === undefined ? {} : { neurons: `${id}-neurons.csv` }),
    columns,
    ...more,
  };
  const { value } = await atlas.call('add_data', { source: id, id, format: 'connectome', options });
  const rows = async (sql: string) =>
    (await atlas.call('query_data', { sql: sql.replaceAll('$', id), digits: 17 })).value.rows;
  return { id, warnings: value.warnings.join('\n') as string, rows };
}

describe('edges', () => {
  test('of weight 0 are no connections', async () => {
    const { id, warnings, rows } = await wiring('pre,post,weight\nA,B,0\nB,C,0\nA,C,3\n');
    expect(await rows('SELECT pre, post, weight FROM $.edges')).toEqual([['A', 'C', 3]]);
    expect(warnings).toMatch(/2 rows of weight 0/);
    const reached = await atlas.call('trace_connections', { data: id, from: 'A' });
    expect(reached.value.partners.map(({ name }: { name: string }) => name)).toEqual(['C']);
    expect((await atlas.call('trace_connections', { data: id, from: 'A', to: 'B' })).value.found).toBe(false);
  });

  test('that repeat are summed with their fractions, and counted', async () => {
    const { warnings, rows } = await wiring('pre,post,weight,neuropil\nA,B,5.5,EB\nA,B,2.5,PB\nB,A,1,EB\n');
    expect(await rows('SELECT pre, post, weight, neuropil FROM $.edges')).toEqual([
      ['A', 'B', 8, 'EB; PB'],
      ['B', 'A', 1, 'EB'],
    ]);
    expect(warnings).toMatch(/1 rows repeat a connection: the weights of 3 rows are summed to 2/);
  });

  test('keep negative weights, and are as strong as their size', async () => {
    const { id, rows } = await wiring('pre,post,weight\nA,B,-2\nA,C,1\n');
    expect(await rows('SELECT weight FROM $.edges ORDER BY post')).toEqual([[-2], [1]]);
    const { value } = await atlas.call('trace_connections', { data: id, from: 'A', min_weight: 2 });
    expect(value.partners.map(({ name, weight }: { name: string; weight: number }) => [name, weight])).toEqual([
      ['B', -2],
    ]);
  });

  test('from a neuron to itself are kept and counted, and blanks around ids left out and counted', async () => {
    const { warnings, rows } = await wiring('pre,post,weight\n"A ","A",1\nA,B,1\n', 'id\nA\nB\n');
    expect(await rows('SELECT pre, post FROM $.edges ORDER BY post')).toEqual([
      ['A', 'A'],
      ['A', 'B'],
    ]);
    expect(warnings).toMatch(/1 connections lead from a neuron to itself/);
    expect(warnings).toMatch(/1 id had blanks/);
  });

  test.each([
    ['neuPrint', 'bodyId_pre,bodyId_post,weight\n1,2,3\n', 3],
    ["neuPrint's export", ':START_ID(Body-ID),:END_ID(Body-ID),weight:int\n1,2,3\n', 3],
    ['capitals', 'Pre,Post,Weight\n1,2,3\n', 3],
    ['Codex', 'pre_root_id,post_root_id,neuropil,syn_count\n1,2,EB,3\n', 3],
    ['CAVE, a row a synapse', 'id,pre_pt_root_id,post_pt_root_id\n10,1,2\n11,1,2\n', 2],
    ['a graph library', 'source,target,weight\n1,2,3\n', 3],
  ])('with the names of %s are known', async (_, text, weight) => {
    const { warnings, rows } = await wiring(text);
    expect(await rows('SELECT pre, post, weight FROM $.edges')).toEqual([['1', '2', weight]]);
    expect(warnings).toMatch(/is taken for pre/);
  });

  test('with names of their own are read by the option columns, and refused with it', async () => {
    write('own.csv', 'von,nach,weight\n1,2,3\n');
    const refused = await atlas.fail('add_data', {
      source: 'own',
      format: 'connectome',
      options: { edges: 'own.csv' },
    });
    expect(refused.message).toMatch(/no column 'pre', 'post'; it has von, nach, weight/);
    expect(refused.next).toMatch(/columns/);
    const { rows } = await wiring('von,nach,weight\n1,2,3\n', undefined, { pre: 'von', post: 'nach' });
    expect(await rows('SELECT pre, post, weight FROM $.edges')).toEqual([['1', '2', 3]]);
  });

  test('are read as every table is: decimal commas, other blanks around ids, options for one file or for all', async () => {
    const comma = await wiring('pre;post;weight\nA;B;5,5\nA;B;2,5\n');
    expect(await comma.rows('SELECT weight FROM $.edges')).toEqual([[8]]);
    const blanks = await wiring('pre,post,weight\n"A\u00a0",B,1\n"\tA",B,2\n', 'id\nA\nB\n');
    expect(await blanks.rows('SELECT pre, weight FROM $.edges')).toEqual([['A', 3]]);
    expect(blanks.warnings).toMatch(/2 ids had blanks/);
    const told = await wiring('pre^post^weight\nA^B^"1,234"\n', '# made by hand\nid|note\nA|x\nB|y\n', undefined, {
      separator: '^',
      thousands: ',',
      read: { neurons: { separator: '|', range: '2:' } },
    });
    expect(await told.rows('SELECT weight FROM $.edges')).toEqual([[1234]]);
    expect(await told.rows('SELECT id, note FROM $.neurons')).toEqual([
      ['A', 'x'],
      ['B', 'y'],
    ]);
  });

  test('of gap junctions stay apart from synapses, also where the column is called type', async () => {
    const { rows } = await wiring('Source,Target,Weight,Type\nA,B,3,chemical\nA,B,2,electrical\n');
    expect(await rows('SELECT kind, weight FROM $.edges ORDER BY 1')).toEqual([
      ['chemical', 3],
      ['electrical', 2],
    ]);
  });

  test('whose ids something rounded are told of with the digits that are gone', async () => {
    const { warnings } = await wiring('pre,post,weight\n7.20576E+17,7.20576E+17,1\n7.20576E+17,3,1\n');
    expect(warnings).toMatch(/3 ids such as 7\.20576E\+17 are rounded.*6 of 18 digits: the last 12 are gone/);
  });

  test('whose ends may be no neuron are told of, unless a table of neurons has them', async () => {
    const words = await wiring('pre,post,weight\nNA,B,1\nC,NA,1\nNone,B,1\n');
    expect(words.warnings).toMatch(/'NA' \(2×\), 'None' \(1×\) may mean that there is no neuron, and are kept/);
    expect(await words.rows('SELECT id FROM $.neurons')).toEqual([['B'], ['C'], ['NA'], ['None']]);
    const cave = await wiring(
      'pre_pt_root_id,post_pt_root_id\n720575940620875399,0\n720575940620875399,720575940620875400\n',
    );
    expect(cave.warnings).toMatch(/'0' \(1×\) may mean that there is no neuron/);
    const counted = await wiring('pre,post,weight\n0,1,1\n1,2,1\n');
    expect(counted.warnings).not.toMatch(/no neuron/);
    const listed = await wiring('pre,post,weight\nNA,B,1\n', 'id\nNA\nB\n');
    expect(listed.warnings).not.toMatch(/no neuron/);
  });

  test.each([
    [
      'pre,post,weight\nA,B,"1,234"\n',
      {},
      /row 1, A → B, has the weight '1,234'/,
      /"decimal": ","\} or \{"thousands": ","/,
    ],
    ['pre,post,weight\nA,B,3 syn\nB,A,1\n', {}, /row 1, A → B, has the weight '3 syn'/, /Correct/],
    ['pre,post,weight\nA,B,1\n,B,1\n', {}, /row 2 has no pre/, /Correct/],
    ['A,B,1\nB,C,2\n', {}, /no column 'pre'/, /"pre": "column0", "post": "column1", "weight": "column2"/],
    [',A,B\nA,0,1\nB,2,0\n', {}, /no column 'pre'/, /matrix.*stack\(\)/],
    ['pre,post,weight\nA,B,1\n', { read: { edgez: {} } }, /options\.read is/, /edges, neurons/],
  ])('%j with %j is refused with the option that helps', async (text, more, message, next) => {
    write('bad.csv', text);
    const options = { edges: 'bad.csv', ...more };
    const refused = await atlas.fail('add_data', { source: 'bad', format: 'connectome', options });
    expect(refused.message).toMatch(message);
    expect(refused.next).toMatch(next);
  });

  test('that name unknown neurons are told of with the nearest, and counted', async () => {
    write(
      'near.csv',
      'pre,post,weight\n720575940620875399,720575940620875401,1\n720575940620875399,720575940620875401,2\n',
    );
    write('near-neurons.csv', 'id\n720575940620875399\n720575940620875400\n');
    const { message } = await atlas.fail('add_data', {
      source: 'near',
      format: 'connectome',
      options: { edges: 'near.csv', neurons: 'near-neurons.csv' },
    });
    expect(message).toMatch(/1 of the 2 neurons in near.csv are not in near-neurons.csv/);
    expect(message).toMatch(/'720575940620875401' \(\d+ ends; nearest '720575940620875400'\)/);
  });
});

describe.skipIf(!existsSync(cases))('shared cases (skipped where ../shared/cases is absent)', () => {
  const fly = (name: string) => atlas.call('add_data', { source: `cases/${name}`, id: name, format: 'flywire' });

  test('concat-edges: two edge lists in one file are refused', async () => {
    const refused = await atlas.fail('add_data', {
      source: 'concat',
      format: 'connectome',
      options: { edges: 'cases/concat-edges/edges.csv' },
    });
    expect(refused.message).toMatch(/edges\.csv/);
    expect(refused.message).toMatch(/[Ll]ine/);
  });

  test('flywire-cell-type: every column of Codex is kept', async () => {
    await fly('flywire-cell-type');
    const { value } = await atlas.call('query_data', {
      sql: 'SELECT DISTINCT cell_type, cell_subtype, hemibrain_type, side FROM flywire_cell_type.neurons',
    });
    expect(value.rows).toEqual([['CX', 'EPG', 'EPG', 'left']]);
    const edges = await atlas.call('query_data', {
      sql: 'SELECT weight, neuropil, nt_type FROM flywire_cell_type.edges',
    });
    expect(edges.value.rows).toEqual([[5, 'EB', 'ACH']]);
  });

  test('files of Codex have ids without blanks, names of CAVE, and connections of weight 0 left out, all counted', async () => {
    const file = (name: string, text: string) => {
      mkdirSync(path.join(space.folder, 'codex'), { recursive: true });
      write(`codex/${name}`, text);
    };
    file(
      'connections.csv',
      'pre_pt_root_id,post_pt_root_id,neuropil,syn_count\n"1 ",2,EB,5.5\n1,2,PB,2.5\n1,2,PB,1\n1,2,FB,0\n',
    );
    file('neurons.csv', 'root_id,group\n" 1",a\n2,b\n');
    const { value } = await atlas.call('add_data', { source: 'codex', id: 'codex', format: 'flywire' });
    const said = value.warnings.join('\n');
    expect(said).toMatch(/connections\.csv: 1 id had blanks/);
    expect(said).toMatch(/neurons\.csv: 1 id had blanks/);
    expect(said).toMatch(/pre_pt_root_id is taken for pre_root_id/);
    expect(said).toMatch(/1 rows of weight 0/);
    expect(said).toMatch(/3 rows are summed to 1 connections.*1 of its rows repeat a connection in the same neuropil/s);
    const { value: asked } = await atlas.call('query_data', { sql: 'SELECT pre, weight, neuropils FROM codex.edges' });
    expect(asked.rows).toEqual([['1', 9, 2]]);
  });

  test('err-wrong-file: a neuron that stands twice is told of with the file that has it twice', async () => {
    await expect(fly('err-wrong-file')).rejects.toThrow(
      /consolidated_cell_types\.csv lists neuron '720575940620875399' 2 times/,
    );
  });

  test('err-encoding: an Excel edge list is read as any other, a workbook of before 2007 says what to do', async () => {
    const ask = (edges: string) => ({ source: 'excel', id: 'excel', format: 'connectome', options: { edges } });
    const { value } = await atlas.call('add_data', ask('cases/err-encoding/edges.xlsx'));
    const { value: asked } = await atlas.call('query_data', { sql: 'SELECT pre, post, weight FROM excel.edges' });
    expect(asked.rows).toEqual([['A', 'B', 3]]);
    expect(value.tables[1].decided.join(' ')).toContain('Cells A1:C2');
    writeFileSync(path.join(space.folder, 'old.xls'), Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0]));
    expect((await atlas.fail('add_data', ask('old.xls'))).next).toMatch(/xlsx.*CSV/);
  });
});
