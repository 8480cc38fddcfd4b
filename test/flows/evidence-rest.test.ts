import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeRandom } from '@bregma/core/statistics/random';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Loop, startLoop } from '../fixtures/loop.ts';
import { addRecording, cornerNeurons, noiseImages } from '../fixtures/recording.ts';
import { addSimulatedWiring, simulateWorm, writeResponses } from '../fixtures/simulated-worm.ts';

// Evidence cases whose inputs are described and not kept in ../shared/cases/evidence; the others: evidence-cases.test.ts.
const side = 8;
let loop: Loop;
beforeAll(async () => {
  loop = await startLoop();
});
afterAll(() => loop?.close());

/** Columns that a twin was not fitted on. */
function unseenBy(twin: string, count: number): number[] {
  const workspace = openWorkspace(loop.folder);
  const fitted = new Set<number>(workspace.ledger.latest('twin', twin)?.body.fittedOn.indices);
  workspace.close();
  return Array.from({ length: count }, (_, i) => i).filter((i) => !fitted.has(i));
}

test('c05: no verdict goes against its own estimate, where one neuron was measured often and eight at six stimuli', async () => {
  const [count, neurons] = [128, 9];
  const images = noiseImages(count, 'c05', side);
  const shape = [neurons, count];
  const add = (id: string, responses: Float64Array) =>
    addRecording(loop.atlas, loop.folder, id, { images, side, responses, shape });
  const responses = cornerNeurons(images, count, 'c05', neurons, 0.2);
  await add('first', responses);
  // The half is drawn from the images, so that it is known before the responses are.
  const unseen = unseenBy(await loop.build('first', { part: 'first-half' }), count);
  for (let neuron = 1; neuron < neurons; neuron++)
    for (const [k, i] of unseen.entries())
      responses[neuron * count + i] = k % 10 === 0 && k < 60 ? -responses[neuron * count + i] : Number.NaN;
  await add('unbalanced', responses);
  const twin = await loop.build('unbalanced', { part: 'first-half' });
  const { value, uncertainty } = await loop.verdict({
    twin,
    subject: 'unbalanced',
    stimuli: unseen,
    claimed: { direction: 'greater', size: 0 },
  });
  expect(value.estimate).toBeLessThan(0);
  expect(value.verdict).not.toBe('supported');
  const { low, high } = uncertainty;
  expect(low >= -1 && low <= value.estimate && value.estimate <= high && high <= 1).toBe(true);
});

test('c13: a neuron that never scatters takes no part and is told, and the order of two twins changes no gain', async () => {
  const count = 60;
  const images = noiseImages(count, 'c13', side);
  const tuned = cornerNeurons(images, count, 'c13', 3, 0);
  const random = makeRandom('c13');
  const responses = Float64Array.from({ length: 3 * count * 2 }, (_, i) =>
    i < 2 * count ? Math.round(tuned[i >> 1]) : tuned[i >> 1] + 2 * random.normal(),
  );
  await addRecording(loop.atlas, loop.folder, 'exact', { images, side, responses, shape: [3, count, 2] });
  const twins = [
    await loop.build('exact', { part: 'first-half' }),
    await loop.build('exact', { part: 'first-half', kind: 'encoding-ridge' }),
  ];
  const [one, other] = await Promise.all(
    [twins, twins.toReversed()].map((pair) => loop.twin.call('design_experiment', { twins: pair })),
  );
  expect(one.value.neuronsLeftOut).toMatch(/^1 of 3/);
  expect(one.n).toEqual({ count: 2, of: 'neurons' });
  expect(one.value.ranking).toEqual(other.value.ranking);
  expect(one.value.gainNats).toEqual(other.value.gainNats);
});

test('c14: a better rival needs fewer candidates, an equal one as many, and the answer is in counts', async () => {
  const better = (await loop.twin.call('value_decision', { validity: 0.4, rival: 0.6 })).value;
  expect(better.candidatesFactor).toBeLessThan(1);
  expect(better.means).toContain('is better than');
  const equal = (await loop.twin.call('value_decision', { validity: 0.4, rival: 0.4 })).value;
  expect([equal.candidatesFactor, equal.means]).toEqual([1, expect.stringContaining('the same')]);
  expect(equal.inCounts).toMatch(/^of the 10 that you take of 1000/);
});

