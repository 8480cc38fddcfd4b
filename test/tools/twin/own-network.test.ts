import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { doublesOf, parseNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { openWorkspace } from '@bregma/core/workspace';
import { loadProto } from '@bregma/readers/onnx-proto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../mcp-servers/twin/src/onnx/graph.ts';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';
import { addRecording, cornerNeurons, noiseImages } from '../../fixtures/recording.ts';

const side = 16;
const count = 40;
const space = temporaryWorkspace();
let atlas: Connection;
let twin: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  twin = await connect('twin', space.folder);
  const images = noiseImages(count, 'own network', side);
  const responses = cornerNeurons(images, count, 'own network');
  await addRecording(atlas, space.folder, 'corners', { images, side, responses, shape: [4, count] });
});
afterAll(async () => {
  await atlas.close();
  await twin.close();
  space.remove();
});

interface Made {
  /** Order in which the first filters take the channels. */
  order?: number[];
  /** Multiplies the first filters. */
  gain?: number;
  shape?: (number | string)[];
  tokens?: boolean;
  /** The operator behind the second filters. */
  squash?: string;
}

/** A network of two convolutions on 14 × 14 images, with layers of 7 × 7, of 5 × 5 and of none. */
async function network(
  name: string,
  { order = [0, 1, 2], gain = 1, shape = ['n', 3, 14, 14], tokens, squash = 'Sigmoid' }: Made = {},
) {
  const random = makeRandom('filters of a network');
  const first = Float32Array.from({ length: 4 * 3 * 9 }, () => random.normal());
  const turned = Float32Array.from({ length: first.length }, (_, at) => {
    const [filter, channel, place] = [Math.floor(at / 27), Math.floor(at / 9) % 3, at % 9];
    return gain * first[filter * 27 + order[channel] * 9 + place];
  });
  const second = Float32Array.from({ length: 6 * 4 * 9 }, () => random.normal() / 6);
  const graph = new GraphBuilder();
  const images = graph.input('x', 'float', shape);
  const a = graph.node('Relu', [
    graph.node('Conv', [images, graph.constant(turned, [4, 3, 3, 3])], { strides: [2, 2], pads: [1, 1, 1, 1] }),
  ]);
  const b = graph.node(squash, [graph.node('Conv', [a, graph.constant(second, [6, 4, 3, 3])])]);
  graph.output('near', a, 'float', ['n', 4, 7, 7]);
  graph.output('far', b, 'float', ['n', 6, 5, 5]);
  graph.output('whole', graph.node('Flatten', [graph.node('GlobalAveragePool', [b])]), 'float', ['n', 6]);
  if (tokens)
    graph.output('tokens', graph.node('Reshape', [b, graph.constant([0, 6, 25], [3])]), 'float', ['n', 6, 25]);
  writeFileSync(path.join(space.folder, `${name}.onnx`), await graph.bytes(name));
}

const said = { range: [0, 255], mean: 120, scale: 60, layers: ['near', 'far', 'whole'] };
const add = (name: string, options: Record<string, unknown> = said) =>
  atlas.call('add_data', { source: `${name}.onnx`, id: name, options });
const refuse = (name: string, options: Record<string, unknown> = said) =>
  atlas.fail('add_data', { source: `${name}.onnx`, id: name, options });
const build = (name: string) =>
  twin.call('build_twin', { kind: 'encoding-network', data: 'corners', options: { network: name, gabor: false } });

async function predictions(name: string): Promise<Float64Array> {
  const built = await build(name);
  const { value } = await twin.call('run_twin', { twin: built.value.twin });
  const workspace = openWorkspace(space.folder);
  try {
    return doublesOf(parseNpy(workspace.objects.get(value.predictions.object)).data);
  } finally {
    workspace.close();
  }
}

function expectEqual(found: Float64Array, expected: Float64Array): void {
  const most = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => expect(Math.abs(value - expected[i]) / most).toBeLessThan(1e-3));
}

