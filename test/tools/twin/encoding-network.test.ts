import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { addRecording, cornerNeurons, noiseImages } from '../../fixtures/recording.ts';

const side = 16;
const count = 40;
const space = temporaryWorkspace();
let atlas: Connection;
let twin: Connection;
const images = noiseImages(count, 'network');
const responses = cornerNeurons(images, count, 'network');
const add = (id: string, own: Uint8Array, answers: Float64Array) =>
  addRecording(atlas, space.folder, id, { images: own, side, responses: answers, shape: [4, count] });
const judge = { kind: 'encoding-network', protocol: 'half', by: 'index' };
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  twin = await connect('twin', space.folder);
});
afterAll(async () => {
  await atlas.close();
  await twin.close();
  space.remove();
});

const folder = path.join(space.folder, '.bregma/cache');
const packs = () =>
  readdirSync(folder)
    .filter((name) => name.startsWith('features-'))
    .flatMap((name) => readdirSync(path.join(folder, name)).map((file) => path.join(folder, name, file)))
    .filter((file) => file.endsWith('.f32'));

test('features are kept by image, only new ones are computed, and a changed file is made again', async () => {
  const data = await add('kept', images, responses);
  const first = await twin.call('validate_twin', { ...judge, data });
  const [kept] = packs();
  const other = images.slice();
  other.set(noiseImages(1, 'one more'), (count - 1) * side * side * 3);
  await twin.call('validate_twin', { ...judge, data: await add('one-more', other, responses) });
  const sizes = packs().map((file) => readFileSync(file).length);
  expect(Math.max(...sizes)).toBe(count * Math.min(...sizes));
  const bytes = readFileSync(kept);
  const good = Buffer.from(bytes);
  bytes[5] ^= 1;
  writeFileSync(kept, bytes);
  const again = await twin.call('validate_twin', { ...judge, data });
  expect(again.value).toEqual(first.value);
  expect(packs().map((file) => readFileSync(file).equals(good))).toContain(true);
});

test('tested responses change nothing that is fitted', async () => {
  const honest = await twin.call('validate_twin', { ...judge, data: await add('honest', images, responses) });
  const turned = responses.map((value, at) => (at % count < count / 2 ? value : -value));
  const against = await twin.call('validate_twin', { ...judge, data: await add('turned', images, turned) });
  expect(against.value.median.pearson).toBeCloseTo(-honest.value.median.pearson, 10);
  expect(against.value.control).toBeCloseTo(-honest.value.control, 10);
});
