import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect } from '../../fixtures/client.ts';
import { type Laboratory, laboratory } from './laboratory.ts';

let lab: Laboratory;
let server: Connection;
beforeAll(async () => {
  lab = laboratory();
  server = await connect('lab', lab.folder);
});
afterAll(async () => {
  await server?.close();
  lab?.close();
});

const say = async (claim: string, more: Record<string, unknown> = {}): Promise<string> =>
  (await server.call('record_hypothesis', { ...lab.claim, claim, ...more })).value.hypothesis;
const status = async (id: string) =>
  (await server.call('find_records', { kind: 'hypothesis', query: id })).value.records[0].status;

test('an edited draft is superseded by its new wording; recording the old words as an edit makes them current again', async () => {
  const first = await say('The first wording of it.');
  const second = await say('The second wording of it.', { replaces: first });
  expect([await status(first), await status(second)]).toEqual(['superseded', 'draft']);
  expect(await say('The first wording of it.', { replaces: second })).toBe(first);
  expect([await status(first), await status(second)]).toEqual(['draft', 'superseded']);
});

test('what a draft replaces is not part of what freezing fixes: same words, same id and digest', async () => {
  const before = await say('An early wording of this.');
  const after = await say('The late wording of this.', { replaces: before });
  const { value: frozen } = await server.call('freeze_hypothesis', { hypothesis: after });
  const again = await server.call('record_hypothesis', { ...lab.claim, claim: 'The late wording of this.' });
  expect(again.value).toMatchObject({ hypothesis: after, digest: frozen.digest, status: 'frozen' });
  expect(lab.workspace.ledger.latest('hypothesis', after)?.body.replaces).toBeUndefined();
});

test('a frozen hypothesis is not edited: the refusal names supersedes', async () => {
  const id = await say('A wording that is frozen soon.');
  await server.call('freeze_hypothesis', { hypothesis: id });
  const error = await server.fail('record_hypothesis', { ...lab.claim, claim: 'Another wording of it.', replaces: id });
  expect(error).toMatchObject({ code: 'conflict' });
  expect(error.next).toContain('supersedes');
  expect(await server.fail('record_hypothesis', { ...lab.claim, replaces: 'hyp-0000000000000000' })).toMatchObject({
    code: 'unknown-name',
  });
});