describe('a network of a person', () => {
  let plain: Float64Array;
  beforeAll(async () => {
    await network('plain');
    await add('plain');
    plain = await predictions('plain');
  });

  test('is read out layer by layer, and its release stands with what it gave', async () => {
    const { value, release } = await build('plain');
    expect(value.summary.bands).toEqual(['plain near (196)', 'plain far (294)', 'plain whole (6)']);
    expect(release).toHaveLength(2);
    expect(release?.[1]).toMatch(/^plain@/);
    expect(plain.every(Number.isFinite)).toBe(true);
    const spread = Math.max(...plain) - Math.min(...plain);
    expect(spread).toBeGreaterThan(0.1);
  });

  test('sees blue first where that is said', async () => {
    await network('blue-first', { order: [2, 1, 0] });
    await add('blue-first', { ...said, channels: 'BGR' });
    expectEqual(await predictions('blue-first'), plain);
  });

  test('gets its own range, mean and scale', async () => {
    // (p / 255 − 120 / 255) / (60 / 510) is twice (p − 120) / 60.
    await network('unit-range', { gain: 0.5 });
    await add('unit-range', { ...said, range: [0, 1], mean: [120 / 255, 120 / 255, 120 / 255], scale: 60 / 510 });
    expectEqual(await predictions('unit-range'), plain);
  });

  test('is one with weights that lie beside it', async () => {
    const { onnx } = await loadProto();
    await network('beside');
    const file = path.join(space.folder, 'beside.onnx');
    const model = onnx.ModelProto.decode(readFileSync(file));
    const parts: Uint8Array[] = [];
    let at = 0;
    for (const tensor of model.graph?.initializer ?? []) {
      const bytes = tensor.rawData ?? new Uint8Array(0);
      tensor.externalData = Object.entries({
        location: 'beside.bin',
        offset: String(at),
        length: String(bytes.length),
      }).map(([key, value]) => ({ key, value }));
      tensor.dataLocation = 1;
      tensor.rawData = new Uint8Array(0);
      parts.push(bytes);
      at += bytes.length;
    }
    writeFileSync(file, onnx.ModelProto.encode(model).finish());
    expect((await refuse('beside')).message).toContain('beside.bin');
    writeFileSync(path.join(space.folder, 'beside.bin'), Buffer.concat(parts).subarray(0, at - 8));
    expect((await refuse('beside')).message).toContain('beside.bin');
    writeFileSync(path.join(space.folder, 'beside.bin'), Buffer.concat(parts));
    await add('beside');
    expectEqual(await predictions('beside'), plain);
    for (const tensor of model.graph?.initializer ?? [])
      for (const entry of tensor.externalData ?? []) if (entry.key === 'location') entry.value = '../beside.bin';
    writeFileSync(path.join(space.folder, 'outside.onnx'), onnx.ModelProto.encode(model).finish());
    expect(await refuse('outside')).toMatchObject({
      code: 'not-allowed',
      message: expect.stringContaining('outside its own folder'),
    });
  });

  test('makes images too', async () => {
    const built = await build('plain');
    const asked = { twins: [built.value.twin], synthesise: { goal: 'exciting', neurons: [0], steps: 10, starts: 2 } };
    const { value } = await twin.call('design_experiment', asked);
    expect(value.images[0].predicted).toBeGreaterThan(value.images[0].randomImages.median);
  });
});

test('an operator without a gradient is named when images are asked for, and predicts as any other', async () => {
  await network('soft', { squash: 'Softsign' });
  await add('soft');
  expect((await predictions('soft')).every(Number.isFinite)).toBe(true);
  const built = await build('soft');
  const asked = { twins: [built.value.twin], synthesise: { goal: 'exciting', steps: 1 } };
  const error = await twin.fail('design_experiment', asked);
  expect(error.message).toContain('Softsign');
  expect(error.next).toContain('Sigmoid');
});

describe('a network that cannot be used is refused with what would do', () => {
  test.each<[string, Made, Record<string, unknown>, string]>([
    ['one-image', { shape: [1, 3, 14, 14] }, said, 'one image at a time'],
    ['colours-last', { shape: ['n', 14, 14, 3] }, said, 'channels before rows'],
    ['other-size', {}, { ...said, size: 28 }, 'do not fit'],
    ['no-layer', {}, { ...said, layers: ['nera'] }, "no value 'nera'"],
    ['twice', {}, { ...said, layers: ['near', 'near'] }, 'twice'],
    ['no-width', {}, { ...said, range: [1, 1] }, 'no width'],
    ['no-scale', {}, { ...said, scale: 0 }, 'divides by nothing'],
    ['no-layers', {}, { range: [0, 1] }, 'layers'],
  ])('%s', async (name, made, options, words) => {
    await network(name, made);
    const error = await refuse(name, options);
    expect(`${error.message} ${error.next}`).toContain(words);
    expect(error.next).toBeTruthy();
  });

  test('an operator that is none of ONNX', async () => {
    const { onnx } = await loadProto();
    const node = { opType: 'Secret', domain: 'somebody', input: ['x'], output: ['y'] };
    const input = [
      {
        name: 'x',
        type: {
          tensorType: {
            elemType: 1,
            shape: { dim: [{ dimParam: 'n' }, { dimValue: 3 }, { dimValue: 14 }, { dimValue: 14 }] },
          },
        },
      },
    ];
    const model = {
      irVersion: 9,
      opsetImport: [{ domain: '', version: 18 }],
      graph: { name: 'g', node: [node], input },
    };
    writeFileSync(path.join(space.folder, 'secret.onnx'), onnx.ModelProto.encode(model).finish());
    expect((await refuse('secret', { layers: ['y'] })).message).toContain('somebody.Secret');
    const many = {
      ...model,
      graph: {
        ...model.graph,
        node: Array.from({ length: 20_001 }, (_, i) => ({ opType: 'Relu', input: ['x'], output: [`y${i}`] })),
      },
    };
    writeFileSync(path.join(space.folder, 'many.onnx'), onnx.ModelProto.encode(many).finish());
    expect((await refuse('many', { layers: ['y1'] })).code).toBe('too-large');
  });

  test('a layer that is neither a map nor a list, when a twin is built', async () => {
    await network('tokens', { tokens: true });
    await add('tokens', { ...said, layers: ['tokens'] });
    const asked = { kind: 'encoding-network', data: 'corners', options: { network: 'tokens' } };
    const error = await twin.fail('build_twin', asked);
    expect(error.message).toContain('tokens gives [1 × 6 × 25]');
    expect(error.next).toContain('image × channel');
  });

  test('a data set that is no network', async () => {
    const error = await twin.fail('build_twin', {
      kind: 'encoding-network',
      data: 'corners',
      options: { network: 'corners' },
    });
    expect(error.message).toContain('is no network');
  });
});
