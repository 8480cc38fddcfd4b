import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseNpy } from '@bregma/core/npy';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';
import { type Loop, startLoop } from '../fixtures/loop.ts';

// The kept cases of ../shared/cases/evidence, each through the real servers; ceilings and tiny data sets: tools/twin/content.test.ts.
const mirror = process.env.BREGMA_MIRROR;
const cases = [mirror && path.join(mirror, '../cases/evidence'), path.join(root, '../shared/cases/evidence')].find(
  (folder) => folder && existsSync(folder),
);
if (!cases) console.log('Skipped without ../shared/cases/evidence: the evidence cases.');

let loop: Loop;
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, i) => i + from);
const without = (count: number, seen: number[]) => numbers(count).filter((i) => !seen.includes(i));

/** Adds a case's files under an id, as measured data of a person's own. files: other names of its files. */
async function add(id: string, folder: string, files: { stimuli?: string; responses?: string } = {}) {
  mkdirSync(path.join(loop.folder, id), { recursive: true });
  for (const name of ['stimuli', 'responses'] as const)
    copyFileSync(
      path.join(cases ?? '', folder, files[name] ?? `${name}.npy`),
      path.join(loop.folder, id, `${name}.npy`),
    );
  return loop.atlas.call('add_data', adding(id));
}
const adding = (id: string, more: Record<string, unknown> = {}) => ({
  source: id,
  id,
  format: 'stimulus-response',
  options: { stimuli: `${id}/stimuli.npy`, responses: `${id}/responses.npy`, kind: 'measured', ...more },
});

/** A twin of the first half of a data set, and the columns that it did not see. */
async function halfTwin(data: string, kind = 'encoding-pixel') {
  const built = (await loop.twin.call('build_twin', { kind, data, part: 'first-half' })).value;
  const run = (await loop.twin.call('run_twin', { twin: built.twin })).value;
  const seen = within(built.twin);
  return { twin: built.twin as string, unseen: without(run.shape[1], seen) };
}

/** Columns that a twin was fitted on, of its own data. */
function within(twin: string): number[] {
  const workspace = openWorkspace(loop.folder);
  try {
    return workspace.ledger.latest('twin', twin)?.body.fittedOn.indices ?? [];
  } finally {
    workspace.close();
  }
}

/** An array [neuron × stimulus] as a table, a neuron in each column. write: how a value is written. */
function transposedCsv(npy: Uint8Array, write: (value: number) => string): string {
  const { data, shape } = parseNpy(npy);
  const [neurons, stimuli] = shape;
  const rows = numbers(stimuli).map((i) => numbers(neurons).map((neuron) => write(Number(data[neuron * stimuli + i]))));
  return `${[numbers(neurons).map((neuron) => `n${neuron}`), ...rows].map((row) => row.join(',')).join('\n')}\n`;
}

