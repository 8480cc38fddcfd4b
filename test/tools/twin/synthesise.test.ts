import { parseNpy } from '@bregma/core/npy';
import { openWorkspace } from '@bregma/core/workspace';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { addRecording, cornerNeurons, noiseImages } from '../../fixtures/recording.ts';

const side = 16;
const count = 120;
const space = temporaryWorkspace();
let atlas: Connection;
let twin: Connection;
let data: string;
const twins: Record<string, string> = {};
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  twin = await connect('twin', space.folder);
  const images = noiseImages(count, 'synthesis', side);
  const responses = cornerNeurons(images, count, 'synthesis');
  data = await addRecording(atlas, space.folder, 'corners', { images, side, responses, shape: [4, count] });
  for (const kind of ['encoding-pixel', 'encoding-ridge'])
    twins[kind] = (await twin.call('build_twin', { kind, data })).value.twin;
});
afterAll(async () => {
  await atlas.close();
  await twin.close();
  space.remove();
});

function objectOf(digest: string): Uint8Array {
  const workspace = openWorkspace(space.folder);
  try {
    return workspace.objects.get(digest);
  } finally {
    workspace.close();
  }
}

/** Mean grey level of each quarter of a picture: upper left, lower left, upper right, lower right, as the neurons lie. */
function quarters(digest: string): number[] {
  const { width, height, data: pixels } = PNG.sync.read(Buffer.from(objectOf(digest)));
  const sums = [0, 0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      sums[Number(y >= height / 2) + 2 * Number(x >= width / 2)] += pixels[4 * (y * width + x)];
  return sums.map((sum) => sum / ((width * height) / 4));
}

const design = (more: Record<string, unknown>, of = [twins['encoding-pixel']]) =>
  twin.call('design_experiment', { twins: of, synthesise: { steps: 12, ...more } });

describe('images for a neuron', () => {
  test('that excite it are bright where it looks, those that suppress it dark', async () => {
    const exciting = await design({ goal: 'exciting', neurons: [0, 3], contrast: 40 });
    const suppressing = await design({ goal: 'suppressing', neurons: [0], contrast: 40 });
    expect(exciting.kind).toBe('predicted');
    const [first, fourth] = exciting.value.images.map(({ png }: { png: string }) => quarters(png));
    expect(first[0]).toBe(Math.max(...first));
    expect(fourth[3]).toBe(Math.max(...fourth));
    const dark = quarters(suppressing.value.images[0].png);
    expect(dark[0]).toBe(Math.min(...dark));
    expect(exciting.value.images[0].ofData.percentile).toBe(100);
    expect(suppressing.value.images[0].ofData.percentile).toBe(0);
    expect(exciting.value.images[0].predicted).toBeGreaterThan(exciting.value.images[0].randomImages.highest);
    expect(exciting.value.images[0].verdict).toMatch(/^differs from noise images/);
  });

  test('are shown as pictures, kept as PNG and as one array, and are the same for the same seed', async () => {
    const asked = { goal: 'exciting', neurons: [1, 2] };
    const { content } = await twin.client.callTool({
      name: 'design_experiment',
      arguments: { twins: [twins['encoding-pixel']], synthesise: asked },
    });
    expect((content as { type: string }[]).filter(({ type }) => type === 'image')).toHaveLength(2);
    const [one, two] = [await design(asked), await design(asked)];
    expect(two.value).toEqual(one.value);
    const { shape, data: pixels } = parseNpy(objectOf(one.value.stimuli.object));
    expect(shape).toEqual([2, side, side, 3]);
    const png = PNG.sync.read(Buffer.from(objectOf(one.value.images[1].png)));
    for (let at = 0; at < side * side; at++) expect(png.data[4 * at]).toBe(pixels[side * side * 3 + 3 * at]);
  });

  test('within limits that leave nothing to see are not told from noise', async () => {
    const { value } = await design({ goal: 'exciting', neurons: [0], contrast: 0.6, trials: 1 });
    expect(value.images[0].verdict).toMatch(/^not distinguishable within this budget/);
  });
});

describe('images for rivals', () => {
  test('tell them apart better than noise does, which is said first', async () => {
    const rivals = [twins['encoding-pixel'], twins['encoding-ridge']];
    const { value } = await design({ goal: 'separate', images: 2, trials: 50 }, rivals);
    expect(value.gainNats.made).toBeGreaterThan(value.gainNats.noiseImages);
    expect(value.images.length).toBeGreaterThan(0);
    const { noiseImages: before, made } = value.recovery;
    expect(made.confusion[0][0] + made.confusion[1][1]).toBeGreaterThanOrEqual(
      before.confusion[0][0] + before.confusion[1][1] - 0.1,
    );
    for (const row of made.confusion) expect(row[0] + row[1]).toBeCloseTo(1, 6);
    expect(made.trials).toBe(50);
  });

  test('that nothing tells apart are said to be not distinguishable', async () => {
    const half = await twin.call('build_twin', { kind: 'encoding-pixel', data, part: 'first-half' });
    const rivals = [twins['encoding-pixel'], half.value.twin];
    const { value } = await design({ goal: 'separate', contrast: 0.5, trials: 1 }, rivals);
    expect(value.verdict).toMatch(/^not distinguishable within this budget/);
  });
});

describe('two twins', () => {
  test('that are fitted on other images and of another kind control each other above noise', async () => {
    const half = await twin.call('build_twin', { kind: 'encoding-ridge', data, part: 'first-half' });
    const { value, n } = await design({ goal: 'control', steps: 20, falloff: 0, cutoff: 8 }, [
      twins['encoding-pixel'],
      half.value.twin,
    ]);
    expect(n).toEqual({ count: 4, of: 'neurons' });
    const { above, below } = value.control;
    expect(above.share).toBeGreaterThan(above.noiseImages);
    expect(below.share).toBeGreaterThan(below.noiseImages);
    // The pixel twin was fitted on all images, so on those of the half too.
    expect(value.independence).toMatchObject({ sameKind: false, sharedStimuli: count / 2 });
    expect(value.independence.says).toMatch(/^not independent: both were fitted on 60/);
  });

  test('agree with themselves built again, and less with another kind', async () => {
    const again = await twin.call('build_twin', { kind: 'encoding-pixel', data, part: 'first-half' });
    const same = await design({ goal: 'agree' }, [twins['encoding-pixel'], again.value.twin]);
    const other = await design({ goal: 'agree' }, [twins['encoding-pixel'], twins['encoding-ridge']]);
    const of = (value: { agreement: { probe: string; median: number }[] }) =>
      Object.fromEntries(value.agreement.map(({ probe, median }) => [probe, median]));
    expect(Object.keys(of(same.value))).toEqual(['gratings', 'size', 'contrast', 'curvature', 'position']);
    expect(of(same.value).position).toBeGreaterThan(of(other.value).position);
    for (const one of Object.values(of(other.value))) expect(Math.abs(one ?? 0)).toBeLessThanOrEqual(1);
  });
});

test('spots show where each neuron looks, as numbers and as pictures', async () => {
  const asked = { twin: twins['encoding-pixel'], probe: 'position' };
  const { value, kind } = await twin.call('run_twin', asked);
  expect(kind).toBe('predicted');
  expect(value.shape).toEqual([4, 9, 9]);
  value.tuning.forEach(({ x, y }: { x: number; y: number }, neuron: number) => {
    expect(Math.round(y), `y of neuron ${neuron}`).toBe(neuron & 1);
    expect(Math.round(x), `x of neuron ${neuron}`).toBe(neuron >> 1);
  });
  const { content } = await twin.client.callTool({ name: 'run_twin', arguments: asked });
  expect((content as { type: string }[]).filter(({ type }) => type === 'image')).toHaveLength(4);
  expect((await twin.fail('run_twin', { ...asked, stimuli: [1] })).message).toContain('its own images');
});

test.each([
  [{ goal: 'exciting', neurons: [9] }, 'neurons 0 to 3'],
  [{ goal: 'separate' }, 'takes 2 twins'],
  [{ goal: 'exiting' }, 'one of "exciting"'],
  [{ goal: 'exciting', contrst: 3 }, 'contrast?'],
])('%j is refused with what would do', async (asked, words) => {
  const error = await twin.fail('design_experiment', { twins: [twins['encoding-pixel']], synthesise: asked });
  expect(`${error.message} ${error.next ?? ''}`).toContain(words);
});

test('what ranks stimuli that are there is no argument for new ones, and one twin alone is ranked with none', async () => {
  const asked = { twins: [twins['encoding-pixel']], synthesise: { goal: 'exciting' }, count: 3 };
  expect((await twin.fail('design_experiment', asked)).message).toContain('count');
  const alone = { twins: [twins['encoding-pixel']] };
  expect((await twin.fail('design_experiment', alone)).next).toContain('synthesise');
});