test('c15: a delay that is no whole number of steps is rounded as Brian2 does, and said', async () => {
  writeFileSync(path.join(loop.folder, 'edges.csv'), 'pre,post,weight\nA,B,400\n');
  writeFileSync(path.join(loop.folder, 'cells.csv'), 'id,transmitter\nA,acetylcholine\nB,acetylcholine\n');
  await loop.atlas.call('add_data', {
    source: 'chain',
    id: 'chain',
    format: 'connectome',
    options: { edges: 'edges.csv', neurons: 'cells.csv' },
  });
  const spikesAfter = async (delay: number) => {
    const twin = await loop.build('chain', { kind: 'lif-connectome', options: { delay_ms: delay } });
    const { value } = await loop.twin.call('run_twin', {
      twin,
      perturb: { activate: [{ neurons: 'A', rate_hz: 10_000 }] },
      readout: ['B'],
      trials: 1,
      duration_ms: 60,
      backend: 'wasm-f64',
      controls: 0,
    });
    return JSON.stringify(value);
  };
  // Brian2 2.9.0 delivers after 1.7 ms, 17 steps of 0.1: 1.65 / 0.1 is 16.4999… in f64.
  expect(await spikesAfter(1.65)).toContain('the delay of 1.65 ms is simulated as 1.7 ms');
  expect(await spikesAfter(1.7)).not.toContain('is simulated as');
});

test('c16, c24: a causal twin is not validated on a copy of what it was fitted on, and a rival without connections costs no budget', async () => {
  const worm = simulateWorm({ pairs: 16 });
  await addSimulatedWiring(loop.folder, worm);
  const add = (id: string, prefix: string) =>
    loop.atlas.call('add_data', {
      source: id,
      id,
      format: 'causal-responses',
      options: { ...writeResponses(loop.folder, worm, prefix), kind: 'measured' },
    });
  await add('worm', 'own-');
  await add('worm-again', 'again-');
  const options = { connectome: 'simulated-wiring', neuropeptide: false, monoamine: false, ridge: 5, margin: 5 };
  const build = (more: Record<string, unknown>, own = {}) =>
    loop.build('worm', { kind: 'connectome-dynamics', options: { ...options, ...own }, ...more });
  const asked = { twin: await build({}), data: 'worm-again', protocol: 'heldout', controls: 2 };
  expect((await loop.twin.fail('validate_twin', asked)).code).toBe('conflict');
  const twins = [await build({ part: 'first-half' }), await build({ part: 'first-half' }, { wiring: 'none' })];
  const stimuli = unseenBy(twins[0], worm.names.length);
  const hypothesis = await loop.freeze(twins, { metric: 'r_difference', direction: 'greater', size: 0 });
  const before = loop.spends();
  const experiment = await loop.experiment(hypothesis, 'worm', stimuli);
  const given = await Promise.all(twins.map(async (twin) => ({ twin, predictions: await loop.predict(twin) })));
  expect(await loop.lab.fail('test_hypothesis', { hypothesis, experiment, twins: given })).toMatchObject({
    refusal: 'undecidable',
  });
  expect(loop.spends()).toBe(before);
});

test('c22: the same responses with their neurons in reverse are the same evidence, and neurons of others are no subject', async () => {
  const [count, neurons] = [100, 6];
  const images = noiseImages(count, 'c22', side);
  const responses = cornerNeurons(images, count, 'c22', neurons, 0.2);
  const reversed = Float64Array.from(
    Array.from({ length: neurons }, (_, i) =>
      Array.from(responses.subarray((neurons - 1 - i) * count, (neurons - i) * count)),
    ).flat(),
  );
  const shape = [neurons, count];
  await addRecording(loop.atlas, loop.folder, 'order', { images, side, responses, shape });
  const twin = await loop.build('order', { part: 'first-half' });
  const stimuli = unseenBy(twin, count);
  const { value } = await loop.verdict({
    twin,
    subject: 'order',
    stimuli,
    claimed: { direction: 'greater', size: 0 },
  });
  expect(value.estimate).toBeGreaterThan(0.3);
  // Names that only count do not make a neuron of another one.
  const names = path.join(loop.folder, 'names.csv');
  writeFileSync(names, ['name', ...Array.from({ length: neurons }, (_, i) => `${i + 1}`)].join('\n'));
  await addRecording(
    loop.atlas,
    loop.folder,
    'order',
    { images, side, responses: reversed, shape },
    { neurons: 'names.csv' },
  );
  const held = await loop.twin.call('validate_twin', { twin, data: 'order', protocol: 'heldout' });
  expect(held.value.median.pearson).toBeGreaterThan(0.3);
  const again = await loop.freeze([twin], { direction: 'greater', size: 0 });
  const planned = { hypothesis: again, subject: 'order', stimuli };
  expect(await loop.lab.fail('plan_experiment', planned)).toMatchObject({ refusal: 'after-the-fact' });
  const random = makeRandom('others');
  const others = Float64Array.from({ length: neurons * count }, () => random.normal());
  await addRecording(loop.atlas, loop.folder, 'others', { images, side, responses: others, shape });
  const error = await loop.lab.fail('plan_experiment', { ...planned, subject: 'others' });
  expect(error.message).toContain('nothing shows that');
});