describe.skipIf(!cases)('the evidence cases, through the real servers', () => {
  beforeAll(async () => {
    loop = await startLoop();
  });
  afterAll(() => loop?.close());

  test('c01: a loop over 60 noise images in four columns each supports nothing, over 30 units', async () => {
    const added = await add('dups', 'c01-duplicates');
    expect(JSON.stringify(added.value.warnings)).toContain('180');
    const { twin, unseen } = await halfTwin('dups');
    expect(unseen).toHaveLength(120);
    const { value, n } = await loop.verdict({
      twin,
      subject: 'dups',
      stimuli: unseen,
      claimed: { direction: 'greater', size: 0.3 },
    });
    expect([value.verdict, n]).toEqual([expect.not.stringMatching(/^supported$/), { count: 30, of: 'stimuli' }]);
    expect(value.estimate).toBeLessThan(0.3);
  });

  test('c01b: the same images once each hold nothing either', async () => {
    await add('unique', 'c01b-unique');
    for (const protocol of ['cv5', 'half']) {
      const { value } = await loop.twin.call('validate_twin', { kind: 'encoding-pixel', data: 'unique', protocol });
      expect(Math.abs(value.median.pearson)).toBeLessThan(0.2);
    }
  });

  test('c02: a twin of all of it is not validated, designed for or counted as new on a copy, whatever the copy is called', async () => {
    const twin = await loop.build('unique', { part: 'all' });
    await add('copy', 'c01b-unique');
    await loop.atlas.call('add_data', adding('copy', { unit: 'spikes' }));
    for (const data of ['unique', 'copy']) {
      expect((await loop.twin.fail('validate_twin', { twin, data, protocol: 'heldout' })).code).toBe('conflict');
      const rival = await loop.build('unique', { kind: 'encoding-ridge' });
      expect((await loop.twin.fail('design_experiment', { twins: [twin, rival], data })).code).toBe('conflict');
      expect((await loop.twin.call('run_twin', { twin, data })).value.fittedOn).toBe(60);
    }
  });

  test('c03: eight new images of a later release, 25 columns each, are eight units: no test of them could be decided', async () => {
    await add('rec', 'c03-copies');
    const twin = await loop.build('rec', { part: 'all' });
    await add('rec', 'c03-copies', { stimuli: 'stimuli2.npy', responses: 'responses2.npy' });
    // The first test of a workspace needs 40, which eight could give; c01 was the first one.
    const hypothesis = await loop.freeze([twin], { direction: 'greater', size: 0 });
    const error = await loop.lab.fail('plan_experiment', { hypothesis, subject: 'rec', stimuli: numbers(200, 100) });
    expect(error).toMatchObject({ refusal: 'too-few', message: expect.stringContaining('8 different stimuli') });
  });

  test('c06: a size that no value can miss is refused before it is written down', async () => {
    await add('bright', 'c06-brightness');
    const twins = [await loop.build('bright'), await loop.build('bright', { kind: 'encoding-ridge' })];
    for (const [metric, direction, size] of [
      ['r', 'greater', -1],
      ['r', 'greater', -5],
      ['r', 'equivalent', 3],
      ['r', 'less', -1.2],
      ['r', 'greater', 1],
      ['r', 'less', 1],
      ['r', 'greater', -0.99999],
      ['r', 'less', 0.95],
      ['r', 'equivalent', 0.999],
      ['r_difference', 'greater', -1.9],
      ['r_difference', 'equivalent', 2.5],
    ] as const) {
      const between = metric === 'r' ? twins.slice(0, 1) : twins;
      const error = await loop.lab.fail('record_hypothesis', {
        claim: 'What cannot be otherwise is so.',
        rivals: ['It is otherwise.'],
        predictions: [{ metric, direction, size, between }],
      });
      expect(error.code).toBe('bad-input');
    }
  });

  test('c07: nothing that validations or an experiment showed is evidence for what was frozen after them', async () => {
    await add('noise', 'c07-noise');
    const { twin, unseen } = await halfTwin('noise');
    const before = loop.spends();
    const claimed = { direction: 'greater' as const, size: 0 };
    const early = await loop.freeze([twin], claimed);
    const first = await loop.experiment(early, 'noise', unseen);
    const predictions = await loop.predict(twin);
    const tested = (hypothesis: string, experiment: string) =>
      loop.lab.fail('test_hypothesis', { hypothesis, experiment, twins: [{ twin, predictions }] });
    const late = await loop.freeze([twin], claimed);
    expect(await tested(late, first)).toMatchObject({ refusal: 'after-the-fact' });
    const planned = { hypothesis: late, subject: 'noise', stimuli: unseen };
    expect(await loop.lab.fail('plan_experiment', planned)).toMatchObject({ refusal: 'after-the-fact' });
    const picked = await loop.experiment(early, 'noise', unseen.slice(0, 30));
    expect(await tested(early, picked)).toMatchObject({ refusal: 'chosen-after-the-fact' });
    expect(loop.spends()).toBe(before);
  });

  test('c07: what a validation showed is exposure, also of rivals and before any experiment', async () => {
    await add('shown', 'c08-brightness');
    const { twin, unseen } = await halfTwin('shown');
    await loop.twin.call('validate_twin', { twin, data: 'shown', protocol: 'heldout' });
    const hypothesis = await loop.freeze([twin], { direction: 'greater', size: 0 });
    const error = await loop.lab.fail('plan_experiment', { hypothesis, subject: 'shown', stimuli: unseen });
    expect(error).toMatchObject({ refusal: 'after-the-fact' });
    expect(error.message).toContain('validate_twin');
  });

  test('c12: one, two or three stimuli are refused as a plan: no test of them could be decided', async () => {
    await add('few', 'c12-few-stimuli');
    const { twin, unseen } = await halfTwin('few');
    const hypothesis = await loop.freeze([twin], { direction: 'greater', size: 0 });
    for (const count of [1, 2, 3]) {
      const stimuli = unseen.slice(0, count);
      const error = await loop.lab.fail('plan_experiment', { hypothesis, subject: 'few', stimuli });
      expect(error).toMatchObject({ refusal: 'too-few' });
    }
  });

  test('c19: images that a twin was fitted on are known again in a release with another order', async () => {
    await add('mixed', 'c19-reordered');
    const { twin, unseen } = await halfTwin('mixed');
    await add('mixed', 'c19-reordered', { stimuli: 'stimuli2.npy', responses: 'responses2.npy' });
    const hypothesis = await loop.freeze([twin], { direction: 'greater', size: 0 });
    const error = await loop.lab.fail('plan_experiment', { hypothesis, subject: 'mixed', stimuli: unseen });
    expect(error.message).toContain('was fitted on');
    const { value } = await loop.twin.call('validate_twin', { twin, data: 'mixed', protocol: 'heldout' });
    expect(Math.abs(value.median.pearson)).toBeLessThan(0.25);
    expect(value.domain).toBe('in-domain');
  });

  test('c20: predictions that come back as responses stay predicted, and two seeds of one twin are no rivals', async () => {
    const { twin, unseen } = await halfTwin('bright');
    const object = await loop.predict(twin);
    mkdirSync(path.join(loop.folder, 'circle'), { recursive: true });
    copyFileSync(path.join(cases ?? '', 'c20-circular/stimuli.npy'), path.join(loop.folder, 'circle/stimuli.npy'));
    const workspace = openWorkspace(loop.folder);
    const npy = workspace.objects.get(object);
    writeFileSync(path.join(loop.folder, 'circle/responses.npy'), npy);
    workspace.close();
    const added = await loop.atlas.call('add_data', adding('circle'));
    expect(JSON.stringify(added.value)).toContain('predicted');
    writeFileSync(
      path.join(loop.folder, 'rates.csv'),
      transposedCsv(npy, (value) => (40 + 3 * value).toFixed(4)),
    );
    const table = await loop.atlas.call('add_data', { source: 'rates.csv', options: { kind: 'measured' } });
    expect([table.kind, table.value.warnings]).toEqual([
      'predicted',
      expect.arrayContaining([
        expect.stringMatching(/not measured: act-[0-9a-f]{16} of this workspace made \d+ of its \d+ rows/),
      ]),
    ]);
    const other = (await halfTwin('circle')).twin;
    const hypothesis = await loop.freeze([other], { direction: 'greater', size: 0 });
    const before = loop.spends();
    const experiment = await loop.experiment(hypothesis, 'circle', unseen);
    const twins = [{ twin: other, predictions: await loop.predict(other) }];
    expect(await loop.lab.fail('test_hypothesis', { hypothesis, experiment, twins })).toMatchObject({
      refusal: 'not-measured',
    });
    const seeds = [twin, await loop.build('bright', { part: 'first-half', seed: 7 })];
    expect((await loop.twin.fail('design_experiment', { twins: seeds })).code).toBe('conflict');
    const same = await loop.freeze(seeds, { metric: 'r_difference', direction: 'equivalent', size: 0.001 });
    const trials = await loop.experiment(same, 'bright', unseen);
    const both = await Promise.all(seeds.map(async (one) => ({ twin: one, predictions: await loop.predict(one) })));
    expect(await loop.lab.fail('test_hypothesis', { hypothesis: same, experiment: trials, twins: both })).toMatchObject(
      {
        refusal: 'undecidable',
      },
    );
    expect(loop.spends()).toBe(before);
  });

  test('c21: every verdict of a hypothesis on picked noise stays, whichever came last', async () => {
    await add('status', 'c21-status');
    const { twin, unseen } = await halfTwin('status');
    const predictions = await loop.predict(twin);
    const [wrong, right] = pickedByHand(predictions, unseen);
    const hypothesis = await loop.freeze([twin], { direction: 'greater', size: 0 });
    const plans = [wrong, right].map((stimuli) => ({ hypothesis, subject: 'status', stimuli }));
    const made: string[] = [];
    for (const plan of plans) made.push((await loop.lab.call('plan_experiment', plan)).value.plan);
    const verdicts: string[] = [];
    let last: Record<string, unknown> = {};
    for (const plan of made) {
      loop.approve(plan);
      const { experiment } = (await loop.lab.call('run_experiment', { plan })).value;
      const asked = { hypothesis, experiment, twins: [{ twin, predictions }] };
      last = (await loop.lab.call('test_hypothesis', asked)).value;
      verdicts.push(String(last.verdict));
    }
    expect(verdicts).not.toEqual(['inconclusive', 'inconclusive']);
    const decided = [...new Set(verdicts)].filter((verdict) => verdict !== 'inconclusive');
    const stands = decided.length === 2 ? 'contradictory' : decided[0];
    expect(last.status).toBe(stands);
    expect(last.verdicts).toEqual(verdicts.map((verdict) => expect.stringMatching(`^${verdict} by tst-`)));
    const { value } = await loop.lab.call('find_records', { kind: 'hypothesis', query: hypothesis });
    expect(value.records[0].status).toMatch(new RegExp(`^${stands}`));
  });

  test.each([
    ['1d.npy', false],
    ['4d.npy', false],
    ['complex.npy', false],
    ['object.npy', false],
    ['transposed.npy', false],
    ['inf.npy', false],
    ['empty.npy', false],
    ['f2.npy', true],
    ['fortran.npy', true],
    ['big-endian.npy', true],
    ['strided.npy', true],
    ['f4-fortran-3d.npy', true],
    ['bool.npy', true],
    ['u1.npy', true],
    ['i8.npy', true],
  ])('c23: responses in %s are read: %s', async (responses, read) => {
    const id = `npy-${responses.slice(0, -4)}`;
    mkdirSync(path.join(loop.folder, id));
    copyFileSync(path.join(cases ?? '', 'c23-npy/stimuli.npy'), path.join(loop.folder, id, 'stimuli.npy'));
    copyFileSync(path.join(cases ?? '', 'c23-npy', responses), path.join(loop.folder, id, 'responses.npy'));
    if (read) expect((await loop.atlas.call('add_data', adding(id))).value.dataset).toContain(id);
    else expect((await loop.atlas.fail('add_data', adding(id))).code).toMatch(/^(bad-input|damaged|corrupt)$/);
  });
});

