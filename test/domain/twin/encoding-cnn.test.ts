import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pearson } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { architectureOf } from '../../../mcp-servers/twin/src/encoding/cnn/architecture.ts';
import { diaryOf } from '../../../mcp-servers/twin/src/encoding/cnn/diary.ts';
import { exportCnn } from '../../../mcp-servers/twin/src/encoding/cnn/networks.ts';
import { CnnOptions } from '../../../mcp-servers/twin/src/encoding/cnn/options.ts';
import { resample, showImage } from '../../../mcp-servers/twin/src/encoding/cnn/prepare.ts';
import {
  type Diary,
  divideRows,
  type EpochNews,
  type Learned,
  type Lesson,
  trainCnn,
} from '../../../mcp-servers/twin/src/encoding/cnn/train.ts';
import { type ImageStack, pickImages, runEncodingNetwork } from '../../../mcp-servers/twin/src/encoding/features.ts';
import { temporaryWorkspace } from '../../fixtures/client.ts';

const side = 16;
const count = 520;
const learned = 440;
/** Where each neuron looks, and along which direction it asks for an edge; −1 to 1 from edge to edge. */
const neurons = [
  { x: -0.5, y: -0.5, degrees: 0 },
  { x: 0.5, y: -0.5, degrees: 90 },
  { x: 0, y: 0.5, degrees: 0 },
];
const options = CnnOptions.parse({
  side,
  filters: 8,
  layers: 1,
  epochs: 30,
  patience: 30,
  rate: 0.01,
  shift: 0,
  contrast: 0,
});
const signal = new AbortController().signal;
const rows = Int32Array.from({ length: learned }, (_, i) => i);

/** Grey noise, and neurons that take an edge of one direction at their place, and nothing of the other. */
function simulate(): { images: ImageStack; targets: Float64Array } {
  const random = makeRandom('simulated edges');
  const data = new Uint8Array(count * side * side * 3);
  for (let i = 0; i < count * side * side; i++) data.fill(random.integer(256), 3 * i, 3 * i + 3);
  const targets = new Float64Array(neurons.length * count);
  for (const [neuron, { x, y, degrees }] of neurons.entries()) {
    for (let i = 0; i < count; i++) {
      let edge = 0;
      for (let row = 0; row < side; row++)
        for (let column = 0; column < side; column++) {
          const [dx, dy] = [(2 * column + 1) / side - 1 - x, (2 * row + 1) / side - 1 - y];
          const along = degrees === 0 ? dx : dy;
          edge +=
            data[3 * ((i * side + row) * side + column)] *
            Math.sign(along) *
            Math.exp(-(dx * dx + dy * dy) / (2 * 0.15 ** 2));
        }
      targets[neuron * count + i] = Math.max(edge, 0);
    }
    const own = targets.subarray(neuron * count, (neuron + 1) * count);
    const mean = own.reduce((sum, value) => sum + value, 0) / count;
    const sd = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
    own.forEach((value, i) => {
      own[i] = (value - mean) / sd;
    });
  }
  return { images: { data, count, height: side, width: side }, targets };
}

const { images, targets } = simulate();
const architecture = architectureOf(options, side, neurons.length);
let lesson: Lesson;
/** The same with fewer rows, for what does not need to learn well. */
let few: Lesson;
let whole: Learned;
const news: EpochNews[] = [];
beforeAll(async () => {
  const planes = await resample(images, side);
  lesson = {
    planes,
    targets,
    stimuli: count,
    rows,
    looks: [...Array(count).keys()],
    more: new Int32Array(0),
    own: neurons.length,
  };
  few = { ...lesson, rows: rows.subarray(0, 80) };
  whole = await trainCnn(architecture, lesson, options, 'seed', { signal, tell: (one) => news.push(one) });
});

const bytesOf = ({ weights, statistics }: Learned) =>
  Buffer.concat([...weights.values(), ...statistics.values()].map(({ data }) => Buffer.from(data.buffer)));

describe('a network that is trained on neurons whose truth is known', () => {
  test('predicts images that it never saw, as one ONNX file', async () => {
    const held = Array.from({ length: count - learned }, (_, i) => learned + i);
    const sd = new Float64Array(neurons.length).fill(2);
    const model = await exportCnn([whole], new Float64Array(neurons.length).fill(10), sd);
    const predicted = await runEncodingNetwork(model, pickImages(images, held), signal, () => {});
    for (const [neuron] of neurons.entries()) {
      const own = predicted.subarray(neuron * held.length, (neuron + 1) * held.length);
      const truth = held.map((i) => targets[neuron * count + i]);
      expect(pearson(own, truth), `neuron ${neuron}`).toBeGreaterThan(0.6);
      // The unit of the data: a mean of 10, a spread of at most 2.
      expect(Math.abs(own.reduce((sum, value) => sum + value, 0) / held.length - 10)).toBeLessThan(1);
    }
  });

  test('finds where each of them looks', () => {
    for (const [neuron, { x, y }] of neurons.entries()) {
      expect(whole.weights.get('place.x')?.data[neuron]).toBeCloseTo(x, 0);
      expect(whole.weights.get('place.y')?.data[neuron]).toBeCloseTo(y, 0);
    }
  });

  test('says loss and validation r after each epoch, and learns', () => {
    expect(news.map(({ epoch }) => epoch)).toEqual(Array.from({ length: news.length }, (_, i) => i + 1));
    expect(news[news.length - 1].loss).toBeLessThan(0.7 * news[0].loss);
    expect(news[news.length - 1].validationR).toBeGreaterThan(news[0].validationR);
  });
});

