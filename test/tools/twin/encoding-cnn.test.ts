import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
      // On a busy machine the server first says that it is there.
      if (!message) return;
      said.push(message);
      stop.abort();
    },
  };
  const long = { kind, data: 'corners', options: { ...options, epochs: 500, patience: 100, filters: 32 } };
  await expect(twin.client.callTool({ name: 'build_twin', arguments: long }, listen)).rejects.toThrow();
  expect(said[0]).toMatch(/^training 1 of 1, epoch \d+ of 500: loss \S+, validation r \S+, at most \d+ s left$/);
});

test('a server that is killed in the middle of a training goes on from its diary, to the bytes of one that was not', async () => {
  const asked = { kind, data: 'corners', options: { ...options, epochs: 100, patience: 100 }, seed: 3 };
  const unbroken = temporaryWorkspace();
  const killed = temporaryWorkspace();
  const epochs: number[] = [];
  /** Builds in a server of its own; at: when it told of this epoch it is killed. */
  const build = async (folder: string, at = Number.POSITIVE_INFINITY) => {
    const other = await connect('twin', folder, { era: 'legacy' });
    // SAFETY: clients of an era talk over a process's streams.
    const { pid } = other.client.transport as StdioClientTransport;
    const onprogress = ({ message }: { message?: string }) => {
      const [, epoch] = /epoch (\d+)/.exec(message ?? '') ?? [];
      if (epoch === undefined) return;
      epochs.push(Number(epoch));
      if (epochs.at(-1)! >= at) process.kill(pid!, 'SIGKILL');
    };
    const answer = other.client.callTool({ name: 'build_twin', arguments: asked }, { onprogress });
    return answer.finally(() => other.close());
  };
  try {
    for (const { folder } of [unbroken, killed]) {
      const add = await connect('atlas', folder);
      await addRecording(add, folder, 'corners', { images, side, responses, shape: [4, count] });
      await add.close();
    }
    await expect(build(killed.folder, 6)).rejects.toThrow();
    const diary = () => readdirSync(path.join(killed.folder, '.bregma/cache')).filter((name) => name.endsWith('.f32'));
    expect(diary()).toHaveLength(1);
    epochs.length = 0;
    const again = await build(killed.folder);
    expect(epochs[0]).toBeGreaterThan(5);
    expect(diary()).toEqual([]);
    const whole = await build(unbroken.folder);
    const twinOf = ({ structuredContent }: typeof again) => (structuredContent as { value: object }).value;
    expect(twinOf(again)).toHaveProperty('files');
    expect(twinOf(again)).toEqual(twinOf(whole));
  } finally {
    unbroken.remove();
    killed.remove();
  }
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

describe('other recordings', () => {
  /** A recording of other neurons, half of whose images are the later ones of the first. */
  const others = noiseImages(count, 'others');
  others.set(images.subarray((count / 2) * side * side * 3), (count / 2) * side * side * 3);
  const answers = cornerNeurons(others, count, 'others');
  const later = (value: number, at: number) => (at % count < count / 2 ? value : -value);
  beforeAll(async () => {
    await addRecording(atlas, space.folder, 'others', { images: others, side, responses: answers, shape: [4, count] });
    await addRecording(atlas, space.folder, 'others-turned', {
      ...{ images: others, side, responses: answers.map(later), shape: [4, count] },
    });
  });

  test('shape the core, and stand with what was fitted', async () => {
    const asked = { kind, data: 'corners', options: { ...options, others: ['others'] } };
    const { value, release } = await twin.call('build_twin', asked);
    const alone = await twin.call('build_twin', { kind, data: 'corners', options });
    expect(value.twin).not.toBe(alone.value.twin);
    expect(release?.some((one: string) => one.startsWith('others@'))).toBe(true);
    const run = await twin.call('run_twin', { twin: value.twin, data: 'others' });
    expect(run.value.fittedOn).toBe(count);
    expect(run.value.shape).toEqual([4, count]);
  });

  test('teach nothing of what is held out: their answers to tested images change nothing', async () => {
    const judge = { kind, data: 'corners', protocol: 'half', by: 'index' };
    const [one, two] = await Promise.all(
      ['others', 'others-turned'].map((name) =>
        twin.call('validate_twin', { ...judge, options: { ...options, others: [name] } }),
      ),
    );
    expect(two.value.median).toEqual(one.value.median);
    expect(two.value.control).toEqual(one.value.control);
  });

  test('show their images to a teacher, from whom more is learned than from responses alone', async () => {
    const teacher = (await twin.call('build_twin', { kind: 'encoding-pixel', data: 'corners' })).value.twin;
    const distilled = { ...options, epochs: 30, patience: 30, others: ['others'], teacher };
    const with_ = (await twin.call('build_twin', { kind, data: 'corners', options: distilled })).value.twin;
    const without = (await twin.call('build_twin', { kind, data: 'corners', options: { ...distilled, teacher: '' } }))
      .value.twin;
    const agreement = async (id: string) => {
      const { value } = await twin.call('design_experiment', { twins: [id, teacher], synthesise: { goal: 'agree' } });
      return value.agreement.find(({ probe }: { probe: string }) => probe === 'position').median;
    };
    expect(await agreement(with_)).toBeGreaterThan(await agreement(without));
  });

  test.each([
    [{ teacher: 'twin-0000000000000000', others: [] }, 'there are none'],
    [{ others: ['corners'] }, 'is the recording that the twin is of'],
    [{ others: ['nobody'] }, 'nobody'],
  ])('%j is refused', async (more, words) => {
    const error = await twin.fail('build_twin', { kind, data: 'corners', options: { ...options, ...more } });
    expect(error.message).toContain(words);
  });

  test('a teacher that saw what is held back is refused', async () => {
    const teacher = (await twin.call('build_twin', { kind: 'encoding-pixel', data: 'corners' })).value.twin;
    const asked = { kind, data: 'corners', part: 'first-half', options: { ...options, others: ['others'], teacher } };
    expect((await twin.fail('build_twin', asked)).message).toContain('none of the training part');
  });
});
