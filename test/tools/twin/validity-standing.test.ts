import type { ValidityRecord } from '@bregma/core/contracts/validity';
import { parseNpy } from '@bregma/core/npy';
import { retests } from '@bregma/core/validity/retests';
import { standings } from '@bregma/core/validity/standing';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { addRecording, cornerNeurons, noiseImages } from '../../fixtures/recording.ts';

const side = 16;
const count = 60;
const names = ['upper left', 'lower left', 'upper right', 'lower right'];
const space = temporaryWorkspace();
let atlas: Connection;
let twin: Connection;
let lab: Connection;
let workspace: ReturnType<typeof openWorkspace>;
/** The twin of one half of `corners`, whose validity on the other half is on record. */
let fitted: string;

const record = (id: string, images: Uint8Array, seed: string, options: Record<string, unknown> = {}) => {
  const shown = images.length / (side * side * 3);
  const responses = cornerNeurons(images, shown, seed);
  return addRecording(
    atlas,
    space.folder,
    id,
    { images, side, responses, shape: [4, shown] },
    { neurons: names, ...options },
  );
};
const judge = (more: Record<string, unknown> = {}) =>
  twin.call('validate_twin', { twin: fitted, data: 'corners', protocol: 'heldout', ...more });
const cards = async () => (await twin.call('find_twins')).value;
const validityOf = async (id: string) =>
  // biome-ignore lint/suspicious/noExplicitAny: the answer is what is tested
  (await cards()).twins.find((one: any) => one.twin === id).validity;

beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  twin = await connect('twin', space.folder);
  lab = await connect('lab', space.folder);
  await record('corners', noiseImages(count, 'corners'), 'first day', { subject: 'Ada' });
  const built = await twin.call('build_twin', { kind: 'encoding-pixel', data: 'corners', part: 'first-half' });
  fitted = built.value.twin;
  workspace = openWorkspace(space.folder);
});
afterAll(async () => {
  workspace.close();
  for (const one of [atlas, twin, lab]) await one.close();
  space.remove();
});

test('a validity is on the card, says on which neurons it was fitted, and stands', async () => {
  const { value } = await judge();
  expect(value).toMatchObject({ domain: 'in-domain', fittedOnTheseNeurons: true });
  expect(value.judged).toContain('this twin');
  const [found, ...more] = await validityOf(fitted);
  expect(more).toEqual([]);
  expect(found).toMatchObject({ r: value.median.pearson, n: 4, of: 'neurons', protocol: 'heldout', judged: 'twin' });
  expect(found).not.toHaveProperty('stale');
  expect(await cards()).not.toHaveProperty('retests');
  const { nodes, edges } = (await lab.call('trace_claim', { id: found.validity })).value;
  const place = (kind: string) => nodes.findIndex((node: { kind: string }) => node.kind === kind);
  expect(edges).toContainEqual([place('twin'), place('validity'), 'judged']);
});

test('stimuli of other recordings, other animals, chosen and made ones are judged apart', async () => {
  const noise = (seed: string) => noiseImages(count, seed);
  const made = await twin.call('design_experiment', {
    twins: [fitted],
    synthesise: { goal: 'exciting', neurons: [0, 1, 2], steps: 3, starts: 3 },
  });
  const stack = Uint8Array.from(parseNpy(workspace.objects.get(made.value.stimuli.object)).data, Number);
  const mixed = new Uint8Array([...noise('second day').subarray(0, 20 * side * side * 3), ...stack]);
  await record('second-day', mixed, 'second day', { subject: 'Ada' });
  const day = (await judge({ data: 'second-day' })).value;
  expect([day.domain, day.tested.stimuli]).toEqual(['other recording', 20]);
  expect(day.apart).toHaveLength(1);
  expect(day.apart[0]).toMatchObject({
    domain: 'synthetic images',
    stimuli: stack.length / (side * side * 3),
    of: 'neurons',
  });
  expect(day.perUnit.object).not.toBe(day.apart[0].perUnit.object);
  await record('other-animal', noise('other animal'), 'other animal', { subject: 'Bob' });
  expect((await judge({ data: 'other-animal' })).value).toMatchObject({ domain: 'other animal' });
  const rival = (
    await twin.call('build_twin', {
      kind: 'encoding-ridge',
      data: 'corners',
      part: 'first-half',
      options: { levels: 1 },
    })
  ).value.twin;
  const design = await twin.call('design_experiment', { twins: [fitted, rival], count: 12 });
  const picked: number[] = JSON.parse(workspace.objects.get(design.value.stimuli.object).toString('utf8'));
  const size = side * side * 3;
  const first = noise('corners');
  const again = picked.flatMap((at) => [...first.subarray(at * size, (at + 1) * size)]);
  await record('chosen', Uint8Array.from([...again, ...noise('beside')]), 'third day', { subject: 'Ada' });
  const chosen = (await judge({ data: 'chosen' })).value;
  expect([chosen.domain, chosen.apart.map((one: { domain: string }) => one.domain)]).toEqual([
    'other recording',
    ['chosen images'],
  ]);
  expect(
    (await validityOf(fitted)).find(({ data }: { data: string }) => data.startsWith('chosen@')).apart,
  ).toHaveLength(1);
});

