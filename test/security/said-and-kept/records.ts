import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { seenBefore } from '@bregma/core/experiment/seen-evidence';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { Ledger } from '@bregma/core/ledger/ledger';
import { ObjectStore } from '@bregma/core/objects/objects';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type StoreClient } from '../../../extension/src/store/client.ts';
import { type Connection, connect, root, temporaryWorkspace } from '../../fixtures/client.ts';
import { startHttp } from '../../fuzz/server.ts';
import { type Laboratory, laboratory } from '../../tools/lab/laboratory.ts';

const newest = (folder: string, count: number) => {
  const ledger = new Ledger(path.join(folder, '.bregma'), { readOnly: true });
  const found = ledger.list('activity').slice(-count);
  ledger.close();
  return found.map(({ subject, body }) => ({ subject, ...body }));
};

describe.each(['auto', 'legacy'] as const)('over protocol %s, what never comes to a tool is on record', (era) => {
  const space = temporaryWorkspace();
  let atlas: Connection;
  beforeAll(async () => {
    atlas = await connect('atlas', space.folder, { era });
  });
  afterAll(async () => {
    await atlas.close();
    space.remove();
  });

  test('a tool of an unknown name, with its arguments, shown plain', async () => {
    const name = 'read_\u202efile';
    const refused = atlas.client.callTool({ name, arguments: { path: '/etc/shadow' } });
    await expect(refused).rejects.toThrow('read_⟨202e⟩file');
    expect(newest(space.folder, 1)).toMatchObject([
      { subject: 'read__file', tool: 'read__file', status: 'failed', arguments: { path: '/etc/shadow' } },
    ]);
    expect(newest(space.folder, 1)[0].client).toContain('bregma-test');
  });

  test('arguments that are no object, and those that no tool takes', async () => {
    for (const given of [['x'], 'x', 5] as unknown as Record<string, unknown>[])
      await expect(atlas.client.callTool({ name: 'find_data', arguments: given })).rejects.toThrow();
    await atlas.fail('find_data', { nothing: 1 });
    expect(newest(space.folder, 4)).toMatchObject([
      { tool: 'find_data', status: 'failed', arguments: { given: ['x'] } },
      { tool: 'find_data', status: 'failed', arguments: { given: 'x' } },
      { tool: 'find_data', status: 'failed', arguments: { given: 5 } },
      { tool: 'find_data', status: 'failed', arguments: { nothing: 1 } },
    ]);
  });

  test('arguments that are nested deeper than a record can be, as far as one goes', async () => {
    const deep = JSON.parse(`${'['.repeat(3000)}${']'.repeat(3000)}`);
    expect(await atlas.fail('find_data', { query: deep })).toMatchObject({ code: 'bad-input' });
    await expect(atlas.client.callTool({ name: 'no_tool', arguments: { deep } })).rejects.toThrow();
    for (const { subject, arguments: given } of newest(space.folder, 2)) {
      expect(['find_data', 'no_tool']).toContain(subject);
      expect(JSON.stringify(given)).toContain('[[[["… nested deeper than is kept"]]]]');
    }
  });

  test('large arguments are an object, of a refused call too', async () => {
    const text = 'x'.repeat(100_000);
    await expect(atlas.client.callTool({ name: 'no_tool', arguments: { text } })).rejects.toThrow();
    await atlas.fail('query_data', { sql: text });
    const objects = new ObjectStore(path.join(space.folder, '.bregma/objects'));
    for (const { argumentsObject } of newest(space.folder, 2))
      expect(objects.get(argumentsObject ?? '').length).toBeGreaterThan(100_000);
  });

  test('a resource of an unknown kind, and one whose address is none', async () => {
    for (const uri of ['bregma://key/mine', 'file:///etc/shadow', 'no address'])
      await expect(atlas.client.readResource({ uri })).rejects.toThrow();
    expect(newest(space.folder, 3)).toMatchObject(
      ['bregma://key/mine', 'file:///etc/shadow', 'no address'].map((uri) => ({
        subject: 'read_resource',
        status: 'failed',
        arguments: { uri },
      })),
    );
  });
});

test('what a client says that its call repeats is an activity id, or is not kept', async () => {
  const space = temporaryWorkspace();
  const atlas = await connect('atlas', space.folder);
  for (const said of ['anything', 'act-0123456789abcdef'])
    await atlas.client.callTool({ name: 'find_data', arguments: {}, _meta: { 'bregma/replay-of': said } });
  expect(newest(space.folder, 2).map(({ replayOf }) => replayOf)).toEqual([undefined, 'act-0123456789abcdef']);
  await atlas.close();
  space.remove();
});

