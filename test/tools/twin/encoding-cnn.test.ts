import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { addRecording, cornerNeurons, noiseImages } from '../../fixtures/recording.ts';

const side = 16;
const count = 60;
const images = noiseImages(count, 'cnn');
const responses = cornerNeurons(images, count, 'cnn');
const kind = 'encoding-cnn';
const options = { filters: 4, layers: 1, epochs: 8, patience: 8 };
const space = temporaryWorkspace();
let atlas: Connection;
let twin: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  await addRecording(atlas, space.folder, 'corners', { images, side, responses, shape: [4, count] });
  twin = await connect('twin', space.folder);
});
afterAll(async () => {
  await atlas.close();
  await twin.close();
  space.remove();
});

test('a training says how far it is, and hears a cancel', async () => {
  const stop = new AbortController();
  const said: string[] = [];
  const listen = {
    signal: stop.signal,
    onprogress({ message }: { message?: string }) {
      said.push(message ?? '');
      stop.abort();
    },
  };
  const long = { kind, data: 'corners', options: { ...options, epochs: 500, patience: 100, filters: 32 } };
  await expect(twin.client.callTool({ name: 'build_twin', arguments: long }, listen)).rejects.toThrow();
  expect(said[0]).toMatch(/^training 1 of 1, epoch \d+ of 500: loss \S+, validation r \S+, at most \d+ s left$/);
});

test('the card says how the training went', async () => {
  const { value } = await twin.call('build_twin', { kind, data: 'corners', options });
  expect(value.summary.members[0]).toMatchObject({ validationStimuli: 6, epochs: expect.any(Number) });
  expect(value.summary.input).toEqual({ side, colours: 3, range: [0, 255] });
});

test('tested responses change nothing that is trained', async () => {
  const turned = responses.map((value, at) => (at % count < count / 2 ? value : -value));
  await addRecording(atlas, space.folder, 'turned', { images, side, responses: turned, shape: [4, count] });
  const judge = { kind, protocol: 'half', by: 'index', options };
  const honest = await twin.call('validate_twin', { ...judge, data: 'corners' });
  const against = await twin.call('validate_twin', { ...judge, data: 'turned' });
  expect(against.value.median.pearson).toBeCloseTo(-honest.value.median.pearson, 10);
  expect(against.value.control).toBeCloseTo(-honest.value.control, 10);
});

test('several members are one network', async () => {
  const { value } = await twin.call('build_twin', { kind, data: 'corners', options: { ...options, members: 2 } });
  expect(value.summary.members).toHaveLength(2);
  const run = await twin.call('run_twin', { twin: value.twin });
  expect(run.value.shape).toEqual([4, count]);
});
