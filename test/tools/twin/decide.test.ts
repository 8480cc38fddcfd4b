import { parseNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { addRecording, cornerNeurons, noiseImages } from '../../fixtures/recording.ts';

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

describe('a decision is worth what it is worth, whichever rival is better', () => {
  const decide = async (args: Record<string, unknown>) => (await twin.call('value_decision', args)).value;

  test('a worse rival needs more candidates, an equal one as many, a better one fewer', async () => {
    const worse = await decide({ validity: 0.6, rival: 0.4 });
    const better = await decide({ validity: 0.4, rival: 0.6 });
    expect(worse.candidatesFactor).toBeGreaterThan(1);
    expect(better.candidatesFactor).toBeLessThan(1);
    expect(better.means).toContain('validity 0.6 is better than 0.4');
    const same = await decide({ validity: 0.4, rival: 0.4 });
    expect([same.candidatesFactor, same.means]).toEqual([1, expect.stringContaining('the same')]);
    // What the better rival needs makes its best one exactly as likely to be good.
    const few = Math.round(1000 * better.candidatesFactor);
    const there = await decide({ validity: 0.6, candidates: few });
    expect(there.bestIsGood).toBeCloseTo(better.bestIsGood, 2);
  });

  test('says how many candidates were too few', async () => {
    const value = await decide({ validity: 0.9, rival: 0, candidates: 1_000_000 });
    expect([value.candidatesFactor, value.means]).toEqual([null, expect.stringContaining('not even 1000000000000')]);
  });

  test('answers in counts', async () => {
    const value = await decide({ validity: 0.5, chosen: 0.004, candidates: 5000, prior: 0.1 });
    expect(value.inCounts).toMatch(/^of the 20 that you take of 5000, about [\d.]+ are good; .* about 2 by chance$/);
    expect(value.ppv * 20).toBeGreaterThan(2);
  });
});

describe('a design', () => {
  const count = 60;
  const images = noiseImages(count, 'design');
  const single = cornerNeurons(images, count, 'design', 6, 1);
  const pair: string[] = [];
  beforeAll(async () => {
    // Three repeats; neuron 1 answers each alike, the others scatter by 0.5.
    const random = makeRandom('scatter');
    const responses = Float64Array.from({ length: 6 * count * 3 }, (_, at) => {
      const cell = Math.floor(at / 3);
      return single[cell] + (cell < count ? 0 : 0.5 * random.normal());
    });
    await addRecording(atlas, space.folder, 'repeated', { images, side: 16, responses, shape: [6, count, 3] });
    await addRecording(atlas, space.folder, 'once', { images, side: 16, responses: single, shape: [6, count] });
    for (const kind of ['encoding-pixel', 'encoding-ridge']) {
      const { value } = await twin.call('build_twin', { kind, data: 'repeated', part: 'first-half' });
      pair.push(value.twin);
    }
  });

  test('leaves out, and says so, a neuron whose trials never varied', async () => {
    const { value, n } = await twin.call('design_experiment', { twins: pair });
    expect(n).toEqual({ count: 5, of: 'neurons' });
    expect(value.neuronsLeftOut).toMatch(/^1 of 6:/);
    expect(value.gainNats.best).toBeGreaterThan(0);
  });

  test('is the same whichever twin is named first, also where their noise was learned without repeats', async () => {
    for (const data of ['repeated', 'once']) {
      const twins: string[] = [];
      for (const kind of ['encoding-pixel', 'encoding-ridge'])
        twins.push((await twin.call('build_twin', { kind, data, part: 'first-half' })).value.twin);
      const [one, two] = [
        await twin.call('design_experiment', { twins }),
        await twin.call('design_experiment', { twins: [...twins].reverse() }),
      ];
      expect(two.value.ranking).toEqual(one.value.ranking);
      expect(two.value.gainNats).toEqual(one.value.gainNats);
    }
  });

  test('is refused where the twins predict the same', async () => {
    const build = async (seed: number) =>
      (await twin.call('build_twin', { kind: 'encoding-pixel', data: 'repeated', part: 'first-half', seed })).value
        .twin;
    const error = await twin.fail('design_experiment', { twins: [await build(1), await build(2)] });
    expect([error.code, error.message]).toEqual(['conflict', expect.stringContaining('predict the same')]);
  });

  test('learns the noise of a trial from rows that were left out, not from the residual of the fit', async () => {
    // Pure noise of variance 4 and more features than rows: the residual of such a fit is nearly nothing.
    const random = makeRandom('pure');
    const responses = Float64Array.from({ length: 6 * count }, () => 2 * random.normal());
    await addRecording(atlas, space.folder, 'pure', { images, side: 16, responses, shape: [6, count] });
    const { value } = await twin.call('build_twin', { kind: 'encoding-ridge', data: 'pure' });
    expect(value.summary.noise).toContain('left out in turn');
    const variance = varianceOf(value);
    for (const one of variance) expect(one).toBeGreaterThan(2);
    expect(Math.max(...variance)).toBeLessThan(8);
  });
});

function varianceOf(value: { files: { name: string; object: string }[] }): Float64Array {
  const store = openWorkspace(space.folder);
  try {
    const file = value.files.find(({ name }) => name === 'trial-variance.npy');
    return parseNpy(store.objects.get(file?.object ?? '')).data as Float64Array;
  } finally {
    store.close();
  }
}