/** Stimuli of pure noise at which responses go against a twin, and as many others at which they go with it: what a hand can do. */
function pickedByHand(object: string, unseen: number[]): [number[], number[]] {
  const workspace = openWorkspace(loop.folder);
  const predicted = parseNpy(workspace.objects.get(object));
  workspace.close();
  const measured = parseNpy(readFileSync(path.join(cases ?? '', 'c21-status/responses.npy')));
  const [neurons, columns] = measured.shape;
  const agreements = (among: number[]) => {
    const row = (array: typeof measured, neuron: number) =>
      standard(among.map((stimulus) => Number(array.data[neuron * columns + stimulus])));
    const sums = new Float64Array(among.length);
    for (let neuron = 0; neuron < neurons; neuron++) {
      const [a, y] = [row(predicted, neuron), row(measured, neuron)];
      if (a.some(Number.isNaN)) continue;
      for (let i = 0; i < among.length; i++) sums[i] += a[i] * y[i];
    }
    return sums;
  };
  /** Leaves out, one after the other, the stimulus that agrees most (or least), until `keep` are left. */
  const pick = (among: number[], side: 1 | -1, keep: number): number[] => {
    let left = among;
    while (left.length > keep) {
      const sums = agreements(left).map((sum) => side * sum);
      const worst = sums.indexOf(Math.max(...sums));
      left = left.filter((_, i) => i !== worst);
    }
    return left;
  };
  const wrong = pick(unseen, 1, 30);
  return [
    wrong,
    pick(
      unseen.filter((stimulus) => !wrong.includes(stimulus)),
      -1,
      30,
    ),
  ];
}

function standard(values: number[]): number[] {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
  // A prediction that does not vary, but for rounding, tells nothing.
  return values.map((value) => (sd > 1e-9 * Math.max(1, Math.abs(centre)) ? (value - centre) / sd : Number.NaN));
}
