import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
let twin: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  twin = await connect('twin', space.folder);
});
afterAll(async () => {
  await atlas.close();
  await twin.close();
  space.remove();
});

/** What run_twin says of a ring of three neurons, with its edges marked so. */
async function answerOf(id: string, marks: string[]) {
  mkdirSync(path.join(space.folder, id));
  const edges = ['a,b', 'b,c', 'c,a'].map((pair, i) => `${pair},4,${marks[i]}`);
  writeFileSync(path.join(space.folder, id, 'edges.csv'), `pre,post,weight,value_kind\n${edges.join('\n')}\n`);
  await atlas.call('add_data', { source: id, id, format: 'connectome', options: { edges: `${id}/edges.csv` } });
  const { value } = await twin.call('build_twin', { kind: 'linear-propagation', data: id });
  return (await twin.call('run_twin', { twin: value.twin, stimulate: ['a'] })).value;
}

test('an answer of linear propagation counts the connections that the source assumed', async () => {
  const { notes } = await answerOf('assumed', ['measured', 'imputed', 'imputed']);
  expect(notes).toEqual(['2 of 3 connections were not seen but assumed by the source: used like the others']);
  expect((await answerOf('seen', ['measured', 'measured', 'measured'])).notes).toBeUndefined();
});