test('over HTTP too, and one call is one record', async () => {
  const space = temporaryWorkspace();
  const { child, port, token } = await startHttp(space.folder);
  const call = (name: string) =>
    fetch(`http://127.0.0.1:${port}/mcp`, {
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } }),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
    }).then((answer) => answer.text());
  expect(await call('no_tool')).toContain('not found');
  await call('find_data');
  expect(newest(space.folder, 9).map(({ tool, status }) => [tool, status])).toEqual([
    ['no_tool', 'failed'],
    ['find_data', 'ok'],
  ]);
  child.kill();
  space.remove();
});

describe('what a person sees in the editor', () => {
  let lab: Laboratory;
  let store: StoreClient;
  let mayRecord = true;
  const looks = () => lab.workspace.ledger.list('activity', 'show').map(({ body }) => body);
  beforeAll(() => {
    lab = laboratory();
    const program = path.join(root, 'extension/src/store/store-worker.ts');
    store = openStore(lab.folder, program, { client: 'Editor 1', mayRecord: () => mayRecord });
  });
  afterAll(() => {
    store.dispose();
    lab.close();
  });
  const responses = () =>
    findDataset(lab.workspace.ledger, lab.subject).arrays.find(({ name }) => name === 'responses')?.object ?? '';

  test('of responses is on record before it is shown, once, and counts as having been seen', async () => {
    mayRecord = false;
    await store.ask.atlasModel(lab.subject, 'responses');
    expect(looks()).toEqual([]);
    mayRecord = true;
    for (let i = 0; i < 2; i++) await store.ask.atlasModel(lab.subject, 'responses');
    const own = looks().filter(({ inputs }) => inputs.includes(responses()));
    expect(own).toMatchObject([{ client: 'Editor 1', status: 'ok', releases: [lab.subject] }]);
    const { seq } = lab.workspace.ledger.head();
    const [seen] = await seenBefore(seq + 1, lab.subject, lab.unseen.slice(0, 3), lab.workspace);
    expect(seen.exposure).toMatchObject({ tool: 'show', shows: 'trials' });
  });

  test('of any object is on record, and so is a crate that was written', async () => {
    const { object } = lab.workspace.objects.put('a note', 'text/plain');
    await store.ask.objectText(object);
    expect(looks().at(-1)?.inputs).toEqual([object]);
    const to = path.join(lab.folder, 'crate');
    await store.ask.crate(lab.subject, to);
    const [{ inputs }] = lab.workspace.ledger.list('activity', 'export').map(({ body }) => body);
    expect(readFileSync(path.join(to, 'ro-crate-metadata.json'), 'utf8')).toContain(lab.subject);
    for (const digest of inputs) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });
});

test('rows that were read as a resource before the freeze decide nothing after it', async () => {
  const { folder, remove } = temporaryWorkspace();
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'a' : 'b'},${(i * 7919) % 101}.25`);
  writeFileSync(path.join(folder, 'rates.csv'), `group,rate\n${rows.join('\n')}\n`);
  const [atlas, lab] = await Promise.all([connect('atlas', folder), connect('lab', folder)]);
  const added = await atlas.call('add_data', { source: 'rates.csv', id: 'rates', options: { kind: 'measured' } });
  const claim = async () => {
    const { value } = await lab.call('record_hypothesis', {
      claim: 'Group a fires more.',
      rivals: ['They fire alike.'],
      predictions: [
        {
          metric: 'mean_difference',
          direction: 'greater',
          measured: { data: 'rates', columns: { value: 'rate', group: 'group' }, groups: ['a', 'b'] },
        },
      ],
    });
    await lab.call('freeze_hypothesis', { hypothesis: value.hypothesis });
    return value.hypothesis;
  };
  const ledger = new Ledger(path.join(folder, '.bregma'), { readOnly: true });
  const { object } = findDataset(ledger, added.value.dataset).tables[0];
  ledger.close();
  await atlas.client.readResource({ uri: `bregma://object/${object}` });
  const late = await lab.fail('test_hypothesis', { hypothesis: await claim(), data: 'rates' });
  expect(late.message).toMatch(/frozen after its evidence was seen: read_resource/);
  await Promise.all([atlas.close(), lab.close()]);
  remove();
});
