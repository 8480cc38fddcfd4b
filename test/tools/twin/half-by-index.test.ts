import { firstHalfByIndex } from '@bregma/core/identity/first-half';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { addRecording, cornerNeurons, noiseImages } from '../../fixtures/recording.ts';

const side = 16;
const count = 60;
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

const judge = { kind: 'encoding-pixel', protocol: 'half', by: 'index' };
const add = (id: string, images: Uint8Array, responses: Float64Array) =>
  addRecording(atlas, space.folder, id, { images, side, responses, shape: [4, count] });

test('the first half by index is columns, and copies go with what they are copies of', () => {
  const units = { members: [[0], [1, 4], [2], [3, 5]], unitOf: Int32Array.of(0, 1, 2, 3, 1, 3), copies: 2 };
  expect([...firstHalfByIndex(units)]).toEqual([0, 1, 2]);
});

test('what stands in the second half is tested, what stands in the first is not', async () => {
  const images = noiseImages(count, 'by index');
  const responses = cornerNeurons(images, count, 'by index');
  const honest = await twin.call('validate_twin', { ...judge, data: await add('honest', images, responses) });
  expect(honest.value).toMatchObject({ by: 'index', tested: { stimuli: count / 2 } });
  expect(honest.value.median.pearson).toBeGreaterThan(0.1);
  // Signs turned in the second half alone: the fit is the same, so every correlation turns round exactly.
  const turned = responses.map((value, at) => (at % count < count / 2 ? value : -value));
  const { value } = await twin.call('validate_twin', { ...judge, data: await add('turned', images, turned) });
  expect(value.median.pearson).toBeCloseTo(-honest.value.median.pearson, 10);
});

test('a second half of copies is refused, and so is `by` where nothing is halved', async () => {
  const images = noiseImages(count, 'copies');
  images.copyWithin(images.length / 2, 0, images.length / 2);
  const data = await add('copies', images, cornerNeurons(images, count, 'copies'));
  const error = await twin.fail('validate_twin', { ...judge, data });
  expect([error.code, error.message]).toEqual(['bad-input', expect.stringContaining('30 come first by index and 0')]);
  const useless = await twin.fail('validate_twin', { ...judge, data, protocol: 'cv5' });
  expect([useless.code, useless.message]).toEqual(['bad-input', expect.stringContaining('half')]);
});