describe('a training that was stopped', () => {
  const short = { ...options, epochs: 8 };
  const space = temporaryWorkspace();
  let workspace: OpenWorkspace;
  let once: Learned;
  beforeAll(async () => {
    workspace = openWorkspace(space.folder);
    once = await trainCnn(architecture, few, short, 'stopped', { signal, tell: () => {} });
  });
  afterAll(() => {
    workspace.close();
    space.remove();
  });

  /** Trains until an epoch has been told of, then stops. */
  async function stopAfter(epoch: number, diary: Diary): Promise<void> {
    const stop = new AbortController();
    const tell = (one: EpochNews) => one.epoch === epoch && stop.abort();
    const training = trainCnn(architecture, few, short, 'stopped', { signal: stop.signal, diary, tell });
    await expect(training).rejects.toMatchObject({ code: 'cancelled' });
  }

  /** Goes on from a diary; the epochs that were trained, and what came of it. */
  async function goOn(diary: Diary): Promise<[number[], Learned]> {
    const epochs: number[] = [];
    const tell = (one: EpochNews) => void epochs.push(one.epoch);
    return [epochs, await trainCnn(architecture, few, short, 'stopped', { signal, diary, tell })];
  }

  test('goes on from its last entry to the same bytes', async () => {
    await stopAfter(6, diaryOf('kept', { workspace }));
    const [epochs, again] = await goOn(diaryOf('kept', { workspace }));
    expect(epochs).toEqual([6, 7, 8]);
    expect(bytesOf(again).equals(bytesOf(once))).toBe(true);
  });

  test('begins anew where its file is not what was written', async () => {
    await stopAfter(6, diaryOf('changed', { workspace }));
    const cache = path.join(workspace.bregma, 'cache');
    for (const name of readdirSync(cache).filter((one) => one.startsWith('training-'))) {
      const bytes = readFileSync(path.join(cache, name));
      bytes[bytes.length - 3] ^= 1;
      writeFileSync(path.join(cache, name), bytes);
    }
    const [epochs, again] = await goOn(diaryOf('changed', { workspace }));
    expect(epochs[0]).toBe(1);
    expect(bytesOf(again).equals(bytesOf(once))).toBe(true);
  });

  test('is another one under another seed', async () => {
    const other = await trainCnn(architecture, few, short, 'another seed', { signal, tell: () => {} });
    expect(bytesOf(other).equals(bytesOf(once))).toBe(false);
  });
});

test('stimuli outside the training rows change nothing', async () => {
  const short = { ...options, epochs: 2 };
  const turned = {
    ...few,
    planes: lesson.planes.map((value, at) => (at >= learned * 3 * side ** 2 ? 255 - value : value)),
    targets: targets.map((value, at) => (at % count >= learned ? -value : value)),
  };
  const [one, two] = [
    await trainCnn(architecture, few, short, 'honest', { signal, tell: () => {} }),
    await trainCnn(architecture, turned, short, 'honest', { signal, tell: () => {} }),
  ];
  expect(bytesOf(two).equals(bytesOf(one))).toBe(true);
});

test('a training that diverges says so, and what to lower', async () => {
  const wild = { ...options, epochs: 8, rate: 1e30 };
  const training = trainCnn(architecture, few, wild, 'wild', { signal, tell: () => {} });
  await expect(training).rejects.toMatchObject({ message: expect.stringContaining('diverged'), next: 'Lower rate.' });
});

test('images that look the same are learned from, or decide when to stop, and not both', () => {
  const looks = Array.from({ length: 100 }, (_, i) => Math.floor(i / 4));
  const { learn, validate } = divideRows({ rows: rows.subarray(0, 100), looks }, makeRandom('divided'));
  expect(learn.length + validate.length).toBe(100);
  expect(validate.length).toBeGreaterThanOrEqual(10);
  for (const row of validate) expect(Array.from(learn, (one) => looks[one])).not.toContain(looks[row]);
});

test('a shown image keeps its places: what moves comes from beside, at the edge from the edge', () => {
  const planes = Float32Array.from({ length: 12 }, (_, at) => at);
  const out = new Float32Array(12);
  showImage(planes, 0, 2, { mean: [0, 0, 0], sd: [1, 1, 1] }, { x: 1, y: 0, gain: 1 }, out, 0);
  expect(Array.from(out.subarray(0, 4))).toEqual([1, 1, 3, 3]);
});