/** As the server sees them: this process may be of other code than the one that was built. */
const now = () => standings(workspace.ledger, workspace.ledger.list('validity')[0].body.rests.code);
const ofTwin = () => now().filter(({ record: { subject } }) => subject === fitted);
const standing = () => ofTwin().find(({ record: { body } }) => body.data.startsWith('corners@'));
/** Puts on record what other code said of the twin: one more record for each that there is. */
const saidBy = async (code: string, change: (body: ValidityRecord) => ValidityRecord) => {
  for (const { record: one } of ofTwin()) {
    const body = change(one.body);
    await workspace.ledger.append([
      { kind: 'validity', subject: fitted, body: { ...body, rests: { ...body.rests, code } } },
    ]);
  }
};

describe('a validity goes stale when', () => {
  test('the code changed, and one re-test that gives the same bytes clears all of its kind and protocol', async () => {
    const stale = standings(workspace.ledger, 'newer');
    expect(stale.map((one) => one.stale.map(({ what }) => what))).toEqual([['code'], ['code'], ['code'], ['code']]);
    const [call, ...more] = retests(stale, workspace.ledger);
    expect([more, call.tool, call.clears.length, call.ifSame?.length]).toEqual([[], 'validate_twin', 1, 3]);
    const { body } = workspace.ledger.list('validity').find(({ id }) => id === call.clears[0])!;
    const retested = { ...body, rests: { ...body.rests, code: 'newer' } };
    await workspace.ledger.append([{ kind: 'validity', subject: fitted, body: retested }]);
    const newer = standings(workspace.ledger, 'newer');
    expect(newer.flatMap((one) => one.stale)).toEqual([]);
    expect(newer.filter(({ confirmedBy }) => confirmedBy)).toHaveLength(3);
  });

  test('the code changed, and cards and traces say so; a re-test that gives other bytes leaves all others to be tested', async () => {
    await saidBy('0.0.9+before', (body) => ({ ...body, seed: 7, perUnit: 'f'.repeat(64) }));
    const before = (await validityOf(fitted)).filter((one: object) => 'stale' in one);
    expect(before).toHaveLength(4);
    expect(before[0].stale[0]).toMatch(/^code: judged by 0\.0\.9\+before; this is /);
    const { retests: calls } = await cards();
    expect([calls.length, calls[0].ifSame.length]).toEqual([1, 3]);
    const traced = (await lab.call('trace_claim', { id: fitted })).value;
    expect([traced.stale.length, traced.retests]).toEqual([4, calls]);
    await twin.call(calls[0].tool, calls[0].arguments);
    const after = (await validityOf(fitted)).filter((one: object) => 'stale' in one);
    expect(after).toHaveLength(3);
    expect(after[0].stale[0]).toContain('found something else');
    const next = (await cards()).retests;
    expect(next).toHaveLength(3);
    for (const call of next) await twin.call(call.tool, call.arguments);
    expect(await cards()).not.toHaveProperty('retests');
  });

  test('weights changed: the same twin, made anew, has others', async () => {
    await judge();
    const card = workspace.ledger.latest('twin', fitted)!.body;
    const other = {
      ...card,
      id: 'twin-ffffffffffffffff',
      files: card.files.map((file) => ({ ...file, object: 'e'.repeat(64) })),
    };
    await workspace.ledger.append([{ kind: 'twin', subject: other.id, body: other }]);
    const found = standing()!;
    expect(found.stale).toMatchObject([{ what: 'weights', because: expect.stringContaining(other.id) }]);
    expect(retests([found], workspace.ledger)).toMatchObject([
      { tool: 'validate_twin', arguments: { twin: other.id } },
    ]);
    // The old bytes again are the newest: what was judged is what there is.
    await twin.call('build_twin', { kind: 'encoding-pixel', data: 'corners', part: 'first-half' });
    expect(standing()!.stale).toEqual([]);
  });

  test('a newer release and other names of neurons: the twin is built again first, once for all that need it', async () => {
    await twin.call('validate_twin', { kind: 'encoding-pixel', data: 'corners', protocol: 'cv5' });
    await record('corners', noiseImages(count, 'corners'), 'measured anew', {
      subject: 'Ada',
      neurons: names.toReversed(),
    });
    const found = now().filter(({ record: { body } }) => body.data.startsWith('corners@'));
    // The twin by two seeds, and the kind.
    expect(found.map(({ stale }) => stale.map(({ what }) => what))).toEqual(new Array(3).fill(['release', 'mapping']));
    const calls = retests(now(), workspace.ledger);
    // Four recordings judged the twin by two seeds: built once, judged by each; the kind is judged by itself.
    expect(calls.map(({ tool }) => tool).filter((tool) => tool === 'build_twin')).toHaveLength(1);
    expect(calls[0]).toMatchObject({ tool: 'build_twin', arguments: { part: 'first-half', kind: 'encoding-pixel' } });
    expect(calls[0].clears).toHaveLength(8);
    expect(calls).toHaveLength(1 + 8 + 1);
    const newest = (await atlas.call('find_data', { query: 'corners' })).value;
    expect(JSON.stringify(newest)).toContain(String(calls[0].arguments.data));
  });
});

test('the objects that a validity names are there', () => {
  for (const { record: one } of now().filter(({ record: { body } }) => body.seed === 0))
    expect(JSON.parse(workspace.objects.get(one.body.perUnit).toString('utf8'))).toHaveLength(4);
});
