import path from 'node:path';
import { writeNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { engineApart, ownEngine } from '@bregma/readers/network-session';
import { loadProto } from '@bregma/readers/onnx-proto';
import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../../mcp-servers/twin/src/onnx/graph.ts';
import { noise } from '../../../mcp-servers/twin/src/synthesis/limits.ts';
import { openSearch, weighted } from '../../../mcp-servers/twin/src/synthesis/search.ts';
import { root } from '../../fixtures/client.ts';

const program = path.join(
  root,
  process.env.BREGMA_TEST_DIST ? 'dist/servers/onnx-session-worker.mjs' : 'readers/src/onnx-session-worker.ts',
);
const limits = { bytes: 2e9, ms: 60_000 };
const apart = (more: Partial<typeof limits> = {}, signal = new AbortController().signal) =>
  engineApart(program, signal, { ...limits, ...more });
const row = { x: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } };

async function squares(): Promise<Uint8Array> {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', ['n', 2]);
  graph.output('y', graph.node('Mul', [x, x]), 'float', ['n', 2]);
  return graph.bytes('squares');
}

/** Holds a value of as many bytes as are asked for. */
async function huge(bytes: number): Promise<Uint8Array> {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float', [2, 2]);
  const wide = graph.node('Expand', [graph.node('Flatten', [x], { axis: 0 }), graph.constant([bytes / 16, 4], [2])]);
  graph.output('y', graph.node('Exp', [graph.node('Sin', [wide])]), 'float', [bytes / 16, 4]);
  return graph.bytes('huge');
}

/** Counts without end: a Loop whose body goes on. */
async function endless(): Promise<Uint8Array> {
  const { onnx } = await loadProto();
  const tensor = (name: string, elemType: number) => ({ name, type: { tensorType: { elemType, shape: { dim: [] } } } });
  const matrix = {
    name: 'x',
    type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 2 }, { dimValue: 2 }] } } },
  };
  const body = {
    name: 'body',
    node: [
      { opType: 'Identity', input: ['go'], output: ['on'] },
      { opType: 'Sin', input: ['state'], output: ['next'] },
    ],
    input: [tensor('i', 7), tensor('go', 9), { ...matrix, name: 'state' }],
    output: [tensor('on', 9), { ...matrix, name: 'next' }],
  };
  const node = {
    opType: 'Loop',
    input: ['', 'yes', 'x'],
    output: ['y'],
    attribute: [{ name: 'body', type: 5, g: body }],
  };
  const graph = {
    name: 'endless',
    node: [node],
    initializer: [{ name: 'yes', dataType: 9, rawData: Uint8Array.of(1) }],
    input: [matrix],
    output: [{ ...matrix, name: 'y' }],
  };
  return onnx.ModelProto.encode({ irVersion: 9, opsetImport: [{ domain: '', version: 18 }], graph }).finish();
}

describe('a network in a process of its own', () => {
  test('gives what it gives here, as often as it is asked', async () => {
    const model = await squares();
    const [here, there] = await Promise.all([ownEngine.open(model), apart().open(model)]);
    for (const data of [Float32Array.of(1, 2, 3, 4), Float32Array.of(-1, 0.5, 7, 9)]) {
      const inputs = { x: { data, shape: [2, 2] } };
      expect(await there.run(inputs)).toEqual(await here.run(inputs));
    }
    expect(await apart().shapes(model, row)).toEqual(await ownEngine.shapes(model, row));
    await here.close();
    await there.close();
    await expect(there.run(row)).rejects.toThrow('closed');
  });

  test('makes the same images by its gradient', async () => {
    const graph = new GraphBuilder();
    const images = graph.input('images', 'uint8', ['image', 8, 8, 3]);
    const flat = graph.node('Flatten', [graph.node('Cast', [images], { to: 1 })]);
    const weights = Float32Array.from({ length: 192 }, (_, i) => Math.sin(i) / 1000);
    const out = graph.node('Tanh', [graph.node('MatMul', [flat, graph.constant(weights, [192, 1])])]);
    graph.output('responses', out, 'float', ['image', 1]);
    const model = await graph.bytes('twin');
    const allowed = { height: 8, width: 8, mean: 120, contrast: 30, cutoff: 3, falloff: 1 };
    const start = () => noise(allowed, 1, makeRandom('start'));
    const found = [];
    for (const engine of [ownEngine, apart()]) {
      const search = await openSearch([model], allowed, [1, 1], weighted, engine);
      found.push(await search.at(start(), Float32Array.of(1)));
      await search.close();
    }
    expect(found[0].gradient.some((value) => value !== 0)).toBe(true);
    expect(found[1]).toEqual(found[0]);
  });
});

describe('nothing but its own process is lost to', () => {
  test('a graph that takes more memory than it may', async () => {
    const model = await huge(4e9);
    const engine = apart({ bytes: 6e8 });
    await expect(engine.shapes(model, row)).rejects.toThrow(/took more than 600 MB|does not run/);
    const open = await engine.open(model);
    await expect(open.run(row)).rejects.toThrow(/took more than 600 MB|does not run/);
    expect(await apart().shapes(await squares(), row)).toEqual(new Map([['y', [2, 2]]]));
  });

  test('a graph that never ends: its time is up, or somebody cancels', async () => {
    const model = await endless();
    const open = await apart({ ms: 1500 }).open(model);
    await expect(open.run(row)).rejects.toThrow('took more than 2000 MB or 1.5 s');
    const stop = new AbortController();
    const other = await apart({}, stop.signal).open(model);
    const run = other.run(row);
    setTimeout(() => stop.abort(), 200);
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    await expect(apart({}, stop.signal).open(model)).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('a graph that asks for a file, for an operator that is none of ONNX, or is no graph', async () => {
    const { onnx } = await loadProto();
    const model = onnx.ModelProto.decode(await huge(64));
    const [tensor] = model.graph?.initializer ?? [];
    tensor.dataLocation = 1;
    tensor.externalData = [{ key: 'location', value: '/etc/hostname' }];
    await expect(apart().open(onnx.ModelProto.encode(model).finish())).rejects.toThrow('weights in other files');
    const foreign = onnx.ModelProto.decode(await squares());
    for (const node of foreign.graph?.node ?? []) node.domain = 'somebody';
    await expect(apart().open(onnx.ModelProto.encode(foreign).finish())).rejects.toThrow('none of ONNX');
    await expect(apart().open(writeNpy({ data: new Float32Array(4), shape: [4] }))).rejects.toThrow();
  });

  test('inputs that do not fit', async () => {
    const open = await apart().open(await squares());
    await expect(open.run({ x: { data: new Float32Array(3), shape: [1, 3] } })).rejects.toThrow('does not run');
    expect((await open.run(row)).y.data).toEqual(Float32Array.of(1, 4, 9, 16));
    await open.close();
  });
});
