import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Loop, startLoop } from '../fixtures/loop.ts';
import { addRecording, cornerNeurons, noiseImages } from '../fixtures/recording.ts';
import { addSimulatedWiring, simulateWorm, writeResponses } from '../fixtures/simulated-worm.ts';
import { addWiring } from '../fixtures/wiring.ts';

// What an answer must say beside its number, so that nobody takes it for more than it is.
let loop: Loop;
beforeAll(async () => {
  loop = await startLoop();
});
afterAll(() => loop?.close());

test('silencing answers with both levels, and so many controls with the smallest p that they can give', async () => {
  await addWiring(loop.atlas, loop.folder, 'circuit', {
    neurons: ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => [name, 'cell', 'ACh']),
    edges: [
      ['A', 'B', 120],
      ['A', 'C', 120],
      ['B', 'D', 120],
      ['C', 'D', 120],
      ['E', 'F', 120],
    ],
  });
  const twin = await loop.build('circuit', { kind: 'lif-connectome' });
  const { value } = await loop.twin.call('run_twin', {
    twin,
    perturb: { activate: [{ neurons: 'A', rate_hz: 100 }], silence: [{ neurons: ['B'] }] },
    readout: ['D'],
    trials: 10,
    controls: 5,
  });
  const { mean, perturbed, baseline } = value.effect;
  expect(baseline).toBeGreaterThan(perturbed);
  expect(perturbed - baseline).toBeCloseTo(mean, 3);
  const { of, smallestP } = value.controls.rewired;
  expect(smallestP).toBeCloseTo(1 / (of + 1), 5);
});

test('a causal twin says how many of the stimulations that it is asked about it was fitted on', async () => {
  const worm = simulateWorm({ pairs: 15 });
  await addSimulatedWiring(loop.folder, worm);
  const n = worm.names.length;
  const responses = worm.responses.slice();
  // Recorded, and never stimulated.
  for (let row = 0; row < n; row++) responses[row * n] = Number.NaN;
  await loop.atlas.call('add_data', {
    source: 'worm',
    id: 'worm',
    format: 'causal-responses',
    options: { ...writeResponses(loop.folder, { names: worm.names, responses }), kind: 'measured' },
  });
  const options = { connectome: 'simulated-wiring', neuropeptide: false, monoamine: false, ridge: 5, margin: 5 };
  const fittedOn = async (twin: string, asked: object) =>
    (await loop.twin.call('run_twin', { twin, ...asked })).value.fittedOn;
  const all = await loop.build('worm', { kind: 'connectome-dynamics', options });
  expect(await fittedOn(all, { stimulate: [worm.names[0]] })).toBe('0 of 1 stimulated neurons');
  expect(await fittedOn(all, { stimulate: [worm.names[1]] })).toBe('1 of 1 stimulated neurons');
  expect(await fittedOn(all, {})).toBe(`${n - 1} of ${n} stimulated neurons`);
  const half = await loop.build('worm', { kind: 'connectome-dynamics', part: 'first-half', options });
  const ofHalf = Number(/^(\d+) of/.exec(await fittedOn(half, {}))?.[1]);
  expect(ofHalf).toBeGreaterThanOrEqual(10);
  expect(ofHalf).toBeLessThan(n - 1);
});

test('a data set is no twin, and a single response of each stimulus is not called a presentation', async () => {
  const images = noiseImages(60, 'said', 8);
  const responses = cornerNeurons(images, 60, 'said');
  await addRecording(loop.atlas, loop.folder, 'said', { images, side: 8, responses, shape: [4, 60] });
  const prediction = { metric: 'r', direction: 'greater', size: 0, between: ['said'] };
  const claim = { claim: 'The recording predicts itself.', rivals: ['It does not.'], predictions: [prediction] };
  expect((await loop.lab.fail('record_hypothesis', claim)).message).toContain('said is a data set, not a twin');
  const twin = await loop.build('said', { part: 'first-half' });
  const hypothesis = await loop.freeze([twin], { direction: 'greater', size: 0 });
  const workspace = openWorkspace(loop.folder);
  const fitted = new Set<number>(workspace.ledger.latest('twin', twin)?.body.fittedOn.indices);
  workspace.close();
  const stimuli = Array.from({ length: 60 }, (_, i) => i).filter((i) => !fitted.has(i));
  const { value } = await loop.lab.call('plan_experiment', { hypothesis, subject: 'said', stimuli });
  expect(value.would).toContain('single presentations or means of several: the data do not say');
});
